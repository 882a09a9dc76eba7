/** What the firmware does with `AT+CMUX` (protocol 4.6), faults that users report included. */
export interface MultiplexingOptions {
  /**
   * `AT+CMUX` works; is refused with `ERROR`; or is answered with `OK`, and the module stays in plain AT mode
   * (SIM7670G V1.9.01: log esp #669).
   */
  readonly multiplexing: 'works' | 'refused' | 'only says OK';
  /** Channels 1 to this one exist; the module answers DM to others (manual A109: four; SIM767X guide: three). */
  readonly channels: number;
  /** MSC is sent for a channel that was opened, and that of the host is answered. */
  readonly signalsChannels: boolean;
  /** A channel that is acknowledged, and then carries nothing; 0 for none. */
  readonly stuckChannel: number;
  /** Two bytes of a length enter the checksum in the wrong order. */
  readonly swapsLongLengths: boolean;
  /** Data frames bear the poll bit, `ff` in place of `ef` (SIM7600: field reports). */
  readonly pollsData: boolean;
  /** Further flags after each frame (SIM7600: field reports). */
  readonly fillingFlags: number;
  /** A line that a channel prints when it is opened; empty for none (SIM767XM5 B03V02: log esp #669). */
  readonly channelGreeting: string;
  /** The module goes back to plain AT mode when it is asked to; the A7670 does not always (driver esp). */
  readonly leavesMultiplexing: boolean;
}
