import { ModemError } from '../base/errors.js';

/** So many restarts within that many ms are a loop, whatever the module did between them. */
const LOOP = 4;
const WINDOW = 3_600_000;
/** Lines of one start come within that many ms of each other. */
const ONE_START = 3_000;
/** A restart that a command asks for begins within that many ms. */
const ASKED_TIME = 60_000;
/** A module that such a command has switched off is found to be silent within that many ms. */
const SILENCE_TIME = 600_000;

/** The restarts of a module, over all sessions of a modem: a module may get as far as an open network each time. */
export class Restarts {
  private times: readonly number[] = [];
  private startedAt = Number.NEGATIVE_INFINITY;
  private asked: { readonly command: string; readonly at: number } | undefined;

  /** A command that restarts the module, or switches it off, is about to be sent. */
  ask(command: string, now: number): void {
    this.asked = { command, at: now };
  }

  /** The module prints that it starts. One that a command asked for is none of its own. */
  note(now: number): void {
    if (now - this.startedAt < ONE_START) return;
    this.startedAt = now;
    if (this.commandBehind(now) !== undefined) return;
    this.times = [...this.times, now].filter((time) => now - time < WINDOW);
  }

  /** What explains that the module does not answer, as a sentence; empty if nothing here does. */
  explanation(now: number): string {
    const { asked, startedAt } = this;
    if (asked === undefined || asked.at < startedAt || now - asked.at > SILENCE_TIME) return '';
    const seconds = Math.round((now - asked.at) / 1_000);
    return ` It was sent ${asked.command} ${seconds} s ago, which restarts it or switches it off.`;
  }

  /** The error for a restart in mid-session. */
  error(now: number): ModemError {
    const command = this.commandBehind(now);
    if (command !== undefined) {
      return new ModemError(
        'MODULE_RESTARTED',
        `The module restarted, which ${command} had asked it for: all its links and settings are gone. Open the modem again.`,
      );
    }
    const times = this.times.filter((time) => now - time < WINDOW);
    return times.length < LOOP
      ? new ModemError(
          'MODULE_RESTARTED',
          'The module restarted by itself: all its links and settings are gone. Check its power supply ' +
            'if that was not asked for, then open the modem again.',
        )
      : restartLoop(times.length, now - (times[0] as number), 'although it became ready in between');
  }

  private commandBehind(now: number): string | undefined {
    const { asked } = this;
    return asked !== undefined && now - asked.at < ASKED_TIME ? asked.command : undefined;
  }
}

/** The module restarted so often, in `time` ms. */
export function restartLoop(restarts: number, time: number, circumstance: string): ModemError {
  return new ModemError(
    'RESTART_LOOP',
    `The module restarted ${restarts} times in ${Math.round(time / 1000)} s ${circumstance}. Its supply often causes ` +
      'this: it has to deliver 2 A when the module transmits. Check the supply, its cables, and the antenna.',
  );
}
