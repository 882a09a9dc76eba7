/** What firmwares do differently. Times are in ms. */
export interface Profile {
  readonly name: string;
  /** Bytes that a link keeps for the host before its TCP window closes (`CSOC` RecvWin). */
  readonly receiveBuffer: number;
  /** Bytes that a link keeps for the peer before a send is taken only in part. */
  readonly sendBuffer: number;
  /**
   * When the module notices that the peer has closed: as soon as the peer says so, or, like a
   * stack that finds the end of the stream behind the data, once the host has read everything.
   */
  readonly noticesClose: 'at once' | 'when drained';
  /** How long the host has to leave the link alone after that for the close to be reported. */
  readonly closeDelay: number;
  /** The lines of a start, in order. */
  readonly startLines: readonly string[];
}

/** The A7670 generation, AT command manual V1.09. */
export const a76xx: Profile = {
  name: 'a76xx',
  receiveBuffer: 64_240,
  sendBuffer: 64_240,
  noticesClose: 'when drained',
  closeDelay: 30,
  startLines: ['*ATREADY: 1', '+CPIN: READY', 'SMS DONE', '+CGEV: EPS PDN ACT 1', 'PB DONE'],
};
