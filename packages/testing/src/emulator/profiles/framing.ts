/** How command lines are read and answers laid out (protocol 2). */
export interface FramingOptions {
  /** Longest command line after `AT`; a longer one is refused as a whole (manual A109). */
  readonly commandBuffer: number;
  /**
   * Several extended commands on a line are run one after another, with one result (manual A109,
   * driver SAM). Without it such a line is refused.
   */
  readonly severalCommands: boolean;
  /** An address may stand without quotes (protocol 9.1: hosts differ). */
  readonly unquotedText: boolean;
  /** Prefix of `AT+IFC?`; the manual's example has that of another command, which may be a misprint. */
  readonly flowPrefix: '+IFC' | '+ICF';
  /** Commands whose listings have an empty line between their lines (field notes 1.5: an A7670 for CGACT and CGDCONT; an A7672S and SIM7600 for none). */
  readonly spacedListings: readonly string[];
  /** What `ATX` is after a start: 0 prints a bare `CONNECT`, 1 to 4 add the speed (manual A109). */
  readonly connectText: number;
  /** `AT+CIPCFG="DATAECHO"` exists, and is on after a start (manual A109, from firmware V1.07 on). */
  readonly configuresDataEcho: boolean;
}
