import type { Request } from './at/request.js';

/** How long the module takes for what it does. All times are in ms. */
export interface Timing {
  /**
   * From the last byte of a command line to the first of its answer, or of the prompt. Asked once
   * for each line, about its first command.
   *
   * @param request The first command of the line.
   * @returns Time in ms.
   */
  answer(request: Request): number;
  /**
   * From the last byte of the payload to `OK`.
   *
   * @param request The command that asked for it.
   * @returns Time in ms.
   */
  payload(request: Request): number;
  /** From the `OK` of `AT+NETOPEN` to its result. */
  readonly netOpen: number;
  /** From the `OK` of `AT+NETCLOSE` to its result. */
  readonly netClose: number;
  /** From a SIM that can be read, or a radio that is switched on, to the registration. */
  readonly registration: number;
  /** From switching on, or a restart, to the first line. */
  readonly silence: number;
  /** The times of the start lines are multiplied by this; 0 prints them all at once. */
  readonly startLines: number;
  /** From the `OK` of `AT+CPOF` or `AT+CRESET` until the module is off. */
  readonly shutdown: number;
  /** Of the GNSS receiver. */
  readonly gnss: GnssTiming;
}

/** How long a GNSS receiver takes. All times are in ms. */
export interface GnssTiming {
  /** From `AT+CGNSSPWR=1` to `+CGNSSPWR: READY!`. */
  readonly start: number;
  /** To the first fix: knowing nothing, knowing the time and the almanac, knowing the orbits. */
  readonly cold: number;
  /** From a warm start to the first fix, in ms. */
  readonly warm: number;
  /** From a hot start to the first fix, in ms. */
  readonly hot: number;
}

/** A module that takes no time: all that follows from a command has happened when it was written. */
export const instant: Timing = {
  answer: () => 0,
  payload: () => 0,
  netOpen: 0,
  netClose: 0,
  registration: 0,
  silence: 0,
  startLines: 0,
  shutdown: 0,
  gnss: { start: 0, cold: 0, warm: 0, hot: 0 },
};

/** The times that recordings of real modules show (field notes 7, protocol 8). */
export const recorded: Timing = {
  answer: ({ name }) => (name === '+NETCLOSE' ? 62 : 3),
  payload: () => 3,
  netOpen: 4,
  netClose: 1,
  registration: 2_000,
  silence: 8_000,
  startLines: 1,
  shutdown: 2_000,
  // READY: field notes 7. The rest is what data sheets of such receivers promise.
  gnss: { start: 7_800, cold: 30_000, warm: 25_000, hot: 1_000 },
};

/**
 * {@link instant}, but for one time that every answer, every prompt and every `OK` of a send takes.
 *
 * @param ms The time of each.
 * @returns The timing.
 */
export function turnaround(ms: number): Timing {
  return { ...instant, answer: () => ms, payload: () => ms };
}
