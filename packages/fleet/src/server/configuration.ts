/**
 * The configuration of nats-server for a fleet.
 *
 * @module
 */

import { FleetError } from '../base/errors.js';
import { assertName } from '../protocol/names.js';
import { type HomeUsers, homeAccount } from './home-account.js';
import {
  agentPermissions,
  controllerPermissions,
  type Permissions,
  viewerPermissions,
} from './permissions.js';

/** A program that connects to the server, and how it proves who it is. */
export interface ServerUser {
  /** The name of an agent; for others a name for people, which is the name of the user where it has a password. */
  readonly name: string;
  /** Its public key: `U` and 55 characters. Its seed never leaves the program. */
  readonly nkey?: string | undefined;
  /** In place of a key: the password, or its bcrypt hash. */
  readonly password?: string | undefined;
}

/** Files of a certificate. */
export interface TlsFiles {
  /** The certificate, and those between it and the authority, in PEM. */
  readonly certFile: string;
  /** Its private key, in PEM. */
  readonly keyFile: string;
}

/** Settings of {@link serverConfiguration}. */
export interface ServerConfigurationOptions {
  /** The name of the server, one word. Default `fleet`. */
  readonly serverName?: string | undefined;
  /** Where it listens, `HOST:PORT`. Default `0.0.0.0:4222`. */
  readonly listen?: string | undefined;
  /** The folder of JetStream's files. */
  readonly storeFolder: string;
  /** The certificate of the server. Without one, everybody between program and server can read along. */
  readonly tls?: TlsFiles | undefined;
  /** The agents: each may publish below its own name. */
  readonly agents: readonly ServerUser[];
  /** Programs that drive modems. */
  readonly controllers: readonly ServerUser[];
  /** Programs that watch. */
  readonly viewers?: readonly ServerUser[] | undefined;
  /** Who creates bucket and stream. */
  readonly administrators: readonly ServerUser[];
  /** The port for programs that speak MQTT, and who uses it. Default: none. */
  readonly mqtt?: (HomeUsers & { readonly listen: string }) | undefined;
}

const NKEY = /^U[A-Z2-7]{55}$/;

/**
 * The configuration of a nats-server for a fleet, as the text of its file (JSON, which nats-server reads). All users are
 * in accounts, and none but administrators may create consumers: a consumer delivers to any subject, also to one that its
 * creator may not publish to.
 *
 * @param options see {@link ServerConfigurationOptions}
 * @returns the text
 * @throws FleetError `INVALID_ARGUMENT`: a name, a key, or two users that the server could not tell apart
 */
export function serverConfiguration(options: ServerConfigurationOptions): string {
  const { serverName = 'fleet', listen = '0.0.0.0:4222', storeFolder, tls, mqtt } = options;
  const { agents, controllers, viewers = [], administrators } = options;
  assertDistinct([...agents, ...controllers, ...viewers, ...administrators]);
  const files = tls && { tls: { cert_file: tls.certFile, key_file: tls.keyFile } };
  const configuration = {
    server_name: serverName,
    listen,
    ...files,
    jetstream: { store_dir: storeFolder },
    // A connection that has died is noticed before its client could be missed for long.
    ping_interval: '10s',
    ping_max: 2,
    ...(mqtt && { mqtt: { listen: mqtt.listen, ...files } }),
    accounts: {
      FLEET: {
        jetstream: 'enabled',
        users: [
          ...agents.map((agent) => user(agent, agentPermissions(agent.name))),
          ...controllers.map((each) => user(each, controllerPermissions(identityOf(each)))),
          ...viewers.map((each) => user(each, viewerPermissions(identityOf(each)))),
          ...administrators.map((each) => user(each)),
        ],
      },
      ...(mqtt && { HOME: homeAccount(mqtt) }),
    },
  };
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}

/** What the server knows a user by. */
function identityOf({ name, nkey }: ServerUser): string {
  return nkey ?? name;
}

function user({ name, nkey, password }: ServerUser, permissions?: Permissions) {
  return {
    ...(nkey === undefined ? { user: name, password } : { nkey }),
    ...(permissions && { permissions }),
    // Over MQTT, topics would be the same subjects.
    allowed_connection_types: ['STANDARD', 'WEBSOCKET'],
  };
}

function assertDistinct(users: readonly ServerUser[]): void {
  const seen = new Set<string>();
  for (const { name, nkey, password } of users) {
    assertName('name of the user', name);
    if ((nkey === undefined) === (password === undefined)) {
      throw new FleetError('INVALID_ARGUMENT', `The user ${name} needs either a public key or a password.`);
    }
    if (nkey !== undefined && !NKEY.test(nkey)) {
      const message = `The key of ${name} is not the public key of a user: that is "U" and 55 letters or digits.`;
      throw new FleetError('INVALID_ARGUMENT', message);
    }
    for (const identity of [name, nkey]) {
      if (identity === undefined) continue;
      if (seen.has(identity)) {
        throw new FleetError(
          'INVALID_ARGUMENT',
          `There are two users ${identity}: give each a name and a key of its own.`,
        );
      }
      seen.add(identity);
    }
  }
}
