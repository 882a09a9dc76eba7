import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import { type ByteLink, linkPair } from '@a7600/transport';
import { Observable } from 'rxjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { NOTHING_INHERITED, PLAIN_ENVIRONMENT } from '../../../tools/programs.js';
import { run } from './demo.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Demo {
  readonly child: ChildProcess;
  /** Its output so far. */
  readonly printed: { out: string; error: string };
  /** Resolves with the match once it has printed a match. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  readonly exit: Promise<number | null>;
}

/** Starts the demo as `npm start` does. */
function demo(...args: string[]): Demo {
  const child = spawn(
    process.execPath,
    ['--conditions=@a7600/source', 'tools/start.mjs', 'apps/echo/src/main.ts', ...args],
    { cwd: root, env: PLAIN_ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe', ...NOTHING_INHERITED] },
  );
  children.push(child);
  const printed = { out: '', error: '' };
  const waiting = new Set<() => void>();
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    printed.out += chunk;
    for (const check of waiting) check();
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    printed.error += chunk;
  });
  return {
    child,
    printed,
    exit: once(child, 'close').then(([code]) => code as number | null),
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(printed.out);
          if (match === null) return;
          waiting.delete(check);
          resolve(match);
        };
        waiting.add(check);
        child.once('close', () =>
          reject(new Error(`It ended without ${pattern}: ${printed.out}${printed.error}`)),
        );
        check();
      }),
  };
}

async function finished(...args: string[]) {
  const { exit, printed } = demo(...args);
  return { code: await exit, ...printed };
}

/** Runs the demo in this process. */
async function called(...args: string[]) {
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const complained = vi.spyOn(console, 'error').mockReturnValue();
  const progress = vi.spyOn(console, 'log').mockReturnValue();
  try {
    const code = await run(args);
    return { code, error: [...printed.mock.calls, ...complained.mock.calls].map(([said]) => said).join('') };
  } finally {
    printed.mockRestore();
    complained.mockRestore();
    progress.mockRestore();
  }
}

async function serving(...args: string[]): Promise<Demo & { readonly port: number }> {
  const started = demo(...args);
  const [, port] = await started.says(/TCP port (\d+)/);
  return { ...started, port: Number(port) };
}

/** Sends `sent`, waits until as many bytes come back, and disconnects. */
async function exchange(port: number, sent: string): Promise<string> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.write(sent);
  let received = '';
  for await (const chunk of socket) {
    received += chunk;
    if (received.length >= sent.length) break;
  }
  return received;
}

describe('--once', () => {
  test.each([
    ['in process', []],
    ['over a pseudo-terminal', ['--pty']],
  ])('passes its self-check %s', async (_, args) => {
    const { code, out, error } = await finished('--once', ...args);
    expect([code, error]).toEqual([0, '']);
    expect(out).toMatch(/Checked: 262159 bytes sent, all of them came back/);
    expect(out).toMatch(/Closed, after 1 connections and 262159 bytes echoed/);
  });

  test('--trace shows the dialogue, readable, with the payload shortened', async () => {
    const { out } = await finished('--once', '--trace');
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

  test('two hundred connections, one after another', async () => {
    const { port, child, exit, printed } = await serving('--no-check');
    for (let turn = 0; turn < 200; turn++)
      expect(await exchange(port, `number ${turn}`)).toBe(`number ${turn}`);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(printed.out).toMatch(/Closed, after 200 connections/);
  });

  test('ten at once; the eleventh waits for a link, the one above the backlog is refused', async () => {
    const { port, child, exit, says } = await serving('--no-check');
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
    child.kill('SIGINT');
    expect(await exit).toBe(0);
  });

  test('a client that resets its connection does not disturb the others', async () => {
    const { port, child, exit } = await serving('--no-check');
    const rude = createConnection({ port, host: '127.0.0.1' });
    await once(rude, 'connect');
    rude.write('x'.repeat(100_000));
    await once(rude, 'data');
    rude.resetAndDestroy();
    expect(await exchange(port, 'still here')).toBe('still here');
    child.kill('SIGINT');
    expect(await exit).toBe(0);
  });
});

describe('on a serial port', () => {
  test('serves a module there, hides its secrets, and ends with a message when it goes away', async () => {
    const module = emulator({ network: hostNetwork() });
    module.control.surroundings.sim = 'SIM PIN';
    module.control.surroundings.pin = '4711';
    const port = await freePort();
    const options = ['--port', String(port), '--apn', 'private.apn', '--pin', '4711', '--trace'];
    const started = await new Promise<Demo>((resolve) => {
      const subscription = onPty(module).subscribe(({ path }) => {
        const running = demo('--serial', path, ...options);
        running.says(/Listening/).then(async () => {
          expect(await exchange(port, 'over the wire')).toBe('over the wire');
          subscription.unsubscribe();
          resolve(running);
        });
      });
    });
    expect(await started.exit).toBe(1);
    const { out, error } = started.printed;
    expect(error).toMatch(/^Lost the serial port \/dev\/pts\/\d+: .*\n$/);
    expect(out).toMatch(/^Modem: waiting for registration/m);
    expect(out).toContain('AT+CGDCONT=1,"IP","…"␍');
    expect(out).not.toMatch(/private\.apn|4711/);
  });

  test('names the usual causes early when nothing answers there', async () => {
    const silent = new Observable<ByteLink>((subscriber) => subscriber.next(linkPair()[0]));
    await new Promise<void>((resolve, reject) => {
      const subscription = onPty(silent).subscribe(({ path }) => {
        const { says, child } = demo('--serial', path);
        says(/No answer on \/dev\/pts\/\d+ at 115200 baud yet/)
          .then(() => child.kill('SIGINT'))
          .then(() => resolve(), reject)
          .finally(() => subscription.unsubscribe());
      });
    });
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
    const { code, error } = await finished('--nonsense');
    expect([code, error]).toEqual([2, "error: unknown option '--nonsense'. See --help.\n"]);
  });

  test('a TCP port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, error } = await finished('--port', port);
    server.close();
    expect([code, error]).toEqual([2, `TCP port ${port} is in use: choose another one with --port.\n`]);
  });

  test('--help is no mistake', async () => {
    const { code, out } = await finished('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/--serial <path>/);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
