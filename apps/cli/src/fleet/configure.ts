import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isFleetName } from '@a7600/fleet';
import { type ServerUser, serverConfiguration } from '@a7600/fleet/server';
import { createUser } from '@nats-io/nkeys';
import { type Command, InvalidArgumentError } from 'commander';
import { defer, of } from 'rxjs';
import { ExitCode, UsageError } from '../exit-code.js';
import { writeGiven } from '../given-file.js';
import type { Subcommand } from '../subcommand.js';

/** Makes the configuration of a nats-server and the keys of its users. */
export const configure: Subcommand = {
  notes: `Example:
  a7600 fleet configure --agent ROOF-17 --agent ROOF-18 --controller desk --tls-cert server.pem --tls-key server.key
  nats-server -c fleet/nats-server.conf

It writes one file of each key, NAME.nk. Bring it to the machine of that program, and nowhere else: who has it is that
program. The server has the public keys only.`,
  connects: false,
  define: (command: Command) =>
    command
      .option('--agent <name>', 'a program beside modems (several: repeat the option)', several)
      .option('--controller <name>', 'a program that drives modems', several)
      .option('--viewer <name>', 'a program that only watches', several)
      .option('--administrator <name>', 'who creates what the server stores', 'root')
      .option('--listen <host:port>', 'where the server listens', '0.0.0.0:4222')
      .option('--store <folder>', 'where the server stores its data', '/var/lib/nats')
      .option('--tls-cert <file>', 'certificate of the server')
      .option('--tls-key <file>', 'key of that certificate')
      .option('--out <folder>', 'where the files are written', 'fleet'),
  run: ({ options, console }) =>
    defer(() => {
      const given = options as unknown as Options;
      const { agent = [], controller = [], viewer = [], administrator, listen, store, out } = given;
      if (agent.length === 0) throw new UsageError('A fleet needs an agent: name it with --agent.');
      const seeds = new Map<string, Uint8Array>();
      const userOf = (name: string): ServerUser => {
        const key = createUser();
        seeds.set(name, key.getSeed());
        return { name, nkey: key.getPublicKey() };
      };
      const tls = tlsOf(given);
      const text = serverConfiguration({
        listen,
        storeFolder: store,
        tls,
        agents: agent.map(userOf),
        controllers: controller.map(userOf),
        viewers: viewer.map(userOf),
        administrators: [userOf(administrator)],
      });
      writeGiven('--out', out, () => mkdirSync(out, { recursive: true, mode: 0o700 }));
      const files = [...seeds].map(([name, seed]): [string, string] => [
        `${name}.nk`,
        `${new TextDecoder().decode(seed)}\n`,
      ]);
      const written = write(out, [['nats-server.conf', text], ...files]);
      for (const file of written) {
        console.print(file);
        console.value({ file });
      }
      if (tls === undefined) {
        console.tell(
          'Without --tls-cert and --tls-key, who sees the network can read and change everything.',
        );
      }
      return of(ExitCode.Done);
    }),
};

interface Options {
  readonly agent?: readonly string[];
  readonly controller?: readonly string[];
  readonly viewer?: readonly string[];
  readonly administrator: string;
  readonly listen: string;
  readonly store: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly out: string;
}

function several(value: string, earlier: readonly string[] = []): string[] {
  if (!isFleetName(value)) throw new InvalidArgumentError('Use 1 to 32 letters, digits, "_" or "-".');
  return [...earlier, value];
}

function tlsOf({ tlsCert, tlsKey }: Options) {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UsageError('--tls-cert and --tls-key need each other.');
  }
  return { certFile: resolve(tlsCert), keyFile: resolve(tlsKey) };
}

/** Writes files that only this user may read, and never over others: a key that is gone cannot be made again. */
function write(folder: string, files: readonly [name: string, text: string][]): string[] {
  const paths = files.map(([name]) => join(folder, name));
  const existing = paths.find((path) => existsSync(path));
  if (existing !== undefined) {
    throw new UsageError(`${existing} exists. Choose another folder with --out, or move it away.`);
  }
  for (const [index, [, text]] of files.entries()) {
    const path = paths[index] as string;
    writeGiven('--out', path, () => writeFileSync(path, text, { mode: 0o600, flag: 'wx' }));
  }
  return paths;
}
