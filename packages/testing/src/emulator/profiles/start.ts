/** A line that the module prints by itself when it starts. */
export interface StartLine {
  /** Time in ms after what it follows. */
  readonly at: number;
  /** The line, without its line end. */
  readonly text: string;
}

/** What a start looks like (protocol 6, 9.7). */
export interface StartOptions {
  /** A NUL byte comes before everything. */
  readonly startsWithNul: boolean;
  /** The lines of a start that need no SIM; their times count from the end of the silence. */
  readonly startLines: readonly StartLine[];
  /** Time in ms after that at which the SIM has been read, and `+CPIN:` tells what it is like. */
  readonly simTime: number;
  /** The lines after `+CPIN: READY`; their times count from there. */
  readonly simLines: readonly StartLine[];
  /** What is printed in place of `+CPIN:` when there is no SIM. */
  readonly noSimLine: string;
  /** What `AT+CPIN?` fails with while the SIM is still being read (protocol 4.4). */
  readonly unreadSim: 13 | 14;
  /** What is printed when the module is switched off by `AT+CPOF`, if anything (protocol 4.2). */
  readonly farewell: string;
}
