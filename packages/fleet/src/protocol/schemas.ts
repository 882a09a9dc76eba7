import * as v from 'valibot';
import { FleetError } from '../base/errors.js';

// Members that are not known are kept: a higher minor version adds some.
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const host = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const name = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,32}$/));
const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16,64}$/));
const remote = v.looseObject({ host: v.string(), port: count });

/** What an agent says every 2 s. */
export const beatSchema = v.looseObject({
  protocol: v.string(),
  instance: id,
  clock: count,
  modems: count,
  dropped: v.optional(count, 0),
});

const link = v.looseObject({
  link: count,
  kind: v.picklist(['tcp', 'udp', 'transparent']),
  state: v.picklist(['opening', 'open', 'closing']),
  remote: v.optional(remote),
  server: v.optional(count),
});

/** What is stored of a modem. */
export const stateSchema = v.looseObject({
  protocol: v.string(),
  instance: id,
  serial: count,
  state: v.picklist(['opening', 'online', 'waiting', 'failed', 'stopped', 'unknown']),
  imei: v.optional(v.string()),
  identity: v.optional(
    v.looseObject({
      manufacturer: v.optional(v.string()),
      model: v.optional(v.string()),
      revision: v.optional(v.string()),
      build: v.optional(v.string()),
    }),
  ),
  reason: v.optional(v.string()),
  address: v.optional(v.string()),
  signal: v.optional(v.looseObject({ rssi: v.optional(v.number()), ber: v.number() })),
  operator: v.optional(v.string()),
  technology: v.optional(v.number()),
  links: v.optional(v.array(link), []),
  recovery: v.optional(v.looseObject({ attempt: count, level: v.string(), code: v.optional(v.string()) })),
  statistics: v.optional(v.record(v.string(), v.number())),
  traffic: v.optional(v.looseObject({ sent: v.number(), received: v.number() })),
  error: v.optional(v.looseObject({ code: v.optional(v.string()), message: v.string() })),
  lease: v.optional(v.looseObject({ epoch: count, holder: v.string() })),
  at: v.optional(v.string()),
});

/** What happened, as it is stored in the stream of events. */
export const eventSchema = v.looseObject({
  protocol: v.string(),
  id: v.string(),
  modem: v.optional(v.string()),
  kind: v.string(),
  at: v.optional(v.string()),
  data: v.unknown(),
});

/** What each request has. */
export const requestSchemas = {
  run: v.looseObject({
    text: v.pipe(v.string(), v.maxLength(556)),
    label: v.pipe(v.string(), v.maxLength(556)),
    timeout: v.pipe(v.number(), v.minValue(1), v.maxValue(300_000)),
    names: v.array(v.string()),
    plain: v.boolean(),
    link: v.optional(count),
    outcome: v.optional(v.boolean(), false),
    answersWithLine: v.optional(v.boolean(), false),
    prompt: v.optional(v.boolean(), false),
  }),
  raw: v.looseObject({
    text: v.pipe(v.string(), v.maxLength(556)),
    timeout: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(300_000))),
  }),
  resolve: v.looseObject({ host }),
  open: v.intersect([
    v.looseObject({ stream: id }),
    v.variant('kind', [
      v.looseObject({
        kind: v.literal('connect'),
        host,
        port,
        localPort: v.optional(v.pipe(v.number(), v.integer())),
      }),
      v.looseObject({ kind: v.literal('listen'), port }),
      v.looseObject({ kind: v.literal('bind'), port, host: v.optional(host), peerPort: v.optional(port) }),
      v.looseObject({ kind: v.literal('transparent'), host, port }),
      v.looseObject({ kind: v.literal('record') }),
    ]),
  ]),
  delivered: v.looseObject({ stream: id }),
  lease: v.looseObject({
    action: v.picklist(['acquire', 'renew', 'release']),
    ttl: v.optional(v.pipe(v.number(), v.minValue(1_000), v.maxValue(60_000)), 10_000),
    holder: v.optional(v.pipe(v.string(), v.maxLength(64)), ''),
  }),
  cancel: v.looseObject({ id }),
  call: v.looseObject({ name, argument: v.optional(v.unknown()) }),
};

/** What each reply has. */
export const replySchemas = {
  raw: v.looseObject({ lines: v.array(v.string()) }),
  resolve: v.looseObject({ addresses: v.array(v.string()) }),
  lease: v.looseObject({ epoch: count, token: v.string(), ttl: v.number() }),
  call: v.looseObject({ value: v.optional(v.unknown()) }),
};

/** What an agent says of a stream that is open. */
export const openedSchema = v.looseObject({
  remote: v.optional(remote),
  link: v.optional(count),
  server: v.optional(count),
  localPort: v.optional(count),
});

/** A client that a listener has accepted. */
export const clientSchema = v.looseObject({ stream: id, ...openedSchema.entries });

/** The sender of a datagram, or its receiver. */
export const peerSchema = v.looseObject({ host: v.optional(host), port: v.optional(count) });

/** A beat that was read. */
export type Beat = v.InferOutput<typeof beatSchema>;
/** A state that was read. */
export type StoredState = v.InferOutput<typeof stateSchema>;
/** An event that was read. */
export type StoredFleetEvent = v.InferOutput<typeof eventSchema>;
/** A request to run a command. */
export type RunRequest = v.InferOutput<typeof requestSchemas.run>;
/** A request to open a stream. */
export type OpenRequest = v.InferOutput<typeof requestSchemas.open>;

/** Checks a value of another machine; throws `PROTOCOL` with the member that is wrong. */
export function checked<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  what: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const at = v.getDotPath(issue as v.BaseIssue<unknown>);
  throw new FleetError(
    'PROTOCOL',
    `${what} is not of the protocol${at === null ? '' : `, at ${at}`}: ${issue?.message}.`,
  );
}
