import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { createServer, type TLSSocket, type TlsOptions, connect as tlsConnect } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from '../../test/certificates.js';
import { held, listening, onlineForAll } from '../../test/online.js';
import { type ModemConnect, modemConnect } from './modem-connect.js';
import { tlsOver } from './tls.js';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});

const modem = onlineForAll();
let connect: ModemConnect;
beforeAll(() => {
  connect = modemConnect(modem.net);
});

/** A server that answers with what it knows of the client, and ends. */
async function served(options: TlsOptions = {}): Promise<{ port: number; ca: string; host: string }> {
  const server = createServer({ ...certificates.server, ...options }, (socket) => {
    socket.on('error', () => {});
    const { servername, alpnProtocol } = socket as TLSSocket & { servername: string | false };
    const { subject } = socket.getPeerCertificate();
    socket.end(
      [servername, alpnProtocol, socket.getProtocol(), socket.isSessionReused(), subject?.CN].join(' '),
    );
  });
  const port = await listening(server);
  modem.open.add(() => void server.close());
  return { port, ca: certificates.ca, host: '127.0.0.1' };
}

describe('tls.connect through the modem', () => {
  test('checks the certificate against its own authority, and tells the name (SNI)', async () => {
    const socket = connect.tls({ ...(await served()), servername: 'server.example' });
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    expect(await text(socket)).toBe('server.example false TLSv1.3 false ');
  });

  test('agrees on a protocol (ALPN)', async () => {
    const where = await served({ ALPNProtocols: ['mqtt', 'h2'] });
    const socket = connect.tls({ ...where, servername: 'server.example', ALPNProtocols: ['h2', 'http/1.1'] });
    expect(await text(socket)).toBe('server.example h2 TLSv1.3 false ');
    expect(socket.alpnProtocol).toBe('h2');
  });

  test('shows a certificate of the client', async () => {
    const where = await served({ requestCert: true, rejectUnauthorized: true, ca: certificates.ca });
    const socket = connect.tls({ ...where, ...certificates.client });
    expect(await text(socket)).toMatch(/ device-1$/);
    const nobody = connect.tls(where);
    nobody.resume();
    expect((await once(nobody, 'error'))[0]).toMatchObject({
      code: expect.stringMatching(/CERTIFICATE_REQUIRED|ECONNRESET|EPIPE/),
    });
  });

  test('refuses a certificate of an unknown authority', async () => {
    const { ca: _, ...where } = await served();
    const socket = connect.tls(where);
    expect((await once(socket, 'error'))[0]).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  test('its options are those of a tls.connect of one’s own', async () => {
    const where = await served();
    const socket = tlsConnect(connect.tlsOptions({ ...where, servername: 'localhost' }));
    expect(await text(socket)).toMatch(/^localhost /);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a %s session is resumed, with fewer bytes on the line',
    async (maxVersion) => {
      const where = { ...(await served({ maxVersion })), servername: 'server.example' };
      const handshake = async (session?: Buffer) => {
        const before = modem.wire.toModule + modem.wire.toHost;
        const socket = connect.tls({ ...where, ...(session !== undefined && { session }) });
        let newest: Buffer | undefined;
        socket.on('session', (next) => {
          newest = next;
        });
        const said = await text(socket);
        return { said, newest, cost: modem.wire.toModule + modem.wire.toHost - before };
      };
      const first = await handshake();
      const second = await handshake(first.newest);
      expect([first.said, second.said]).toEqual([
        `server.example false ${maxVersion} false `,
        // A resumed TLS 1.2 session has the name of the first handshake.
        expect.stringMatching(` ${maxVersion} true `),
      ]);
      // The certificate alone is some 500 bytes.
      expect(first.cost - second.cost).toBeGreaterThan(400);
    },
  );
});

test('TLS over any link, in one line', async () => {
  const { port, ca } = await served();
  const link = await held(modem.open, modem.net.connect({ host: '127.0.0.1', port }));
  const socket = tlsOver(link, { servername: 'server.example', ca });
  expect(await text(socket)).toBe('server.example false TLSv1.3 false ');
});
