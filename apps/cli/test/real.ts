import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Emulator, type EmulatorOptions, emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import { filter, Subscription, scan, take } from 'rxjs';
import { held } from '../../../packages/tcpip/test/online.js';
import { endingWithParent, NOTHING_INHERITED, PLAIN_ENVIRONMENT } from '../../../tools/programs.js';

/** How a test, or a program that it starts, starts the program. */
export const A7600 = [
  process.execPath,
  '--conditions=@a7600/source',
  fileURLToPath(new URL('../../../tools/start.mjs', import.meta.url)),
  fileURLToPath(new URL('../src/main.ts', import.meta.url)),
] as const;

/** The same as a line for a shell. */
export const A7600_LINE = A7600.map((word) => `'${word}'`).join(' ');

/** An emulated module on a real pseudo-terminal, whose network is the loopback of this computer. */
export interface ModuleOnPty {
  readonly path: string;
  readonly control: Emulator['control'];
  /** Pulls the plug: the pseudo-terminal is gone. */
  unplug(): void;
  /**
   * Loses the bearer for some ms once so many further bytes have passed on the line. Resolves when the outage is over: a
   * program that starts before fails at once.
   */
  outageAfter(bytes: number, ms: number): Promise<void>;
}

/** Starts a module on a pseudo-terminal, until `open` ends. */
export async function moduleOnPty(open: Subscription, options: EmulatorOptions = {}): Promise<ModuleOnPty> {
  const module = emulator({ network: hostNetwork(), ...options });
  const device = new Subscription();
  open.add(device);
  const { path } = await held(device, onPty(module));
  return {
    path,
    control: module.control,
    unplug: () => device.unsubscribe(),
    outageAfter(bytes, ms) {
      const passed$ = module.control.events$.pipe(
        scan((sum, event) => sum + ('bytes' in event ? event.bytes.length : 0), 0),
        filter((sum) => sum >= bytes),
        take(1),
      );
      return new Promise((resolve) => {
        open.add(
          passed$.subscribe(() => {
            module.control.loseBearer(ms);
            setTimeout(resolve, ms);
          }),
        );
      });
    },
  };
}

/** A program that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: Buffer;
  readonly messages: string;
}

/** A program that goes on. */
export interface Going {
  readonly child: ChildProcess;
  /** Resolves with the match once it has printed one, on standard output or as a message. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
}

/** Starts a program, which ends with `open` at the latest. Its input is empty, or stays open. */
export function going(
  open: Subscription,
  [name, ...args]: readonly string[],
  { cwd, env = {}, input }: Started = {},
): Going {
  const child = spawn(...endingWithParent(name as string, args), {
    cwd,
    env: { ...PLAIN_ENVIRONMENT, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...NOTHING_INHERITED],
  });
  open.add(() => child.kill('SIGKILL'));
  child.stdin?.on('error', () => {});
  if (input !== 'open') child.stdin?.end(input);
  let printed = '';
  const looking = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes) => {
      printed += bytes;
      for (const look of looking) look();
    });
  }
  const outcome = async (): Promise<Ended> => {
    const [output, messages, [code]] = await Promise.all([
      buffer(child.stdout as NonNullable<typeof child.stdout>),
      buffer(child.stderr as NonNullable<typeof child.stderr>),
      once(child, 'close'),
    ]);
    return { code, output, messages: String(messages) };
  };
  const ended = outcome();
  return {
    child,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(printed);
          if (match === null) return;
          looking.delete(look);
          resolve(match);
        };
        looking.add(look);
        ended.then(() => reject(new Error(`It ended without ${pattern}: ${printed}`)));
        look();
      }),
  };
}

/** How a program is started. */
export interface Started {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Its input; `open` is one that never ends. Without it, the input is empty. */
  readonly input?: Uint8Array | 'open';
}

/** Runs a program until it ends. */
export function ended(...call: Parameters<typeof going>): Promise<Ended> {
  return going(...call).ended;
}

/** Bytes that are the same in each run, and of which no two stretches are the same. */
export function patterned(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = 0x2545f491;
  for (let at = 0; at + 4 <= size; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeInt32LE(state | 0, at);
  }
  return bytes;
}
