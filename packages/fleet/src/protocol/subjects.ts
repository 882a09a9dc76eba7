/** Where all subjects of this major version begin. */
const ROOT = 'a7600.v1';
/** The key-value bucket with states and mirrors of leases. */
export const BUCKET = 'A7600';
/** The stream with the events. */
export const EVENTS = 'A7600_EVENTS';
/** The subjects of {@link EVENTS}. */
export const EVENT_SUBJECTS = `${ROOT}.*.event.*`;
/** Beats of all agents. */
export const BEATS = `${ROOT}.*.beat`;
/** Everything that is stored in {@link BUCKET}, as it is written. */
export const STORED = `$KV.${BUCKET}.>`;
/** What one agent stores there. */
export const storedBy = (agent: string) => `$KV.${BUCKET}.${agent}.>`;
/** Everything that an agent sends and receives. */
export const ownSubjectsOf = (agent: string) => `${ROOT}.${agent}.>`;
/** The name under which agents are found as services. */
export const SERVICE = 'a7600-agent';
/** Asks each agent to answer as a service, and to beat at once. */
export const ROLL_CALL = `$SRV.PING.${SERVICE}`;

/** What a controller can ask an agent for. */
export const VERBS = ['run', 'raw', 'resolve', 'open', 'delivered', 'lease', 'cancel', 'call'] as const;

/** What a controller can ask an agent for. */
export type Verb = (typeof VERBS)[number];

/** Which modem of which process of which agent. */
export interface ModemAddress {
  readonly agent: string;
  readonly instance: string;
  readonly modem: string;
}

/** The subject of an agent's beats. */
export const beatOf = (agent: string) => `${ROOT}.${agent}.beat`;

/** The subject of one kind of an agent's events. */
export const eventOf = (agent: string, kind: string) => `${ROOT}.${agent}.event.${kind}`;

const modemOf = ({ agent, instance, modem }: ModemAddress) => `${ROOT}.${agent}.${instance}.${modem}`;

/** The subject of a request. */
export const requestOf = (to: ModemAddress, verb: Verb | '*') => `${modemOf(to)}.${verb}`;

/** The subject of frames to the agent. */
export const inOf = (to: ModemAddress, stream: string) => `${modemOf(to)}.in.${stream}`;

/** The subject of frames to the controller. */
export const outOf = (from: ModemAddress, stream: string) => `${modemOf(from)}.out.${stream}`;

/** What an agent subscribes to for one verb, of all its modems. */
export const requestsOf = (agent: string, instance: string, verb: Verb) =>
  `${ROOT}.${agent}.${instance}.*.${verb}`;

/** What an agent subscribes to for frames of all its streams. */
export const framesOf = (agent: string, instance: string) => `${ROOT}.${agent}.${instance}.*.in.*`;

/** The key of a modem's state, or of the mirror of its lease. */
export const keyOf = (agent: string, modem: string, what: 'state' | 'lease') => `${agent}.${modem}.${what}`;

/** The agent that a subject of beats or events belongs to: only that agent may publish there. */
export const agentOf = (subject: string): string => subject.split('.')[2] ?? '';

/** The kind of an event, from its subject. */
export const eventKindOf = (subject: string): string => subject.split('.')[4] ?? '';

/** Modem and verb of a request, or modem and stream of a frame. */
export function partsOf(subject: string): { readonly modem: string; readonly last: string } {
  const parts = subject.split('.');
  return { modem: parts[4] ?? '', last: parts.at(-1) ?? '' };
}

/** Agent, modem and kind of a key of the bucket; undefined for a key that is not of this protocol. */
export function partsOfKey(
  key: string,
): { readonly agent: string; readonly modem: string; readonly what: string } | undefined {
  const [agent, modem, what, more] = key.split('.');
  if (agent === undefined || modem === undefined || what === undefined || more !== undefined)
    return undefined;
  return { agent, modem, what };
}
