import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { listening, onlineForAll, serving } from '../../../../packages/tcpip/test/online.js';
import { freePort } from '../../../../tools/free-port.js';
import { talk } from '../../test/talk.js';
import { type ProxyOptions, proxy } from './proxy.js';

const modem = onlineForAll();
const hex = (...bytes: string[]) => Buffer.from(bytes.join('').replaceAll(' ', ''), 'hex');
const port16 = (port: number) => port.toString(16).padStart(4, '0');
const times = { hold: 5_000, answered: 50, idle: 100 };

async function started(options: ProxyOptions = {}): Promise<number> {
  const server = proxy(modem.net, { times, ...options });
  modem.open.add(() => server.close());
  return await listening(server);
}

/** A server that sends everything back. */
const echo = () => serving(modem.open, (socket) => socket.pipe(socket));

/** A client that a SOCKS proxy has connected to a port of loopback, by name. */
async function socksClient(proxyPort: number, to: number) {
  const client = talk(proxyPort);
  client.send(hex('05 01 00', '05 01 00 03 09 6c6f63616c686f7374', port16(to)));
  expect(await client.take(2)).toEqual(hex('05 00'));
  return { client, reply: await client.take(10) };
}

describe('SOCKS5', () => {
  test('connects by name, which the module looks up, and passes on what came with the request', async () => {
    const { port } = await echo();
    const client = talk(await started());
    // All in one segment: greeting, request, data (RFC 1928, sections 3 and 4).
    client.send(hex('05 01 00', '05 01 00 03 09 6c6f63616c686f7374', port16(port), '68656c6c6f'));
    expect(await client.take(2 + 10)).toEqual(hex('05 00', '05 00 00 01 00000000 0000'));
    expect(String(await client.take(5))).toBe('hello');
    expect(modem.commands).toContain('AT+CDNSGIP="localhost"');
  });

  test('reads a request byte by byte, with an address', async () => {
    const { port } = await echo();
    const client = talk(await started());
    client.socket.setNoDelay(true);
    for (const byte of hex('05 02 02 00', '05 01 00 01 7f000001', port16(port))) {
      client.send(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.take(12)).toEqual(hex('05 00', '05 00 00 01 00000000 0000'));
  });

  test.each([
    ['connection refused', async () => port16(await freePort()), '05'],
    ['a command that does not exist', async () => '0050', '07', '09'],
    ['BIND', async () => '0050', '07', '02'],
  ])('answers %s with a reply of its own', async (_, to, code, command = '01') => {
    const client = talk(await started());
    client.send(hex('05 01 00', `05 ${command} 00 01 7f000001`, await to()));
    expect(await client.rest()).toEqual(hex('05 00', `05 ${code} 00 01 00000000 0000`));
  });

  test('answers an unknown address type', async () => {
    const client = talk(await started());
    client.send(hex('05 01 00', '05 01 00 02 7f000001 0050'));
    expect(await client.rest()).toEqual(hex('05 00', '05 08 00 01 00000000 0000'));
  });

  test('a name that has no address is an unreachable host', async () => {
    const client = talk(await started());
    client.send(hex('05 01 00', '05 01 00 03 07 612e626164', '2e78', '0050'));
    expect((await client.rest()).subarray(2, 4)).toEqual(hex('05 04'));
  });

  test.each([
    ['another version', '04 01 0050 7f000001 00'],
    ['no method that is known', '05 01 01'],
    ['an HTTP/2 preface', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n').toString('hex')],
  ])('ends a client with %s', async (_, bytes) => {
    const client = talk(await started());
    client.send(hex(bytes));
    await Promise.race([client.rest().catch(() => undefined), once(client.socket, 'close')]);
    expect(modem.commands.filter((line) => line.startsWith('AT+CIPOPEN='))).toEqual([]);
  });

  test('with a password it lets in who knows it (RFC 1929)', async () => {
    const { port } = await echo();
    const at = await started({ credentials: { user: 'ada', password: 'love' } });
    const without = talk(at);
    without.send(hex('05 01 00'));
    expect(await without.rest()).toEqual(hex('05 ff'));

    const wrong = talk(at);
    wrong.send(hex('05 01 02', '01 03 616461 04 6c6f7665'.replace('65', '66')));
    expect(await wrong.rest()).toEqual(hex('05 02', '01 01'));

    const right = talk(at);
    right.send(hex('05 02 00 02', '01 03 616461 04 6c6f7665', '05 01 00 01 7f000001', port16(port), '2a'));
    expect(await right.take(15)).toEqual(hex('05 02', '01 00', '05 00 00 01 00000000 0000', '2a'));
  });
});

describe('a tunnel', () => {
  test('an end of the client is held until the peer has answered', async () => {
    const peers: Socket[] = [];
    const { port } = await serving(modem.open, (socket) => peers.push(socket), { allowHalfOpen: true });
    const { client } = await socksClient(await started(), port);
    client.socket.end('question');
    await once(client.socket, 'finish');
    expect(String((await once(peers[0] as Socket, 'data'))[0])).toBe('question');
    peers[0]?.end('answer');
    expect(String(await client.rest())).toBe('answer');
  });

  test('the end of the peer reaches the client after the last byte', async () => {
    const { port } = await serving(modem.open, (socket) => socket.end('x'.repeat(100_000)));
    const { client } = await socksClient(await started(), port);
    expect(await client.rest()).toHaveLength(100_000);
  });

  test('a client that resets its connection closes the link', async () => {
    const { port } = await echo();
    const { client } = await socksClient(await started(), port);
    client.send('hello');
    await client.take(5);
    client.socket.resetAndDestroy();
    await closedLinks();
  });

  test('a peer that falls silent after the end of the client is given up, which is a reset', async () => {
    const { port } = await serving(modem.open, () => {}, { allowHalfOpen: true });
    const { client } = await socksClient(await started({ times: { ...times, hold: 200 } }), port);
    client.socket.end('question');
    await expect(client.rest()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('ten links', () => {
  test('thirty clients are served, ten at a time', async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    const { port } = await serving(
      modem.open,
      (socket) =>
        socket.once('data', (bytes) => {
          waiting.push(() => socket.end(bytes));
          most = Math.max(most, waiting.length);
          // All ten links are in use: the others wait until these are answered.
          if (waiting.length === 10) for (const answer of waiting.splice(0)) answer();
        }),
      { allowHalfOpen: true },
    );
    const at = await started();
    const one = async (number: number) => {
      const { client } = await socksClient(at, port);
      client.send(`number ${number}`);
      const answer = String(await client.rest());
      client.socket.end();
      return answer;
    };
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    expect(await Promise.all(numbers.map(one))).toEqual(numbers.map((number) => `number ${number}`));
    expect(most).toBe(10);
  });

  test('clients that ended after their answer make room, also when their servers keep the connection', async () => {
    const { port } = await serving(
      modem.open,
      (socket) => socket.on('data', (bytes) => socket.write(bytes)),
      {
        allowHalfOpen: true,
      },
    );
    const at = await started({ times: { hold: 100_000, answered: 50, idle: 100_000 } });
    const one = async () => {
      const { client } = await socksClient(at, port);
      client.send('hello');
      expect(String(await client.take(5))).toBe('hello');
      client.socket.end();
    };
    for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 10 }, one));
  });
});

describe('UDP ASSOCIATE', () => {
  test('relays datagrams to two peers by their addresses, and back', async () => {
    const peers = [await udpEcho('first'), await udpEcho('second')] as const;
    const control = talk(await started());
    control.send(hex('05 01 00', '05 03 00 01 00000000 0000'));
    const reply = await control.take(12);
    expect(reply.subarray(0, 10)).toEqual(hex('05 00', '05 00 00 01 7f000001'));
    const relay = reply.readUInt16BE(10);
    const client = createSocket('udp4');
    for (const [index, port] of peers.entries()) {
      client.send(hex('0000 00 01 7f000001', port16(port), '2a'), relay, '127.0.0.1');
      const [answer] = (await once(client, 'message')) as [Buffer];
      expect(answer).toEqual(
        Buffer.concat([
          hex('0000 00 01 7f000001', port16(port)),
          Buffer.from(`${['first', 'second'][index]}*`),
        ]),
      );
    }
    client.close();
    control.socket.end();
    await closedLinks();
  });

  test('drops fragments and what others send', async () => {
    const port = await udpEcho('peer');
    const control = talk(await started());
    control.send(hex('05 01 00', '05 03 00 01 00000000 0000'));
    const relay = (await control.take(12)).readUInt16BE(10);
    const [client, other] = [createSocket('udp4'), createSocket('udp4')];
    client.send(hex('0000 01 01 7f000001', port16(port), '2a'), relay, '127.0.0.1');
    client.send(hex('0000 00 01 7f000001', port16(port), '31'), relay, '127.0.0.1');
    const [answer] = (await once(client, 'message')) as [Buffer];
    expect(String(answer.subarray(10))).toBe('peer1');
    other.send(hex('0000 00 01 7f000001', port16(port), '32'), relay, '127.0.0.1');
    client.send(hex('0000 00 01 7f000001', port16(port), '33'), relay, '127.0.0.1');
    const [next] = (await once(client, 'message')) as [Buffer];
    expect(String(next.subarray(10))).toBe('peer3');
    client.close();
    other.close();
    control.socket.destroy();
  });
});

async function udpEcho(word: string): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, { port, address }) => socket.send(`${word}${bytes}`, port, address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  modem.open.add(() => socket.close());
  return socket.address().port;
}

/** Resolves when the module has no link open. */
async function closedLinks(): Promise<void> {
  const { control } = modem.module;
  if (control.openLinks === 0) return;
  await new Promise<void>((resolve) => {
    const subscription = control.events$.subscribe(() => control.openLinks === 0 && resolve());
    modem.open.add(subscription);
  });
}

describe('HTTP', () => {
  const site = async () => {
    const server = createServer(async (incoming, response) => {
      const body = await text(incoming);
      response.setHeader('Connection', 'close');
      response.end(
        JSON.stringify({ url: incoming.url, headers: incoming.headers, method: incoming.method, body }),
      );
    });
    const port = await listening(server);
    modem.open.add(() => server.close());
    return port;
  };

  async function ask(proxyPort: number, path: string, options: object = {}, body?: string) {
    const sent = request({ port: proxyPort, host: '127.0.0.1', path, ...options });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
  }

  test('CONNECT joins the client and the server, with what came with the request', async () => {
    const { port } = await echo();
    const client = talk(await started());
    client.send(`CONNECT localhost:${port} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\nhello`);
    const answer = 'HTTP/1.1 200 Connection established\r\n\r\nhello';
    expect(String(await client.take(answer.length))).toBe(answer);
  });

  test('passes a plain request on, without the headers of one hop', async () => {
    const port = await site();
    const headers = {
      Host: 'elsewhere.example',
      'Proxy-Connection': 'keep-alive',
      Connection: 'close, X-Mine',
      'X-Mine': 'secret',
      'X-Other': 'kept',
    };
    const path = `http://127.0.0.1:${port}/path?query`;
    const { status, body } = await ask(await started(), path, { headers, method: 'POST' }, 'a body');
    expect(status).toBe(200);
    const seen = JSON.parse(body);
    expect(seen).toMatchObject({ url: '/path?query', method: 'POST', body: 'a body' });
    expect(seen.headers).toMatchObject({ host: `127.0.0.1:${port}`, via: '1.1 a7600', 'x-other': 'kept' });
    expect(seen.headers).not.toHaveProperty('x-mine');
    expect(seen.headers).not.toHaveProperty('proxy-connection');
  });

  test.each([
    ['GET', '/'],
    ['POST', '/?to=http://127.0.0.1/'],
    ['GET', 'https://127.0.0.1/'],
    ['GET', 'ftp://127.0.0.1/'],
  ])('refuses %s %s, which a web page could send', async (method, path) => {
    const { status, body } = await ask(await started(), path, { method });
    expect([status, body]).toEqual([400, expect.stringMatching(/^This is a proxy/)]);
  });

  test.each([
    ['a refused connection', async () => `127.0.0.1:${await freePort()}`, 502],
    ['a name without an address', async () => 'nothing.invalid:80', 502],
    ['a CONNECT without a port', async () => 'localhost', 400],
    ['a CONNECT to port 0', async () => 'localhost:0', 400],
  ])('answers %s', async (_, to, status) => {
    const client = talk(await started());
    client.send(`CONNECT ${await to()} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(String(await client.rest())).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test('answers a plain request to a port without a server with 502', async () => {
    const { status, body } = await ask(await started(), `http://127.0.0.1:${await freePort()}/`);
    expect([status, body]).toEqual([
      502,
      expect.stringMatching(/^Cannot connect to 127\.0\.0\.1:\d+: it refused, or is not there/),
    ]);
  });

  test('with a password: 407 without it, for both forms', async () => {
    const port = await site();
    const at = await started({ credentials: { user: 'ada', password: 'lo:ve' } });
    const path = `http://127.0.0.1:${port}/`;
    const refused = await ask(at, path);
    expect([refused.status, refused.headers['proxy-authenticate']]).toEqual([
      407,
      expect.stringMatching(/^Basic/),
    ]);
    const value = `Basic ${Buffer.from('ada:lo:ve').toString('base64')}`;
    expect(await ask(at, path, { headers: { 'Proxy-Authorization': value } })).toMatchObject({ status: 200 });
    const client = talk(at);
    client.send(`CONNECT localhost:${port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic eDp5\r\n\r\n`);
    expect(String(await client.rest())).toMatch(/^HTTP\/1.1 407 .*Proxy-Authenticate: Basic/s);
  });

  test('a server that breaks off in the middle breaks the answer off', async () => {
    const server = createTcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
    });
    const port = await listening(server);
    modem.open.add(() => server.close());
    await expect(ask(await started(), `http://127.0.0.1:${port}/`)).rejects.toThrow(
      /aborted|hang up|ECONNRESET/,
    );
    expect((server.address() as AddressInfo).port).toBe(port);
  });
});
