/** What can go wrong, and where. A rate is a share of the opportunities. */
export const FAULTS = {
  // Legal: a driver has to live with them, nothing is lost.
  /** A piece that is handed to the host comes in several, with time between them. */
  split: 'conditions',
  /** A piece waits for the next one, and both come as one. */
  join: 'conditions',
  /** An unsolicited line at any place where one may stand. */
  chatter: 'conditions',
  /** An answer, a prompt or an `OK` takes longer. */
  lateAnswer: 'conditions',
  /** The result behind an `OK` takes longer. */
  lateResult: 'conditions',

  // Silence and its opposite: what was to be printed is not, or comes twice.
  /** A command line has no effect and no answer. */
  lostCommand: 'silence',
  /** A command is carried out, its answer is never printed. */
  lostAnswer: 'silence',
  /** The result behind an `OK` is never printed. */
  lostResult: 'silence',
  /** `+CIPRXGET: 1,n` is never printed. */
  lostNotification: 'silence',
  /** Neither prompt nor result: the command hangs, then the module takes the next one. */
  stuckPrompt: 'silence',
  /** A final result is printed twice. */
  repeatedAnswer: 'silence',
  /** The result behind an `OK` is printed twice. */
  repeatedResult: 'silence',

  // Noise on the line; the opportunity is a byte.
  /** To the host. */
  droppedByte: 'noise',
  doubledByte: 'noise',
  flippedBit: 'noise',
  /** To the module. */
  droppedInput: 'noise',
  doubledInput: 'noise',
  flippedInput: 'noise',
  /** The prompt is not printed, but the module takes what follows as payload. */
  lostPrompt: 'noise',

  // Outages; the opportunity is a command line, or (slowSim) a start.
  /** The module starts anew. */
  restart: 'outage',
  /** The bearer goes away. */
  bearerLoss: 'outage',
  /** The registration goes away, and comes back. */
  registrationLoss: 'outage',
  /** The SIM takes its time after a start. */
  slowSim: 'outage',
  /** The serial line is cut. */
  unplug: 'outage',
} as const;

/** One kind of fault. */
export type FaultKind = keyof typeof FAULTS;

/**
 * What kinds have in common: `conditions` is legal, `silence` leaves out or repeats whole lines,
 * `noise` corrupts bytes, `outage` takes something away.
 */
export type FaultGroup = (typeof FAULTS)[FaultKind];

/** The kinds of a group. */
export function faultsOf(group: FaultGroup): FaultKind[] {
  return allFaults().filter((kind) => FAULTS[kind] === group);
}

/** Every kind. */
export function allFaults(): FaultKind[] {
  return Object.keys(FAULTS) as FaultKind[];
}
