import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { listening, onlineForAll, serving } from '../../../../packages/tcpip/test/online.js';
import { freePort } from '../../../../tools/free-port.js';
import { talk } from '../../test/talk.js';
import { forward } from './forward.js';
import { parseRule } from './rule.js';

const modem = onlineForAll();

async function forwarding(kind: 'local' | 'remote', hostPort: number) {
  const port = await freePort();
  const failures: Error[] = [];
  const rule = parseRule(kind, `${port}:127.0.0.1:${hostPort}`);
  const open = await forward(rule, modem.net, (_, error) => error && failures.push(error));
  modem.open.add(() => open.close());
  return { port, failures, open };
}

describe('-L', () => {
  test('leads to a server through the modem', async () => {
    const { port: server } = await serving(modem.open, (socket) => socket.pipe(socket));
    const { port } = await forwarding('local', server);
    const client = talk(port);
    client.send('hello');
    expect(String(await client.take(5))).toBe('hello');
    expect(modem.commands.some((line) => line.startsWith('AT+CIPOPEN='))).toBe(true);
  });

  test('a connection that cannot be made is a reset', async () => {
    const { port, failures } = await forwarding('local', await freePort());
    await expect(talk(port).rest()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(failures).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });

  test('a port in use is an error, and a closed forwarding frees its port', async () => {
    const { port, open } = await forwarding('local', 1);
    const rule = parseRule('local', `${port}:127.0.0.1:1`);
    await expect(forward(rule, modem.net)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    open.close();
    const again = await forward(rule, modem.net);
    again.close();
  });
});

describe('-R', () => {
  test('leads from a port of the module to a server of this computer', async () => {
    const { port: server } = await serving(modem.open, (socket) =>
      socket.once('data', (bytes) => socket.end(bytes)),
    );
    const { port } = await forwarding('remote', server);
    const client = talk(port);
    client.send('hello');
    expect(String(await client.rest())).toBe('hello');
    expect(modem.commands.some((line) => line.startsWith('AT+SERVERSTART='))).toBe(true);
  });

  test('a server that is not there ends the client', async () => {
    const { port, failures } = await forwarding('remote', await freePort());
    const client = talk(port);
    await client.rest().catch(() => {});
    expect(failures).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });

  test('a client that leaves ends the connection to the server', async () => {
    const server = createServer((socket) => socket.on('error', () => {}));
    const { port } = await forwarding('remote', await listening(server));
    const client = talk(port);
    const [accepted] = await once(server, 'connection');
    client.socket.destroy();
    accepted.resume();
    await once(accepted, 'close');
    server.close();
  });
});
