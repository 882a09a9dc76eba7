/** Names for the numbers `<err>` of the socket and network commands (application note, section 4.1, second table). */
export const SocketErrorNumber = {
  SUCCEEDED: 0,
  NETWORK_FAILURE: 1,
  NETWORK_NOT_OPENED: 2,
  WRONG_PARAMETER: 3,
  NOT_SUPPORTED: 4,
  CREATE_FAILED: 5,
  BIND_FAILED: 6,
  ALREADY_LISTENING: 7,
  BUSY: 8,
  SOCKETS_OPENED: 9,
  TIMEOUT: 10,
  DNS_FAILED: 11,
  UNKNOWN: 12,
} as const;

/**
 * Names for the numbers `<err_info>` of `+IP ERROR:` (application note, section 4.1, first table).
 * From 21 on the numbers differ between documents.
 */
export const IpErrorNumber = {
  CONNECTION_TIMEOUT: 0,
  BIND_FAILED: 1,
  PORT_OVERFLOW: 2,
  CREATE_FAILED: 3,
  NETWORK_ALREADY_OPENED: 4,
  NETWORK_ALREADY_CLOSED: 5,
  NO_CLIENTS: 6,
  NO_ACTIVE_CLIENT: 7,
  NETWORK_NOT_OPENED: 8,
  INDEX_OVERFLOW: 9,
  CONNECTION_EXISTS: 10,
  NO_CONNECTION: 11,
  INVALID_PARAMETER: 12,
  NOT_SUPPORTED: 13,
  DNS_FAILED: 14,
  TCP_BUSY: 15,
  SOCKETS_OPENED: 16,
  SEND_TIMEOUT: 17,
  SEND_FAILED: 18,
  OPEN_FAILED: 19,
  ALREADY_LISTENING: 20,
  OPERATION_FAILED: 21,
  NO_DATA: 22,
} as const;

/** The texts of {@link SocketErrorNumber} (application note, section 4.1, second table). */
export const socketErrors = {
  [SocketErrorNumber.SUCCEEDED]: 'operation succeeded',
  [SocketErrorNumber.NETWORK_FAILURE]: 'network failure',
  [SocketErrorNumber.NETWORK_NOT_OPENED]: 'network not opened',
  [SocketErrorNumber.WRONG_PARAMETER]: 'wrong parameter',
  [SocketErrorNumber.NOT_SUPPORTED]: 'operation not supported',
  [SocketErrorNumber.CREATE_FAILED]: 'failed to create socket',
  [SocketErrorNumber.BIND_FAILED]: 'failed to bind socket',
  [SocketErrorNumber.ALREADY_LISTENING]: 'TCP server is already listening',
  [SocketErrorNumber.BUSY]: 'busy',
  [SocketErrorNumber.SOCKETS_OPENED]: 'sockets opened',
  [SocketErrorNumber.TIMEOUT]: 'timeout',
  [SocketErrorNumber.DNS_FAILED]: 'DNS parse failed',
  [SocketErrorNumber.UNKNOWN]: 'unknown error',
} as const;

/** What numbers of {@link SocketErrorNumber} mean for certain commands instead. */
export const CommandErrorNumber = {
  /** `+CIPCLOSE`. */
  NETWORK_CLOSED: 2,
  /** `+CIPSEND`. */
  LINK_NEVER_OPENED: 3,
  /** `+CIPCLOSE`, `+CIPSEND`. */
  LINK_CLOSED: 4,
  /** `+CIPOPEN`. */
  LINK_IN_USE: 4,
  /** `+SERVERSTOP`. */
  NOT_LISTENING: 4,
  /** `+SERVERSTART`. */
  PORT_IN_USE: 6,
  /** `+SERVERSTART`. */
  SERVER_IN_USE: 7,
  /** `+SERVERSTOP`. */
  CLIENTS_CONNECTED: 9,
  /** `+CDNSGIP`. */
  NAME_NOT_FOUND: 10,
} as const;

/** What to do about a `<err>`. */
export const socketAdvice: Readonly<Record<number, string>> = {
  [SocketErrorNumber.NETWORK_FAILURE]:
    'Check the signal and the registration, and that the peer is reachable.',
  [SocketErrorNumber.NETWORK_NOT_OPENED]: 'Open the network first.',
  [SocketErrorNumber.WRONG_PARAMETER]: 'Check the arguments.',
  [SocketErrorNumber.CREATE_FAILED]: 'Close sockets that are not needed.',
  [SocketErrorNumber.BIND_FAILED]: 'Another socket uses the local port: choose a different one.',
  [SocketErrorNumber.ALREADY_LISTENING]: 'Stop the server with this index first.',
  [SocketErrorNumber.BUSY]: 'Try again after the previous command has finished.',
  [SocketErrorNumber.SOCKETS_OPENED]: 'Close the open sockets first.',
  [SocketErrorNumber.TIMEOUT]: 'Check that the peer is reachable, or allow more time.',
  [SocketErrorNumber.DNS_FAILED]: 'Check the name and the DNS servers of the network.',
};

/**
 * The texts of {@link IpErrorNumber} (application note, section 4.1, first table). Rely on the texts:
 * the numbers from 21 on differ between documents.
 */
export const ipErrors = {
  [IpErrorNumber.CONNECTION_TIMEOUT]: 'Connection time out',
  [IpErrorNumber.BIND_FAILED]: 'Bind port failed',
  [IpErrorNumber.PORT_OVERFLOW]: 'Port overflow',
  [IpErrorNumber.CREATE_FAILED]: 'Create socket failed',
  [IpErrorNumber.NETWORK_ALREADY_OPENED]: 'Network is already opened',
  [IpErrorNumber.NETWORK_ALREADY_CLOSED]: 'Network is already closed',
  [IpErrorNumber.NO_CLIENTS]: 'No clients connected',
  [IpErrorNumber.NO_ACTIVE_CLIENT]: 'No active client',
  [IpErrorNumber.NETWORK_NOT_OPENED]: 'Network not opened',
  [IpErrorNumber.INDEX_OVERFLOW]: 'Client index overflow',
  [IpErrorNumber.CONNECTION_EXISTS]: 'Connection is already created',
  [IpErrorNumber.NO_CONNECTION]: 'Connection is not created',
  [IpErrorNumber.INVALID_PARAMETER]: 'Invalid parameter',
  [IpErrorNumber.NOT_SUPPORTED]: 'Operation not supported',
  [IpErrorNumber.DNS_FAILED]: 'DNS query failed',
  [IpErrorNumber.TCP_BUSY]: 'TCP busy',
  [IpErrorNumber.SOCKETS_OPENED]: 'Net close failed for socket opened',
  [IpErrorNumber.SEND_TIMEOUT]: 'Sending time out',
  [IpErrorNumber.SEND_FAILED]: 'Sending failure for network error',
  [IpErrorNumber.OPEN_FAILED]: 'Open failure for network error',
  [IpErrorNumber.ALREADY_LISTENING]: 'Server is already listening',
  [IpErrorNumber.OPERATION_FAILED]: 'Operation failed',
  [IpErrorNumber.NO_DATA]: 'No data',
} as const;

/** The codes of `+CME ERROR:` that concern a data module (AT command manual; 3GPP TS 27.007, 9.2). */
export const cmeErrors = {
  3: 'operation not allowed',
  4: 'operation not supported',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  13: 'SIM failure',
  14: 'SIM busy',
  15: 'SIM wrong',
  16: 'incorrect password',
  30: 'no network service',
  31: 'network timeout',
  32: 'network not allowed - emergency calls only',
  50: 'incorrect parameters',
  100: 'unknown',
  103: 'illegal MS',
  106: 'illegal ME',
  107: 'GPRS services not allowed',
  111: 'PLMN not allowed',
  112: 'location area not allowed',
  113: 'roaming not allowed in this location area',
  133: 'requested service option not subscribed',
  149: 'PDP authentication failure',
} as const;

type Table = Readonly<Record<number, string>>;

/** Returns the text for a number of one of the tables, or a placeholder with the number. */
export function describe(table: Table, number: number): string {
  return table[number] ?? `unknown error ${number}`;
}

/** Returns the number of a text of one of the tables, ignoring case. */
export function numberOf(table: Table, text: string): number | undefined {
  const known = Object.entries(table).find(([, entry]) => entry.toLowerCase() === text.toLowerCase());
  return known === undefined ? undefined : Number(known[0]);
}
