import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { makeCertificates } from '../../../../packages/tcpip/test/certificates.js';
import { freePort } from '../../../../tools/free-port.js';
import { A7600, ended, going, moduleOnPty } from '../../test/real.js';
import { scratch } from '../../test/scratch.js';

// Encrypted connections over a real pseudo-terminal, with openssl as the other side.

const own = scratch();

/** Certificates of an authority as files. */
async function files() {
  const { ca, server } = await makeCertificates();
  const write = (name: string, text: string) => {
    const path = join(own.folder, name);
    writeFileSync(path, text);
    return path;
  };
  return {
    ca: write('ca.pem', ca),
    cert: write('cert.pem', server.cert),
    key: write('key.pem', server.key),
    server,
  };
}

test('connect --tls reaches a server whose certificate an authority has signed, and no other one', async () => {
  const { ca, server } = await files();
  const tls = createServer({ cert: server.cert, key: server.key }, (socket: TLSSocket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => socket.end(`got ${bytes}`));
  });
  tls.on('tlsClientError', () => {});
  tls.listen(0, '127.0.0.1');
  own.open.add(() => tls.close());
  await once(tls, 'listening');
  const { port } = tls.address() as { port: number };
  const { path } = await moduleOnPty(own.open);
  const connect = (...options: string[]) =>
    ended(
      own.open,
      [...A7600, 'connect', '--quiet', '--serial', path, '--tls', ...options, 'localhost', `${port}`],
      {
        input: Buffer.from('hello'),
      },
    );
  expect(await connect('--ca', ca)).toMatchObject({ code: 0, output: Buffer.from('got hello') });
  const untrusted = await connect();
  expect([untrusted.code, String(untrusted.output)]).toEqual([1, '']);
  expect(untrusted.messages).toMatch(/certificate/i);
});

test('listen --tls serves openssl s_client', async () => {
  const { ca, cert, key } = await files();
  const { path } = await moduleOnPty(own.open);
  const port = await freePort();
  const args = ['listen', '--serial', path, '--tls', '--cert', cert, '--key', key, `${port}`];
  const server = going(own.open, [...A7600, ...args], { input: Buffer.from('welcome') });
  await server.says(/Listening on/);
  // The port is that of the module, which is one of this computer here.
  const client = ['openssl', 's_client', '-quiet', '-verify_return_error', '-CAfile', ca];
  const outcome = await ended(own.open, [...client, '-connect', `127.0.0.1:${port}`], {
    input: Buffer.from('hello\n'),
  });
  expect(String(outcome.output)).toContain('welcome');
  const { code, output } = await server.ended;
  expect([code, String(output)]).toEqual([0, 'hello\n']);
});
