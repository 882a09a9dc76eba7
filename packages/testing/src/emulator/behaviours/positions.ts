import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import type { Fix } from '../gnss/nmea.js';
import { receiverOf } from '../gnss/receiver.js';
import type { Module } from '../module.js';
import { remembered } from './remembered.js';

/** A command that shows the position once, or every so many seconds. */
export function positionReport(command: string, line: (fix: Fix) => string): Behaviour {
  const period = remembered({ command: `period of ${command}`, min: 0, max: 255, initial: 0, saved: false });
  const now = (module: Module) => line(receiverOf(module).fix());
  return {
    command,
    test: () => ok(`${command}: (0-255)`),
    read: (_, module) => ok(`${command}: ${period.get(module)}`),
    execute: (_, module) => ok(now(module)),
    write: ({ values: [value] }, module) => {
      const seconds = number(value, 0, 255);
      if (seconds === undefined) return refuse();
      period.set(seconds, module);
      return okThen(() => receiverOf(module).reportEvery(seconds, () => module.report(now(module))));
    },
  };
}
