import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Subscription } from 'rxjs';
import { freePort } from '../../../tools/free-port.js';
import { endingWithParent } from '../../../tools/programs.js';
import { type Program, started, temporaryFolder } from '../../tcpip/test/programs.js';
import { homeAccount } from '../src/server/home-account.js';

/** A real broker of MQTT with users for two agents, and `home` for Home Assistant. */
export interface Broker {
  readonly url: string;
  /** Ends it at once, as a loss of power does, and starts it again. */
  restart(): Promise<void>;
}

/** The agents that the brokers of the tests know. */
const AGENTS = ['roof-1', 'roof-2'] as const;

/** Who may connect in the tests. */
export function userOf(name: string): { readonly username: string; readonly password: string } {
  return { username: name, password: `secret of ${name}` };
}

/** Starts the real mosquitto: each agent may write below its own topics. */
export async function mosquittoBroker(open: Subscription): Promise<Broker> {
  const folder = temporaryFolder(open);
  const port = await freePort();
  const file = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`, { mode: 0o600 });
    return join(folder, name);
  };
  const users = [...AGENTS, 'home'].map(userOf);
  const passwords = file(
    'passwords',
    users.map(({ username, password }) => `${username}:${password}`),
  );
  execFileSync('mosquitto_passwd', ['-U', passwords]);
  const acl = file('acl', [
    ...AGENTS.flatMap((agent) => [
      `user ${agent}`,
      `topic write modem/${agent}/#`,
      `topic write homeassistant/+/a7600-${agent}/#`,
    ]),
    'user home',
    'topic read modem/#',
    'topic read homeassistant/#',
  ]);
  const configuration = file('mosquitto.conf', [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous false',
    `password_file ${passwords}`,
    `acl_file ${acl}`,
    'persistence false',
    // As root, mosquitto becomes another user, who could not read the files.
    'user root',
  ]);
  return broker(port, () => started(open, port, 'mosquitto', ['-c', configuration, '-v'], / running/));
}

/** Starts the real nats-server with its MQTT port and the users of `homeAccount`. */
export async function natsBroker(open: Subscription): Promise<Broker> {
  const folder = temporaryFolder(open);
  const port = await freePort();
  const passwordOf = (name: string) => userOf(name).password;
  const configuration = {
    server_name: 'test',
    listen: `127.0.0.1:${await freePort()}`,
    jetstream: { store_dir: join(folder, 'jetstream') },
    mqtt: { listen: `127.0.0.1:${port}` },
    accounts: {
      HOME: homeAccount({
        agents: AGENTS.map((name) => ({ name, password: passwordOf(name) })),
        readers: [{ name: 'home', password: passwordOf('home') }],
      }),
    },
  };
  const file = join(folder, 'nats.conf');
  writeFileSync(file, JSON.stringify(configuration), { mode: 0o600 });
  return broker(port, () => started(open, port, 'nats-server', ['-c', file], /Server is ready/));
}

async function broker(port: number, start: () => Promise<Program>): Promise<Broker> {
  let program = await start();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async restart() {
      const ended = once(program.process, 'exit');
      program.process.kill('SIGKILL');
      await ended;
      program = await start();
    },
  };
}

/** A message as `mosquitto_sub` prints it. */
export interface Heard {
  readonly isRetained: boolean;
  readonly topic: string;
  readonly payload: string;
}

/** The real `mosquitto_sub`, connected as Home Assistant's user. */
export interface Listener {
  /** The next messages. */
  take(count: number): Promise<Heard[]>;
}

/** Listens until `open` ends. Resolves when the broker has accepted the subscription. */
export async function listener(
  open: Subscription,
  { url }: Broker,
  ...topics: readonly string[]
): Promise<Listener> {
  const { hostname, port } = new URL(url);
  const { username, password } = userOf('home');
  const where = ['-h', hostname, '-p', port, '-u', username, '-P', password];
  const what = topics.flatMap((topic) => ['-t', topic]);
  // Without buffering, a line comes when its message does.
  const args = ['-oL', 'mosquitto_sub', ...where, '-d', '-q', '1', '-F', '%r %t %p', ...what];
  const child = spawn(...endingWithParent('stdbuf', args), { stdio: ['ignore', 'pipe', 'inherit'] });
  open.add(() => child.kill());
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`mosquitto_sub ended at ${url}.`);
      const match = pattern.exec(value);
      if (match !== null) return match;
    }
  };
  await next(/^Subscribed \(mid: 1\): 1(, 1)*$/);
  return {
    async take(count) {
      const messages: Heard[] = [];
      while (messages.length < count) {
        const [, retained, name = '', payload = ''] = await next(/^([01]) (\S+) (.*)$/);
        messages.push({ isRetained: retained === '1', topic: name, payload });
      }
      return messages;
    },
  };
}
