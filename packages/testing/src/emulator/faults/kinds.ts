/** What can go wrong, and where. A rate is a share of the opportunities. */
export const FAULTS = {
  // Legal: a driver has to live with them, nothing is lost.
  /** A chunk that is handed to the host comes in several, with time between them. */
  split: 'conditions',
  /** A chunk waits for the next one, and both come as one. */
  join: 'conditions',
  /** An unsolicited line at any place where one may stand. */
  chatter: 'conditions',
  /** An answer, a prompt or an `OK` takes longer. */
  lateAnswer: 'conditions',
  /** The result after an `OK` takes longer. */
  lateResult: 'conditions',

  // Silence and its opposite: what was to be printed is not, or comes twice.
  /** A command line has no effect and no answer. */
  lostCommand: 'silence',
  /** A command is carried out, its answer is never printed. */
  lostAnswer: 'silence',
  /** The result after an `OK` is never printed. */
  lostResult: 'silence',
  /** `+CIPRXGET: 1,n` is never printed. */
  lostNotification: 'silence',
  /** Neither prompt nor result: the command hangs, then the module takes the next one. */
  stuckPrompt: 'silence',
  /** A final result is printed twice. */
  repeatedAnswer: 'silence',
  /** The result after an `OK` is printed twice. */
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

  // Damage that nothing announces; the opportunity is a line, a frame or a block of payload.
  /** A line is missing. */
  lostLine: 'damage',
  /** A line is printed twice. */
  repeatedLine: 'damage',
  /** A character of a line is missing, or another one. */
  damagedLine: 'damage',
  /** A result or report names another link. */
  wrongLink: 'damage',
  /** A frame comes after the one that follows it. */
  swappedFrames: 'damage',
  /** 1 to 40 bytes in a row are missing in a block of payload. */
  shortBlock: 'damage',
  /** A report goes to another port. */
  misroutedReport: 'damage',
  /** A report is printed once more, after a while (`outage`), when it may mean something else. */
  repeatedReport: 'damage',

  // What goes away without a word; the opportunity is any arrival from the host and anything
  // printed, in any mode.
  /** The module dies; it stays off until it is switched on. */
  silentDeath: 'absence',
  /** The module restarts, and its start lines are not heard. */
  silentRestart: 'absence',
  /** Network, links and servers are gone, and no line says so. */
  silentNetworkLoss: 'absence',
  /** The bearer is there, and nothing passes for a while. */
  stalledBearer: 'absence',
  /** The module restarts every few seconds for a while. */
  restartLoop: 'absence',
  /** Another program changes a setting through another port. */
  changedSetting: 'absence',
  /** The port is gone for a while, and comes back under another name. */
  portLoss: 'absence',

  // Outages; the opportunity is a command line, or (slowSim) a start.
  /** The module restarts. */
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
 * `noise` corrupts bytes, `outage` takes something away; `damage` changes lines and blocks and
 * `absence` takes something away without anything that announces it.
 */
export type FaultGroup = 'conditions' | 'silence' | 'noise' | 'damage' | 'absence' | 'outage';

/**
 * The kinds of a group.
 *
 * @param group Faults that have a cause in common.
 * @returns Its kinds.
 */
export function faultsOf(group: FaultGroup): FaultKind[] {
  return allFaults().filter((kind) => FAULTS[kind] === group);
}

/**
 * Every kind.
 *
 * @returns All of them, in the order of their groups.
 */
export function allFaults(): FaultKind[] {
  return Object.keys(FAULTS) as FaultKind[];
}
