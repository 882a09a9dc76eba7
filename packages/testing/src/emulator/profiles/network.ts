/** How the network is opened and told about (protocol 3.1, 3.2, 3.7, 4.3). */
export interface NetworkOptions {
  /**
   * What `AT+NETOPEN` answers when there is no bearer: `OK` and `+NETOPEN: 1` later, or `ERROR` at
   * once (log T-SIM7600X #90, LilyGO #471).
   */
  readonly failedOpen: 'late' | 'at once';
  /** `AT+NETOPEN=1` and `AT+NETCLOSE=1` are taken, as SIM767XX takes them. */
  readonly takesContextNumber: boolean;
  /** Prefix of the failure of `AT+IPADDR` while the network is closed. */
  readonly closedAddress: '+IP ERROR' | '+IPADDR';
  /**
   * What `AT+CGACT` does to context 1: it is switched, or `+CME ERROR: 33` comes, which one network
   * made a SIM7600 answer (log LilyGO #178).
   */
  readonly defaultBearer: 'can be switched' | 'cannot be switched';
  /** Addresses stand in quotes in `AT+CGPADDR` (Q-22: manual S300 and driver SAM). */
  readonly quotedAddresses: boolean;
  /** Fields after the address in `AT+CGDCONT?` (field notes 1.9: 10 fields on A7670, 8 on SIM7600). */
  readonly contextTail: string;
  /** The texts of `+IP ERROR`, by number (Q-19: the tail differs between documents). */
  readonly ipErrors: readonly string[];
}

/** The first table of 4.1 of the application note. */
export const NOTE_IP_ERRORS: readonly string[] = [
  'Connection time out',
  'Bind port failed',
  'Port overflow',
  'Create socket failed',
  'Network is already opened',
  'Network is already closed',
  'No clients connected',
  'No active client',
  'Network not opened',
  'Client index overflow',
  'Connection is already created',
  'Connection is not created',
  'Invalid parameter',
  'Operation not supported',
  'DNS query failed',
  'TCP busy',
  'Net close failed for socket opened',
  'Sending time out',
  'Sending failure for network error',
  'Open failure for network error',
  'Server is already listening',
  'Operation failed',
  'No data',
];
