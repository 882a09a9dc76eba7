import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hold } from '../../../../tools/hold.js';
import { emulator } from '../emulator/emulator.js';
import { onTcp } from './on-tcp.js';

async function connect(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: '127.0.0.1' }).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Reads until the text is complete. */
async function heard(socket: Socket, text: string): Promise<void> {
  let all = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    all += chunk;
    if (all.length >= text.length) break;
  }
  expect(all).toBe(text);
}

describe('a module on a TCP port', () => {
  test('answers; each connection finds it as the last one left it', async () => {
    const { port } = await hold(onTcp(emulator({ whenClosed: 'goes on' })));
    const first = await connect(port);
    first.write('ATE0\r');
    await heard(first, 'ATE0\r\r\nOK\r\n');
    first.end();
    const second = await connect(port);
    second.write('AT\r');
    await heard(second, '\r\nOK\r\n');
  });

  test('is one port: who comes second is turned away', async () => {
    const { port } = await hold(onTcp(emulator()));
    const first = await connect(port);
    const second = await connect(port);
    await once(second, 'close');
    first.write('AT\r');
    await heard(first, 'AT\r\r\nOK\r\n');
  });

  test('that is unplugged drops the connection, and takes the next one', async () => {
    const module = emulator();
    const { port } = await hold(onTcp(module));
    const first = await connect(port);
    first.write('AT\r');
    await heard(first, 'AT\r\r\nOK\r\n');
    module.control.unplug();
    first.resume();
    await once(first, 'close');
    const second = await connect(port);
    second.write('AT\r');
    await heard(second, 'AT\r\r\nOK\r\n');
  });

  test('cannot have a port that is in use', async () => {
    const { port } = await hold(onTcp(emulator()));
    await expect(hold(onTcp(emulator(), { port }))).rejects.toMatchObject({ code: 'PORT_BUSY' });
    await expect(hold(onTcp(emulator(), { host: '192.0.2.1' }))).rejects.toMatchObject({
      code: 'PORT_FAILED',
    });
  });
});
