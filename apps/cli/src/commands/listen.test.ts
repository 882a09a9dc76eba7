import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import { expect, test } from 'vitest';
import { makeCertificates } from '../../../../packages/tcpip/test/certificates.js';
import { held, listening } from '../../../../packages/tcpip/test/online.js';
import { freePort } from '../../../../tools/free-port.js';
import { programWith } from '../../test/program.js';
import { scratch } from '../../test/scratch.js';

const own = scratch();

/**
 * A module on a raw TCP port. A busy computer reads late: what the module says from `+SERVERSTART: 0,0` up to the
 * first `+CLIENT` arrives in one chunk.
 *
 * @param onListening called when the module listens, of which the program has not heard yet
 */
async function onBusyHost(onListening: () => void): Promise<number> {
  const server = createServer(async (socket) => {
    own.open.add(() => socket.destroy());
    const link = await held(own.open, emulator({ network: hostNetwork() }));
    let late = '';
    let isOver = false;
    socket.on('data', (bytes) => own.open.add(link.write(bytes).subscribe()));
    link.received$.subscribe((bytes) => {
      const printed = Buffer.from(bytes).toString('latin1');
      if (isOver || (late === '' && !printed.includes('+SERVERSTART: 0'))) {
        socket.write(bytes);
        return;
      }
      if (late === '') onListening();
      late += printed;
      isOver = late.includes('+CLIENT');
      if (isOver) socket.write(late, 'latin1');
    });
  });
  own.open.add(() => server.close());
  return listening(server);
}

test.each([['plain'], ['--tls']])(
  'a client that connects before the program has heard that the module listens is served, %s',
  async (kind) => {
    const { ca, server } = await makeCertificates();
    for (const name of ['cert', 'key'] as const) writeFileSync(join(own.folder, name), server[name]);
    const port = await freePort();
    let client: Duplex | undefined;
    const line = await onBusyHost(() => {
      const to = { port, host: 'localhost', ca };
      client = kind === 'plain' ? connect(to) : connectTls(to);
      own.open.add(() => client?.destroy());
      client.write('hello');
    });
    const identity = ['--tls', '--cert', join(own.folder, 'cert'), '--key', join(own.folder, 'key')];
    const args = ['--tcp', `127.0.0.1:${line}`, '--hold', '0.3', ...(kind === 'plain' ? [] : identity)];
    const { code, output } = await programWith({ input: 'welcome' }, 'listen', ...args, `${port}`);
    expect([code, output]).toEqual([0, 'hello']);
    expect(await text(client as Duplex)).toBe('welcome');
  },
);
