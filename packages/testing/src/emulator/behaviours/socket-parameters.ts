import type { Behaviour } from '../at/behaviour.js';
import { type FinalReply, ok, refuse } from '../at/reply.js';
import { optional } from '../at/values.js';
import type { Module } from '../module.js';
import type { Settings } from '../settings.js';

/** One field of `AT+CIPCCFG`. */
interface Field {
  readonly range: string;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  readonly get: (settings: Settings) => number;
  readonly set: (settings: Settings, value: number) => void;
}

/** The fields of `AT+CIPCCFG`, in order (protocol 3.12). */
const FIELDS: readonly Field[] = [
  field(
    0,
    10,
    10,
    (s) => s.retransmissions,
    (s, value) => {
      s.retransmissions = value;
    },
  ),
  field(
    0,
    1_000,
    0,
    (s) => s.pushDelay,
    (s, value) => {
      s.pushDelay = value;
    },
  ),
  field(
    0,
    0,
    0,
    (s) => s.acknowledge,
    () => {},
  ),
  field(
    0,
    1,
    1,
    (s) => (s.errorsAsText ? 1 : 0),
    (s, value) => {
      s.errorsAsText = value === 1;
    },
  ),
  field(
    0,
    1,
    0,
    (s) => s.headerType,
    (s, value) => {
      s.headerType = value;
    },
  ),
  field(
    0,
    1,
    0,
    (s) => s.async,
    (s, value) => {
      s.async = value;
    },
  ),
  field(
    500,
    120_000,
    500,
    (s) => s.retransmissionTime,
    (s, value) => {
      s.retransmissionTime = value;
    },
  ),
  field(
    0,
    1,
    0,
    (s) => (s.readsDatagrams ? 1 : 0),
    (s, value) => {
      s.readsDatagrams = value === 1;
    },
  ),
];

/** `AT+CIPCCFG` (protocol 3.12). */
export const socketParameters: readonly Behaviour[] = [
  {
    command: '+CIPCCFG',
    test: (_, module) =>
      ok(
        `+CIPCCFG: ${fieldsOf(module)
          .map(({ range }) => range)
          .join()}`,
      ),
    read: (_, module) =>
      ok(
        `+CIPCCFG: ${fieldsOf(module)
          .map(({ get }) => get(module.settings))
          .join()}`,
      ),
    execute: (_, module) => {
      for (const { set, initial } of fieldsOf(module)) set(module.settings, initial);
      return ok();
    },
    write: ({ values }, module) => write(values, module),
  },
];

/** The eighth field came with V1.09. */
function fieldsOf({ profile }: Module): readonly Field[] {
  return profile.configuresDatagrams ? FIELDS : FIELDS.slice(0, 7);
}

function write(values: readonly string[], module: Module): FinalReply {
  const fields = fieldsOf(module);
  const { settings } = module;
  const wanted = fields.map(({ min, max, get }, index) => optional(values[index], min, max, get(settings)));
  if (values.length > fields.length || wanted.includes(undefined)) return refuse();
  for (const [index, { set }] of fields.entries()) set(settings, wanted[index] ?? 0);
  return ok();
}

function field(min: number, max: number, initial: number, get: Field['get'], set: Field['set']): Field {
  return { range: min === max ? `(${min})` : `(${min}-${max})`, min, max, initial, get, set };
}
