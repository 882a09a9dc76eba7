import type { Behaviour } from '../at/behaviour.js';
import { ok, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import type { Module } from '../module.js';

/** A command that sets one number. */
export interface NumberSetting {
  readonly command: string;
  readonly min: number;
  readonly max: number;
  readonly get: (module: Module) => number;
  readonly set: (value: number, module: Module) => void;
  /** What the execution form sets; without it that form is refused. */
  readonly execute?: number;
}

/** The four forms of an extended command that sets one number: test, read, write, execution. */
export function setting({ command, min, max, get, set, execute }: NumberSetting): Behaviour {
  return {
    command,
    test: () => ok(`${command}: (${min}-${max})`),
    read: (_, module) => ok(`${command}: ${get(module)}`),
    write: ({ values }, module) => {
      const value = number(values[0], min, max);
      if (value === undefined || values.length > 1) return refuse();
      set(value, module);
      return ok();
    },
    ...(execute !== undefined && {
      execute: (_, module) => {
        set(execute, module);
        return ok();
      },
    }),
  };
}

/** A basic command that sets one number; without a digit it is 0 (V.250, 5.3.1). */
export function basicSetting(
  command: string,
  max: number,
  set: (value: number, module: Module) => void,
): Behaviour {
  const apply = (text: string | undefined, module: Module) => {
    const value = number(text, 0, max);
    if (value === undefined) return refuse();
    set(value, module);
    return ok();
  };
  return {
    command,
    execute: (_, module) => apply('0', module),
    write: ({ values }, module) => apply(values[0], module),
  };
}
