import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listening } from '../../../../packages/tcpip/test/online.js';
import { talk } from '../../test/talk.js';
import { programOf } from './program-of.js';

let open = new Subscription();
beforeEach(() => {
  open = new Subscription();
});
afterEach(() => open.unsubscribe());

test.skipIf(process.platform !== 'linux')('tells the programs of this computer apart', async () => {
  const server = createServer((client) => client.on('error', () => {}));
  open.add(() => server.close());
  const port = await listening(server);
  const accepted = async () => ((await once(server, 'connection')) as [Socket])[0];
  const first = accepted();
  const own = talk(port);
  open.add(() => own.socket.destroy());
  expect(await programOf(await first)).toBe(`process ${process.pid}`);

  const second = accepted();
  const script = `require('node:net').connect(${port}, '127.0.0.1').on('error', () => {})`;
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  open.add(() => child.kill('SIGKILL'));
  expect(await programOf(await second)).toBe(`process ${child.pid}`);
});

test('where that is unknown, it is the address', async () => {
  const client = { remoteAddress: '192.0.2.7', remotePort: 4000, localPort: 1080 } as Socket;
  expect(await programOf(client, '/nowhere')).toBe('192.0.2.7');
});
