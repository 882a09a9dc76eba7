import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subscription } from 'rxjs';
import { NOTHING_INHERITED } from '../../../tools/programs.js';
import type { Certificates } from './certificates.js';
import { freePort } from './online.js';

/** Where Debian puts daemons, which is not in everybody's path. */
const { PATH = '', ...others } = process.env;
const env = { ...others, PATH: `${PATH}:/usr/sbin` };

/** A real server, running until `open` ends. */
export interface Program {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly process: ChildProcess;
}

/** The real mosquitto on a free port; with certificates it asks for that of the client. */
export async function mosquitto(open: Subscription, certificates?: Certificates): Promise<Program> {
  const port = await freePort();
  const folder = temporaryFolder(open);
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'persistence false'];
  if (certificates !== undefined) {
    lines.push(
      `cafile ${file('ca.pem', certificates.ca)}`,
      `certfile ${file('server.pem', certificates.server.cert)}`,
      `keyfile ${file('server.key', certificates.server.key)}`,
      'require_certificate true',
      // As root, mosquitto becomes another user, who could not read the files.
      'user root',
    );
  }
  return started(open, port, 'mosquitto', ['-c', file('mosquitto.conf', lines.join('\n')), '-v'], / running/);
}

/** The real redis-server on a free port. */
export async function redisServer(open: Subscription): Promise<Program> {
  const port = await freePort();
  const options = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: temporaryFolder(open) };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return started(open, port, 'redis-server', args, /[Rr]eady to accept connections/);
}

function temporaryFolder(open: Subscription): string {
  const folder = mkdtempSync(join(tmpdir(), 'a7600-'));
  open.add(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a program, and waits until it prints that it is ready. */
function started(
  open: Subscription,
  port: number,
  name: string,
  args: string[],
  ready: RegExp,
): Promise<Program> {
  const child = spawn(name, args, { env, stdio: ['ignore', 'pipe', 'pipe', ...NOTHING_INHERITED] });
  open.add(() => child.kill());
  return new Promise((resolve, reject) => {
    let printed = '';
    const listen = (bytes: Buffer) => {
      printed += bytes;
      if (ready.test(printed)) resolve({ host: '127.0.0.1', port, process: child });
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${name} ended: ${printed}`)));
  });
}
