import { assertName } from '../protocol/names.js';

/** What a user of the server may do, in the words of nats-server's configuration. */
export interface Permissions {
  readonly publish: { readonly allow: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
  readonly allow_responses?: { readonly max: number; readonly expires: string };
}

const VERBS = ['run', 'raw', 'resolve', 'open', 'delivered', 'lease', 'cancel', 'call'];

/** Questions about bucket and stream. None of them creates or changes anything. */
const INFORMATION = ['$JS.API.STREAM.INFO.KV_A7600', '$JS.API.STREAM.INFO.A7600_EVENTS'];
const READING = [
  ...INFORMATION,
  '$JS.API.DIRECT.GET.KV_A7600',
  '$JS.API.DIRECT.GET.KV_A7600.>',
  '$JS.API.DIRECT.GET.A7600_EVENTS',
  '$JS.API.DIRECT.GET.A7600_EVENTS.>',
];
const WATCHING = ['a7600.v1.*.beat', 'a7600.v1.*.event.*', '$KV.A7600.>'];
const DISCOVERY = '$SRV.PING.>';

/**
 * The prefix of the subjects on which a program receives replies. Each user has its own, or one program could read the
 * replies of another.
 *
 * @param user the name of an agent, or what identifies another user: its public key, or its name
 * @returns what `inboxPrefix` of the connection has to be
 */
export function inboxPrefixOf(user: string): string {
  return `_INBOX_${user}`;
}

/**
 * What an agent may do: it answers requests, and publishes and stores below its own name.
 *
 * @param name the name of the agent
 * @returns the permissions of its user
 * @throws FleetError `INVALID_ARGUMENT`: the name cannot be part of a subject
 */
export function agentPermissions(name: string): Permissions {
  const own = `a7600.v1.${assertName('name of the agent', name)}`;
  return {
    publish: { allow: [`${own}.>`, `$KV.A7600.${name}.>`, ...INFORMATION] },
    subscribe: {
      allow: [`${own}.*.*.*`, `${own}.*.*.in.*`, '$SRV.>', `${inboxPrefixOf(name)}.>`],
    },
    allow_responses: { max: 1, expires: '5m' },
  };
}

/**
 * What a controller may do: it sends requests and frames to every agent, and watches.
 *
 * @param user what identifies the user
 * @returns its permissions
 */
export function controllerPermissions(user: string): Permissions {
  return {
    publish: {
      allow: [...VERBS.map((verb) => `a7600.v1.*.*.*.${verb}`), 'a7600.v1.*.*.*.in.*', DISCOVERY, ...READING],
    },
    subscribe: { allow: [...WATCHING, 'a7600.v1.*.*.*.out.*', `${inboxPrefixOf(user)}.>`] },
  };
}

/**
 * What a viewer may do: it watches.
 *
 * @param user what identifies the user
 * @returns its permissions
 */
export function viewerPermissions(user: string): Permissions {
  return {
    publish: { allow: [DISCOVERY, ...READING] },
    subscribe: { allow: [...WATCHING, `${inboxPrefixOf(user)}.>`] },
  };
}
