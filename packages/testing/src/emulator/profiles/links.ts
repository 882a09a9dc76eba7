/** What the ten links do (protocol 3.3, 3.4, 3.6, 9.3). Times are in ms. */
export interface LinkOptions {
  /** The link types of `AT+CIPOPEN=?` (Q-17: two on older manuals, three in V1.09). */
  readonly linkTypes: readonly LinkType[];
  /** Bytes that a link keeps for the peer before a send is taken only in part. */
  readonly sendBuffer: number;
  /** Bytes that a link keeps for the host before its TCP window closes (`CSOC` RecvWin). */
  readonly receiveBuffer: number;
  /** `AT+CIPSEND?` answers like the test form (manual S300). */
  readonly sendHasRead: boolean;
  /** `<err>` of a send on a link that was never open; on a closed one it is 4 (log simcom-dat). */
  readonly unopenedSend: 3 | 4;
  /** Result of a send that `<ESC>` cancels (manual S300: `ERROR`; protocol 3.4: open). */
  readonly cancelledSend: 'ERROR' | 'OK';
  /** A link that dies before the payload is complete: `+CIPSEND: n,len,-1` after `OK`, or `+CIPERROR: 4`. */
  readonly brokenSend: 'result' | 'refusal';
  /** A full buffer takes the part that fits; without it, nothing (manual A109 knows only 0). */
  readonly partialSends: boolean;
  /** A UDP peer in `AT+CIPOPEN` needs a local port (log LilyGO #364: `+CIPOPEN: 1,3`). */
  readonly udpNeedsLocalPort: boolean;
  /** What `AT+CIPOPEN?` shows of a UDP link: `"0.0.0.0",0` (log simcom-dat), or its peer (note 3.3.3). */
  readonly udpListing: 'any' | 'peer';
  /**
   * Order of `OK` and the result when a UDP link is closed. The note has both: the result first in
   * 3.3.1 (direct push), `OK` first in 3.3.2 (buffer access), which the last one does.
   */
  readonly udpClose: 'result first' | 'OK first' | 'OK first in buffer access';
  /**
   * When the module notices that the peer has closed: as soon as the peer says so, or, like a
   * stack that finds the end of the stream after the data, once the host has read everything.
   */
  readonly noticesClose: 'at once' | 'when drained';
  /** How long the host has to leave the link alone after that for the close to be reported. */
  readonly closeDelay: number;
  /** What a closed link has not given to the host can still be read, until the number is used again. */
  readonly keepsUnread: boolean;
}

/** What a link can be. */
export type LinkType = 'TCP' | 'UDP' | 'UDP SERVER';
