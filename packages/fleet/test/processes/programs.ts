import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { NatsConnection } from '@nats-io/transport-node';
import { lastValueFrom, type Subscription } from 'rxjs';
import { freePort } from '../../../../tools/free-port.js';
import { endingWithParent } from '../../../../tools/programs.js';
import { setUpFleet } from '../../src/index.js';
import { connected } from './connected.js';

const { PATH: path = '' } = process.env;
/** Where Debian puts daemons, which is not in everybody's path. */
const PATH = `${path}:/usr/sbin`;

/** What the processes of the tests print; which member means what is in their files. */
export interface Line {
  /** The agent runs as this process. */
  readonly instance?: string;
  readonly executed?: string;
  readonly modem?: string;
  readonly at?: number;
  readonly heap?: number;
  readonly error?: string;
  readonly failed?: string;
  readonly stuck?: string;
  readonly presences?: Record<string, string>;
  readonly asked?: string;
  readonly code?: string;
  readonly stream?: number;
  readonly received?: number;
  readonly isRight?: boolean;
  readonly isOpened?: boolean;
  readonly ends?: number;
  readonly by?: string;
}

/** A process with what it says, a JSON value a line. */
export interface Talking {
  readonly process: ChildProcess;
  readonly said: Line[];
  /** Calls back with each line. */
  listen(listener: (line: Line) => void): void;
}

/** Starts a bundled program that can be sent messages, until `open` ends. */
export function program(open: Subscription, file: string, ...args: string[]): Talking {
  const child = spawn(...endingWithParent(process.execPath, ['--expose-gc', file, ...args]), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  open.add(() => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  });
  const said: Line[] = [];
  const listeners: ((line: Line) => void)[] = [];
  createInterface({ input: child.stdout as Readable }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    said.push(line);
    for (const listener of listeners) listener(line);
  });
  return { process: child, said, listen: (listener) => void listeners.push(listener) };
}

/** A real nats-server that can be killed and started again on its port and store. */
export interface Server {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Starts it again after it was killed. */
  restart(): Promise<void>;
}

/** Starts a server without authorization on loopback, until `open` ends. */
export async function natsServer(open: Subscription): Promise<Server> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'a7600-fleet-'));
  let child: ChildProcess;
  const start = async () => {
    const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder];
    const started = spawn(...endingWithParent('nats-server', args), {
      stdio: 'ignore',
      env: { ...process.env, PATH },
    });
    child = started;
    const ended = new Promise<never>((_, reject) => {
      started.once('error', reject);
      started.once('exit', () => reject(new Error('nats-server ended.')));
    });
    const probe = await Promise.race([connected(`127.0.0.1:${port}`), ended]);
    // It may be killed later.
    ended.catch(() => {});
    await probe.close();
  };
  open.add(() => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  return {
    url: `127.0.0.1:${port}`,
    port,
    get process() {
      return child;
    },
    restart: start,
  };
}

/** Connects until `open` ends, and sets the fleet up. */
export async function ready(open: Subscription, url: string): Promise<NatsConnection> {
  const connection = await connected(url);
  open.add(() => void connection.close());
  await lastValueFrom(setUpFleet(connection), { defaultValue: undefined });
  return connection;
}
