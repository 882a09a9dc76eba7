import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createUser, fromSeed } from '@nats-io/nkeys';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import type { Subscription } from 'rxjs';
import { freePort } from '../../../tools/free-port.js';
import { makeCertificates } from '../../tcpip/test/certificates.js';
import { type Program, started, temporaryFolder } from '../../tcpip/test/programs.js';
import { serverConfiguration } from '../src/server/configuration.js';
import { inboxPrefixOf } from '../src/server/permissions.js';

/** A real nats-server as `serverConfiguration` sets it up, with TLS and keys. */
export interface FleetServer {
  readonly url: string;
  /** The certificate that the server's is checked with, in PEM. */
  readonly ca: string;
  readonly program: Program;
  /** The file with the seed of a user. */
  keyFile(name: string): string;
  /** What the server knows a user by. */
  identity(name: string): string;
  /** Connects as a user, until `open` ends. */
  connect(name: string): Promise<NatsConnection>;
}

/** Who has which role on the servers of the tests. */
const ROLES = {
  agents: ['roof-1', 'roof-2'],
  controllers: ['desk-1', 'desk-2'],
  viewers: ['wall'],
  administrators: ['root'],
} as const;

/** Starts a server with two agents, two controllers, a viewer and an administrator. */
export async function fleetServer(open: Subscription): Promise<FleetServer> {
  const folder = temporaryFolder(open);
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const { ca, server } = await makeCertificates();
  const port = await freePort();
  const seeds = new Map<string, Uint8Array>();
  const usersOf = (names: readonly string[]) =>
    names.map((name) => {
      const key = createUser();
      seeds.set(name, key.getSeed());
      file(`${name}.nk`, `${new TextDecoder().decode(key.getSeed())}\n`);
      return { name, nkey: key.getPublicKey() };
    });
  const seedOf = (name: string) => {
    const seed = seeds.get(name);
    if (seed === undefined) throw new Error(`There is no user ${name}.`);
    return seed;
  };
  const configuration = serverConfiguration({
    listen: `127.0.0.1:${port}`,
    storeFolder: join(folder, 'jetstream'),
    tls: { certFile: file('server.pem', server.cert), keyFile: file('server.key', server.key) },
    agents: usersOf(ROLES.agents),
    controllers: usersOf(ROLES.controllers),
    viewers: usersOf(ROLES.viewers),
    administrators: usersOf(ROLES.administrators),
  });
  const args = ['-c', file('nats.conf', configuration)];
  const program = await started(open, port, 'nats-server', args, /Server is ready/);
  const url = `tls://127.0.0.1:${port}`;
  const identity = (name: string) =>
    (ROLES.agents as readonly string[]).includes(name) ? name : fromSeed(seedOf(name)).getPublicKey();
  return {
    url,
    ca,
    program,
    identity,
    keyFile: (name) => join(folder, `${name}.nk`),
    async connect(name) {
      const connection = await connect({
        servers: url,
        tls: { ca },
        authenticator: nkeyAuthenticator(seedOf(name)),
        inboxPrefix: inboxPrefixOf(identity(name)),
        reconnect: false,
      });
      open.add(() => void connection.close());
      return connection;
    },
  };
}

/** What the server refused to a connection so far. */
export function refusals(connection: NatsConnection): () => Promise<string[]> {
  const refused: string[] = [];
  const watch = async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error') refused.push(status.error.message);
    }
  };
  void watch();
  return async () => {
    // The server has come to everything before it answers.
    await connection.flush();
    await new Promise(setImmediate);
    return refused.splice(0);
  };
}
