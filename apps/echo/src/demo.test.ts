import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { effort } from '../../../tools/thorough.js';
import { type Demo, demos, exchange } from '../test/demos.js';
import { run } from './demo.js';

const demo = demos();

async function serving(...args: string[]): Promise<Demo & { readonly port: number }> {
  const started = demo(...args);
  const [, port] = await started.says(/TCP port (\d+)/);
  return { ...started, port: Number(port) };
}

/** Runs the demo in this process. */
async function called(...args: string[]) {
  const said = { out: '', error: '' };
  const into = (name: keyof typeof said) => (text: unknown) => {
    said[name] += stripVTControlCharacters(String(text));
    return true;
  };
  const line = (name: keyof typeof said) => (text: unknown) => void into(name)(`${text}\n`);
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(into('error')),
    vi.spyOn(console, 'log').mockImplementation(line('out')),
    vi.spyOn(console, 'error').mockImplementation(line('error')),
  ];
  try {
    const code = await run(args);
    return { code, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('--once', () => {
  test.each([
    ['in process', []],
    ['over a pseudo-terminal', ['--pty']],
  ])('passes its self-check %s', async (_, args) => {
    const { code, out, error } = await called('--once', ...args);
    expect([code, error]).toEqual([0, '']);
    expect(out).toMatch(/Checked: 262159 bytes sent, all of them came back/);
    expect(out).toMatch(/Closed, after 1 connections and 262159 bytes echoed/);
  });

  test('--trace shows the dialogue, readable, with the payload shortened', async () => {
    const { out } = await called('--once', '--trace');
    expect(out).toMatch(/0\.\d{3} s --> AT\+NETOPEN␍\n/);
    expect(out).toMatch(/<-- ␍␊\+NETOPEN: 0␍␊ urc/);
    expect(out).toMatch(/==> 1500 bytes: .{32,140} …\n/);
  });
});

describe('serving', () => {
  test('echoes until it is interrupted, then closes everything and exits with 0', async () => {
    const { port, child, exit, printed } = await serving('--no-check');
    const socket = createConnection({ port, host: '127.0.0.1' });
    // Ends at once, as `printf hello | nc -N` does.
    socket.end('hello');
    expect(await text(socket)).toBe('hello');
    child.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(printed.out).toMatch(/Closed, after 1 connections and 5 bytes echoed/);
    expect(printed.error).toBe('');
  });
});

describe('serving many clients', () => {
  const MANY = effort(50, 200);
  /** One for all of these tests, in which it has its links; the last test ends it. */
  let server: Awaited<ReturnType<typeof serving>>;
  beforeAll(async () => {
    server = await serving('--no-check');
  });

  test('ten at once; the eleventh waits for a link, the one above the backlog is refused', async () => {
    const { port, says } = server;
    const sockets: Socket[] = [];
    const join = async () => {
      const socket = createConnection({ port, host: '127.0.0.1' });
      await once(socket, 'connect');
      sockets.push(socket);
      return socket;
    };
    for (let count = 0; count < 10; count++) await join();
    await says(/link 9\) connected/);
    const [eleventh] = [await join(), await join(), await join()];
    const refused = await join();
    await once(refused, 'error');
    const [first] = sockets as [Socket];
    eleventh?.write('waiting');
    first.end('bye');
    expect(await text(first)).toBe('bye');
    const [answer] = (await once(eleventh as Socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('waiting');
    for (const socket of sockets) socket.destroy();
  });

  test('a client that resets its connection does not disturb the others', async () => {
    const { port } = server;
    const rude = createConnection({ port, host: '127.0.0.1' });
    await once(rude, 'connect');
    rude.write('x'.repeat(100_000));
    await once(rude, 'data');
    rude.resetAndDestroy();
    expect(await exchange(port, 'still here')).toBe('still here');
  });

  test(`${MANY} connections, one after another`, async () => {
    for (let turn = 0; turn < MANY; turn++)
      expect(await exchange(server.port, `number ${turn}`)).toBe(`number ${turn}`);
  });

  test('SIGTERM ends it like Ctrl-C', async () => {
    const { child, exit, printed } = server;
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    const connections = printed.out.match(/ connected\.$/gm)?.length;
    expect(connections).toBeGreaterThan(MANY + 10);
    expect(printed.out).toContain(`Closed, after ${connections} connections`);
  });
});

describe('mistakes get one clear line and exit code 2', () => {
  test.each([
    [['--nonsense'], /unknown option '--nonsense'/],
    [['--port', '0'], /whole number from 1 to 65535/],
    [['--baud', 'fast'], /whole number from 300/],
    [['--apn', 'a"b'], /apn must be .* without quotes, .* and line breaks/],
    [['--apn', 'a\nb'], /apn must be .* without quotes, .* and line breaks/],
    [['--serial', '/dev/nothing'], /There is no serial port \/dev\/nothing/],
    [['--serial', '/dev/null', '--pty'], /cannot be used with/],
    [['--apn', 'internet'], /'--apn' has no effect without '--serial'/],
    [['--pin', '1234'], /'--pin' has no effect without '--serial'/],
    [['--pin', '12'], /digits/],
    [['--baud', '9600'], /'--baud' has no effect without '--serial' or '--pty'/],
    [['--once', '--no-check'], /'--once' is the self-check that '--no-check' skips/],
    [['more'], /too many arguments/],
  ])('%s', async (args, message) => {
    const { code, error } = await called(...args);
    expect(code).toBe(2);
    expect(error).toMatch(message);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  test('the program ends with that code', async () => {
    const { exit, printed } = demo('--nonsense');
    expect([await exit, printed.error]).toEqual([2, "error: unknown option '--nonsense'. See --help.\n"]);
  });

  test('a TCP port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, error } = await called('--port', port);
    server.close();
    expect([code, error]).toEqual([2, `TCP port ${port} is in use: choose another one with --port.\n`]);
  });

  test('--help is no mistake', async () => {
    const { code, out } = await called('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/--serial <path>/);
  });
});
