import { generate } from 'selfsigned';

/** A certificate with its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority made for one run of the tests, and what it has signed. */
export interface Certificates {
  readonly ca: string;
  /** For `localhost`, `server.example` and 127.0.0.1. */
  readonly server: Certificate;
  readonly client: Certificate;
}

const EC = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

export async function makeCertificates(): Promise<Certificates> {
  const authority = await generate([{ name: 'commonName', value: 'A7600 test authority' }], {
    ...EC,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: authority.private, cert: authority.cert };
  const signed = async (name: string, usage: 'serverAuth' | 'clientAuth'): Promise<Certificate> => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
      ...EC,
      ca,
      extensions: [
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', [usage]: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 2, value: name },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    });
    return { cert, key };
  };
  return {
    ca: authority.cert,
    server: await signed('server.example', 'serverAuth'),
    client: await signed('device-1', 'clientAuth'),
  };
}
