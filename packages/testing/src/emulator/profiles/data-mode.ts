/** What transparent mode does (protocol 3.18, 9.6). Times are in ms. */
export interface DataModeOptions {
  /** Silence before and after `+++` (application note 1.6: 1000; users of SIM7600 succeed with 700). */
  readonly guardTime: number;
  /** Longest time between its plus signs (application note 1.6). */
  readonly plusTime: number;
  /**
   * With `CIPMODE=1` the other links are refused (manual A109), or work in command mode
   * (application note 1.6; Q-24a).
   */
  readonly otherLinks: 'refused' | 'work';
  /** Closing a transparent UDP link prints `CLOSED` first (manual A109; not AN104). */
  readonly udpCloseSaysClosed: boolean;
  /** A peer that closes after `+++` makes `CLOSED` come before `+IPCLOSE` (protocol 9.6). */
  readonly suspendedCloseSaysClosed: boolean;
  /** Unsolicited lines come out in the middle of the data, instead of waiting for its end (Q-24a). */
  readonly urcsInData: boolean;
  /** `RECV FROM` precedes received data in data mode (driver Kavish1998). */
  readonly headersInData: boolean;
}
