/** `<err>` of the socket and network commands (application note, section 4.1, second table). */
export const socketErrors = {
  0: 'operation succeeded',
  1: 'network failure',
  2: 'network not opened',
  3: 'wrong parameter',
  4: 'operation not supported',
  5: 'failed to create socket',
  6: 'failed to bind socket',
  7: 'TCP server is already listening',
  8: 'busy',
  9: 'sockets opened',
  10: 'timeout',
  11: 'DNS parse failed',
  12: 'unknown error',
} as const;

/** What a person can do about a `<err>`. */
export const socketAdvice: Readonly<Record<number, string>> = {
  1: 'Check the signal and the registration, and that the other side is reachable.',
  2: 'Open the network first.',
  3: 'Check the arguments.',
  5: 'Close sockets that are not needed.',
  6: 'Another socket uses the local port: choose a different one.',
  7: 'Stop the server with this index first.',
  8: 'Try again when the command before has finished.',
  9: 'Close the open sockets first.',
  10: 'Check that the other side is reachable, or allow more time.',
  11: 'Check the name and the DNS servers of the network.',
};

/**
 * `<err_info>` of `+IP ERROR:` (application note, section 4.1, first table). The texts are what to
 * rely on: the numbers from 21 on differ between documents.
 */
export const ipErrors = {
  0: 'Connection time out',
  1: 'Bind port failed',
  2: 'Port overflow',
  3: 'Create socket failed',
  4: 'Network is already opened',
  5: 'Network is already closed',
  6: 'No clients connected',
  7: 'No active client',
  8: 'Network not opened',
  9: 'Client index overflow',
  10: 'Connection is already created',
  11: 'Connection is not created',
  12: 'Invalid parameter',
  13: 'Operation not supported',
  14: 'DNS query failed',
  15: 'TCP busy',
  16: 'Net close failed for socket opened',
  17: 'Sending time out',
  18: 'Sending failure for network error',
  19: 'Open failure for network error',
  20: 'Server is already listening',
  21: 'Operation failed',
  22: 'No data',
} as const;

/** The codes of `+CME ERROR:` that a data module has use for (AT command manual; 3GPP TS 27.007, 9.2). */
export const cmeErrors = {
  3: 'operation not allowed',
  4: 'operation not supported',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  13: 'SIM failure',
  14: 'SIM busy',
  30: 'no network service',
  50: 'incorrect parameters',
  100: 'unknown',
  133: 'requested service option not subscribed',
} as const;

type Table = Readonly<Record<number, string>>;

/** The text for a number of one of the tables, or a placeholder that shows the number. */
export function describe(table: Table, number: number): string {
  return table[number] ?? `unknown error ${number}`;
}

/** The number of a text of one of the tables, in whatever case it is written. */
export function numberOf(table: Table, text: string): number | undefined {
  const known = Object.entries(table).find(([, entry]) => entry.toLowerCase() === text.toLowerCase());
  return known === undefined ? undefined : Number(known[0]);
}
