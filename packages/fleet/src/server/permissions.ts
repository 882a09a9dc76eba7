import { assertName } from '../protocol/names.js';
import {
  BEATS,
  BUCKET,
  EVENT_SUBJECTS,
  EVENTS,
  framesOf,
  inOf,
  outOf,
  ownSubjectsOf,
  requestOf,
  STORED,
  storedBy,
  VERBS,
} from '../protocol/subjects.js';

/** What a user of the server may do, in the words of nats-server's configuration. */
export interface Permissions {
  readonly publish: { readonly allow: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[] };
  readonly allow_responses?: { readonly max: number; readonly expires: string };
}

/** Any modem of any process of any agent. */
const ANY = { agent: '*', instance: '*', modem: '*' };

/** Questions about bucket and stream. None of them creates or changes anything. */
const STREAMS = [`KV_${BUCKET}`, EVENTS];
const INFORMATION = STREAMS.map((stream) => `$JS.API.STREAM.INFO.${stream}`);
const READING = [
  ...INFORMATION,
  ...STREAMS.flatMap((stream) => [`$JS.API.DIRECT.GET.${stream}`, `$JS.API.DIRECT.GET.${stream}.>`]),
];
const WATCHING = [BEATS, EVENT_SUBJECTS, STORED];
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
  const agent = assertName('name of the agent', name);
  return {
    publish: { allow: [ownSubjectsOf(agent), storedBy(agent), ...INFORMATION] },
    subscribe: {
      allow: [requestOf({ ...ANY, agent }, '*'), framesOf(agent, '*'), '$SRV.>', `${inboxPrefixOf(name)}.>`],
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
      allow: [...VERBS.map((verb) => requestOf(ANY, verb)), inOf(ANY, '*'), DISCOVERY, ...READING],
    },
    subscribe: { allow: [...WATCHING, outOf(ANY, '*'), `${inboxPrefixOf(user)}.>`] },
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
