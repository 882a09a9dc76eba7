import type { Behaviour } from '../behaviour.js';
import type { Module } from '../module.js';
import { type FinalReply, ok, refuse } from '../reply.js';
import { number } from '../values.js';

/** A setting of 0 or 1 that a basic command switches; without a digit it is 0 (V.250). */
function toggle(command: string, set: (module: Module, on: boolean) => void): Behaviour {
  const apply = (value: string | undefined, module: Module): FinalReply => {
    const on = number(value, 0, 1);
    if (on === undefined) return refuse();
    set(module, on === 1);
    return ok();
  };
  return {
    command,
    execute: (_, module) => apply('0', module),
    write: ({ values }, module) => apply(values[0], module),
  };
}

export const general: readonly Behaviour[] = [
  { command: '', execute: () => ok() },
  toggle('E', ({ settings }, on) => {
    settings.echo = on;
  }),
  toggle('V', ({ settings }, on) => {
    settings.verbose = on;
  }),
  {
    command: '+CMEE',
    test: () => ok('+CMEE: (0-2)'),
    read: (_, { settings }) => ok(`+CMEE: ${settings.cmee}`),
    write: ({ values }, { settings }) => {
      const cmee = number(values[0], 0, 2);
      if (cmee === undefined) return refuse();
      settings.cmee = cmee;
      return ok();
    },
  },
];
