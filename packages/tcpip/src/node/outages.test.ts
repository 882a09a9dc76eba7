import { once } from 'node:events';
import http from 'node:http';
import { createConnection, type NetConnectOpts } from 'node:net';
import { text } from 'node:stream/consumers';
import { firstValueFrom, Subscription, skip } from 'rxjs';
import { Agent, fetch } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { listening, type StayingOnline, serving, stayingOnline } from '../../test/online.js';
import { type ModemConnect, modemConnect } from './modem-connect.js';

let open = new Subscription();
let modem: StayingOnline;
let connect: ModemConnect;
beforeEach(async () => {
  open = new Subscription();
  modem = await stayingOnline();
  connect = modemConnect(modem.networks$);
});
afterEach(async () => {
  open.unsubscribe();
  await modem.close();
});

/** Resolves when the network is open again. */
const backOnline = () => firstValueFrom(modem.networks$.pipe(skip(1)));

/** Answers every request but those for `/wait`; web sockets get everything back. */
async function served(): Promise<{ readonly port: number; readonly waits: Promise<void> }> {
  let waiting = () => {};
  const waits = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const server = http.createServer((request, response) => {
    if (request.url === '/wait') waiting();
    else response.end('here');
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('message', (data) => socket.send(String(data)));
  });
  open.add(() => {
    server.close();
    server.closeAllConnections();
    for (const socket of sockets.clients) socket.terminate();
  });
  return { port: await listening(server), waits };
}

async function failure(sent: http.ClientRequest): Promise<string | undefined> {
  return (await once(sent, 'error'))[0].code;
}

describe.each([
  ['the bearer is lost', 'ENETDOWN', () => modem.module.control.loseBearer(20)],
  ['the module restarts', 'ECONNRESET', () => modem.module.control.restart()],
])('when %s', (_, code, strike: () => void) => {
  test(`http sees ${code}, and the next request works`, async () => {
    const { port, waits } = await served();
    const agent = connect.httpAgent();
    const sent = http.get({ host: '127.0.0.1', port, path: '/wait', agent });
    await waits;
    const [seen] = await Promise.all([failure(sent), backOnline(), strike()]);
    expect(seen).toBe(code);
    const [response] = await once(http.get({ host: '127.0.0.1', port, agent }), 'response');
    expect(await text(response)).toBe('here');
    agent.destroy();
  });

  test(`undici sees ${code}, and the next request works`, async () => {
    const { port, waits } = await served();
    const dispatcher = new Agent({ connect: connect.undici() });
    const waiting = fetch(`http://127.0.0.1:${port}/wait`, { dispatcher });
    const seen = waiting.catch((error: Error) => error.cause);
    await waits;
    const [cause] = await Promise.all([seen, backOnline(), strike()]);
    expect(cause).toMatchObject({ code });
    expect(await (await fetch(`http://127.0.0.1:${port}/`, { dispatcher })).text()).toBe('here');
    await dispatcher.close();
  });

  test('ws is closed as abnormal, and the next one opens', async () => {
    const { port } = await served();
    const make = () => new WebSocket(`ws://127.0.0.1:${port}`, { createConnection: connect });
    const socket = make();
    await once(socket, 'open');
    const [[reason]] = await Promise.all([once(socket, 'close'), backOnline(), strike()]);
    // Abnormal closure (RFC 6455, 7.4.1).
    expect(reason).toBe(1006);
    const next = make();
    await once(next, 'open');
    next.send('hello');
    expect(String((await once(next, 'message'))[0])).toBe('hello');
    next.terminate();
  });
});

test.each(['127.0.0.1', 'localhost'])(
  'a connection to %s that is begun in the outage fails at once',
  async (host) => {
    const { port } = await served();
    const before = connect(port, '127.0.0.1');
    await once(before, 'connect');
    // Longer than the test takes.
    modem.module.control.loseBearer(1_000_000);
    await once(before, 'error');
    const [error] = await once(connect(port, host), 'error');
    expect(error).toMatchObject({ code: 'ENETDOWN', cause: { code: 'NETWORK_LOST' } });
  },
);

/** The same over this computer's own network and over the modem. */
describe.each([
  ['a net.Socket', () => createConnection],
  ['the modem', () => connect],
])('a peer that breaks off, over %s', (_, way: () => typeof createConnection) => {
  /** Answers with half of what it promises, then resets the connection. */
  const rude = async () => {
    const { port } = await serving(open, (peer) =>
      peer.once('data', () => {
        peer.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', () =>
          setImmediate(() => peer.resetAndDestroy()),
        );
      }),
    );
    return port;
  };

  test('http: the response is aborted with ECONNRESET', async () => {
    const sent = http.get({
      host: '127.0.0.1',
      port: await rude(),
      createConnection: (options) => way()(options as NetConnectOpts),
    });
    // Newer versions of Node tell the request as well.
    sent.on('error', () => {});
    const [response] = await once(sent, 'response');
    await expect(text(response)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('ws: closed as abnormal', async () => {
    const server = http.createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.terminate());
    const port = await listening(server);
    open.add(() => void server.close());
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { createConnection: way() });
    expect((await once(socket, 'close'))[0]).toBe(1006);
  });
});

describe('a peer that stalls', () => {
  test('does not lose what waits: it goes on where it stopped', async () => {
    const sent = Buffer.alloc(8_000_000, 'stall ');
    const whole = new Promise<Buffer>((resolve) => {
      void serving(open, (peer) => {
        const chunks: Buffer[] = [];
        peer.on('data', (bytes) => chunks.push(bytes));
        peer.on('end', () => resolve(Buffer.concat(chunks)));
        peer.pause();
        // Until the module's window is full, and the socket has to wait.
        modem.module.control.events$.subscribe((event) => {
          if (event.kind === 'printed' && / \d,\d+,0\r\n/.test(Buffer.from(event.bytes).toString('latin1')))
            peer.resume();
        });
      }).then(({ port }) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(sent));
      });
    });
    expect((await whole).equals(sent)).toBe(true);
  });

  test('is given up by undici when its time is over', async () => {
    const { port } = await served();
    const dispatcher = new Agent({ connect: connect.undici(), headersTimeout: 100 });
    const late = fetch(`http://127.0.0.1:${port}/wait`, { dispatcher });
    await expect(late).rejects.toMatchObject({ cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } });
    await dispatcher.close();
  });
});
