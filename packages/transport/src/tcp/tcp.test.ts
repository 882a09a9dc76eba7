import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { firstValueFrom, lastValueFrom, type Observable, tap } from 'rxjs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hold } from '../../../../tools/hold.js';
import type { SerialLink } from '../serial-link.js';
import { rfc2217 } from './rfc2217.js';
import { tcp } from './tcp.js';
import { DO, escaped, IAC, negotiation, subnegotiation, TelnetParser, WILL } from './telnet.js';

/** A server on loopback, and where it is. */
async function listen(
  onClient: (socket: Socket) => void,
): Promise<{ host: string; port: number; server: Server }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
    onClient(socket);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, server };
}

const done = (work: Observable<never>) => lastValueFrom(work, { defaultValue: undefined });

describe('tcp', () => {
  test('carries bytes both ways and completes when the server closes', async () => {
    const where = await listen((socket) => socket.on('data', (bytes) => socket.end(bytes)));
    const link = await hold(tcp(where));
    const heard = lastValueFrom(link.received$);
    await done(link.write(Buffer.from('hello')));
    expect(Buffer.from(await heard).toString()).toBe('hello');
  });

  test('says why it cannot connect', async () => {
    const { host, port, server } = await listen(() => {});
    server.close();
    await once(server, 'close');
    await expect(firstValueFrom(tcp({ host, port }))).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
      message: expect.stringContaining('no program listens there'),
    });
  });
});

describe('a Telnet server', () => {
  // IAC WILL/DO … as login servers and ser2net in Telnet mode send them first (RFC 854).
  const greetings: [string, string][] = [
    ['ser2net', 'fffb03fffd03fffb01fffe01fffd00fffb00'],
    ['a login server', 'fffd18fffd20fffd1ffffd27'],
    ['one negotiation alone', 'fffb01'],
  ];
  test.each(greetings)('is not taken for a raw port: %s', async (_, hex) => {
    const { host, port } = await listen((socket) => socket.write(Buffer.from(hex, 'hex')));
    await hold(tcp({ host, port, detectTelnet: false }));
    const lost$ = tcp({ host, port }).pipe(tap((link) => link.received$.subscribe({ error: () => {} })));
    await expect(lastValueFrom(lost$)).rejects.toMatchObject({
      code: 'TELNET_SERVER',
      message: expect.stringMatching(/not a raw port.*rfc2217\(\)/),
    });
  });

  test.each([
    ['text', Buffer.from('\r\nRDY\r\n')],
    ['a byte 255 in data', Buffer.from('fffb', 'hex')],
    ['an escape that Telnet does not have', Buffer.from('fffb7f0102', 'hex')],
    ['one negotiation and other bytes', Buffer.from('fffb0141540d', 'hex')],
  ])('%s is carried as it is', async (_, first) => {
    const { host, port } = await listen((socket) => socket.write(first));
    const link = await hold(tcp({ host, port }));
    expect(Buffer.from(await firstValueFrom(link.received$))).toEqual(first);
  });
});

describe('a server that hangs up before the port is set up', () => {
  test.each([
    ['Port already in use\r\n', 'PORT_BUSY', 'It said: "Port already in use".'],
    ['Device open failure: Value or file not found\r\n', 'PORT_FAILED', 'Value or file not found'],
    ['', 'PORT_FAILED', 'It said nothing.'],
  ])('is quoted: %j', async (said, code, words) => {
    const where = await listen((socket) => socket.end(said));
    await expect(firstValueFrom(rfc2217(where))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  test('a plain Telnet server is not sent to tcp(), which would damage bytes', async () => {
    const where = await listen((socket) => socket.write(Buffer.from('fffb03fffe2c', 'hex')));
    await expect(firstValueFrom(rfc2217({ ...where, answerTimeout: 50 }))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('tcp() would damage bytes'),
    });
  });
});

/** An RFC 2217 server that notes what it is asked for and confirms it. */
function comPortServer(
  socket: Socket,
  change: (command: number, value: number[]) => number[] = (_, value) => value,
) {
  const asked: string[] = [];
  const data: number[] = [];
  const parser = new TelnetParser({
    data: (bytes) => data.push(...bytes),
    negotiation: (verb, option) => {
      if (verb === WILL) socket.write(negotiation(DO, option));
      if (verb === DO) socket.write(negotiation(WILL, option));
    },
    subnegotiation: (option, bytes) => {
      const [command = 0, ...value] = bytes;
      asked.push(`${command}: ${value}`);
      socket.write(subnegotiation(option, Uint8Array.of(command + 100, ...change(command, value))));
    },
  });
  socket.on('data', (bytes) => parser.push(bytes));
  return { asked, data };
}

describe('rfc2217', () => {
  async function opened(options: Partial<Parameters<typeof rfc2217>[0]> = {}) {
    let server: ReturnType<typeof comPortServer> | undefined;
    let socket: Socket | undefined;
    const where = await listen((client) => {
      socket = client;
      server = comPortServer(client);
    });
    const link = await hold(rfc2217({ ...where, ...options }));
    return { link, server: server as NonNullable<typeof server>, socket: socket as Socket };
  }

  test('sets speed, framing and flow control before it emits', async () => {
    const { link, server } = await opened({
      baudRate: 921_600,
      dataBits: 7,
      parity: 'even',
      stopBits: 2,
      rtscts: true,
    });
    expect(server.asked).toEqual(['11: 255', '1: 0,14,16,0', '2: 7', '3: 3', '4: 2', '5: 3']);
    expect(link.baudRate).toBe(921_600);
  });

  test('changes speed and lines on the open port', async () => {
    const { link, server } = await opened();
    server.asked.length = 0;
    await done(link.setBaudRate(9_600));
    await done(link.setLines({ dtr: false }));
    await done(link.setLines({ rts: true, brk: true }));
    expect(server.asked).toEqual(['1: 0,0,37,128', '5: 9', '5: 5', '5: 11']);
    expect(link.baudRate).toBe(9_600);
  });

  test('tells the device lines from the notifications', async () => {
    const { link, socket } = await opened();
    const lines = firstValueFrom(link.lines());
    socket.write(subnegotiation(44, Uint8Array.of(107, 0x90)));
    expect(await lines).toEqual({ cts: true, dsr: false, dcd: true });
  });

  test('tells changes of the device lines, and ends with the link', async () => {
    const { link, socket } = await opened();
    const seen: unknown[] = [];
    const ended = lastValueFrom(link.lines$.pipe(tap((state) => seen.push(state.dcd))));
    socket.write(subnegotiation(44, Uint8Array.of(107, 0x80)));
    socket.write(subnegotiation(44, Uint8Array.of(107, 0x00)));
    socket.end();
    await ended;
    expect(seen).toEqual([true, false]);
  });

  test('purges what the server has buffered', async () => {
    const { link, server } = await opened();
    server.asked.length = 0;
    await done(link.purge());
    expect(server.asked).toEqual(['12: 3']);
  });

  test('a drain that is held back runs into its limit', async () => {
    const { link, socket } = await opened();
    await done(link.drain());
    socket.write(subnegotiation(44, Uint8Array.of(108)));
    socket.write(subnegotiation(44, Uint8Array.of(107, 0)));
    await firstValueFrom(link.lines());
    await expect(done(link.drain(1))).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test('carries every byte, the escape among them', async () => {
    const { link, server, socket } = await opened();
    const every = Uint8Array.from({ length: 512 }, (_, index) => 255 - (index % 256));
    const heard = firstValueFrom(link.received$);
    socket.write(escaped(every.subarray(0, 1)));
    expect([...(await heard)]).toEqual([255]);
    await done(link.write(every));
    await done(link.setBaudRate(115_200));
    expect(server.data).toEqual([...every]);
  });

  test('waits while the server asks it to', async () => {
    const { link, server, socket } = await opened();
    socket.write(subnegotiation(44, Uint8Array.of(108)));
    socket.write(subnegotiation(44, Uint8Array.of(107, 0)));
    await firstValueFrom(link.lines());
    const written = done(link.write(Buffer.from('held')));
    await done(link.setLines({ dtr: true }));
    expect(server.data).toEqual([]);
    socket.write(subnegotiation(44, Uint8Array.of(109)));
    await written;
    await done(link.setLines({ dtr: true }));
    expect(Buffer.from(server.data).toString()).toBe('held');
  });

  test.each([
    ['does not speak it', () => {}, /does not answer the offer of RFC 2217/],
    ['refuses it', (socket: Socket) => void socket.write(negotiation(254, 44)), /does not speak RFC 2217/],
    [
      'cannot set the speed',
      (socket: Socket) =>
        void comPortServer(socket, (command, value) => (command === 1 ? [0, 0, 37, 128] : value)),
      /refuses setting baudRate to 0 1 194 0/,
    ],
  ])('a server that %s is reported', async (_, serve, message) => {
    const where = await listen(serve);
    await expect(firstValueFrom(rfc2217({ ...where, answerTimeout: 200 }))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(message),
    });
  });

  describe('a hostile server', () => {
    test('that floods the line with requests is left', async () => {
      const where = await listen((socket) => {
        socket.pause();
        const flood = Buffer.concat(
          Array.from({ length: 60_000 }, (_, index) =>
            Buffer.from([IAC, DO, index % 251, IAC, WILL, index % 251]),
          ),
        );
        socket.write(flood);
        socket.write(flood);
      });
      const failed = await firstValueFrom(rfc2217({ ...where, answerTimeout: 2_000 })).catch(
        (error) => error,
      );
      expect(['PROTOCOL', 'UNSUPPORTED']).toContain(failed.code);
    });

    test('that sends half of every sequence does not confuse the data', async () => {
      const { link, socket } = await opened();
      const heard: number[] = [];
      link.received$.subscribe({ next: (bytes) => heard.push(...bytes), error: () => {} });
      const nonsense = [
        [IAC, 241],
        [IAC, 250, 44, 107],
        [IAC, 240],
        [IAC, 250, 7, 1, IAC, 200, 65],
        [IAC, DO],
        [IAC],
        [66, IAC],
        [IAC, 67],
      ];
      for (const chunk of nonsense) socket.write(Uint8Array.from(chunk));
      await done((link as SerialLink).setLines({ dtr: true }));
      expect(heard).toEqual([65, 66, 255, 67]);
    });
  });
});
