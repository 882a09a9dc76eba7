/** Marks every error of the SDK, also across copies and module formats of its packages. */
const BRAND = Symbol.for('a7600.error');

/** What went wrong with a modem, a network or a socket, stable across releases. */
export type ModemErrorCode =
  /** A command was not answered in the time that the manual allows. */
  | 'TIMEOUT'
  /** The module does not answer at all. */
  | 'MODULE_SILENT'
  /** The module restarted: everything that was open or in flight is gone. */
  | 'MODULE_RESTARTED'
  /** The module restarts again and again and never becomes ready. */
  | 'RESTART_LOOP'
  /** What was opened did not get ready in time. */
  | 'NOT_READY'
  /** The module finds no SIM. */
  | 'SIM_MISSING'
  /** The SIM is busy or failed. */
  | 'SIM_NOT_READY'
  /** The SIM asks for a PIN or PUK that was not given. */
  | 'SIM_LOCKED'
  /** The module finds no network, or has not found one in time. */
  | 'NOT_REGISTERED'
  /** The network denied the registration. */
  | 'REGISTRATION_DENIED'
  /** The radio is switched off (`AT+CFUN` 0 or 4). */
  | 'RADIO_OFF'
  /** The module belongs to a family with other TCP/IP commands. */
  | 'UNSUPPORTED_MODULE'
  /** The port is one of the module that takes no AT commands. */
  | 'WRONG_PORT'
  /** The SIM did not take the PIN; it is not tried a second time. */
  | 'PIN_REFUSED'
  /** The network was lost, and every socket with it. */
  | 'NETWORK_LOST'
  /** The network is open, and not what it was opened as: another address, another mode. */
  | 'NETWORK_CHANGED'
  /** The network is open, the module registered, and no data passes. */
  | 'BEARER_STALLED'
  /** The `check` of the network got no answer, and nothing else shows whether data passes. */
  | 'CHECK_FAILED'
  /** The socket ended before the operation was complete. */
  | 'LINK_CLOSED'
  /** Bytes that the module printed were lost on the line, in the middle of received data. */
  | 'FRAMING_LOST'
  /** The network is not open for that kind of use. */
  | 'WRONG_MODE'
  /** The module does not keep a setting that the SDK needs. */
  | 'SETTING_REFUSED'
  /** All links, or all servers, of the module are in use. */
  | 'CAPACITY'
  /** The module could not open the network. */
  | 'NETWORK_REFUSED'
  /** The peer did not accept the connection, or could not be reached: the module does not say which. */
  | 'CONNECT_REFUSED'
  /** The peer did not answer in time. */
  | 'PEER_TIMEOUT'
  /** The name servers of the network do not know the name. */
  | 'NAME_NOT_FOUND'
  /** Another server or socket of the module uses the port. */
  | 'PORT_IN_USE'
  /** The module cannot use that address. */
  | 'ADDRESS_REFUSED'
  /** The budget of bytes over the mobile network is used up. */
  | 'BUDGET_SPENT'
  /** The modem, network or server was closed from this side. */
  | 'CLOSED';

/** What is known about a failure in addition to its message. */
export interface ModemErrorDetails {
  /** The command as sent, secrets hidden. */
  readonly command?: string | undefined;
  /** The link number that the failure is about, 0 to 9. */
  readonly link?: number | undefined;
  /** See {@link ModemError.reason}. */
  readonly reason?: number | undefined;
  /** The module's number for the failure. */
  readonly number?: number | undefined;
  /** The module's words. */
  readonly answer?: string | undefined;
  /** See {@link ModemError.retryAfter}. */
  readonly retryAfter?: number | undefined;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** A failure above single commands. `message` says what was tried and what a person can do. */
export class ModemError extends Error {
  /** What went wrong. */
  readonly code: ModemErrorCode;
  /** The command as sent, secrets hidden; undefined when no command failed. */
  readonly command: string | undefined;
  /** The link number that the failure is about, 0 to 9; undefined when it is about no single link. */
  readonly link: number | undefined;
  /**
   * Of `LINK_CLOSED`, when the module said it (`+IPCLOSE: <link>,<reason>`, 4.2 of the application
   * note): 0 closed from this side, 1 by the other side, 2 sending timed out, or DTR went off.
   */
  readonly reason: number | undefined;
  /** The module's number for the failure: `<err>` or `<err_info>` (application note, 4.1). */
  readonly number: number | undefined;
  /** The module's words: the line that explained the failure, or its final result. */
  readonly answer: string | undefined;
  /** Of `BUDGET_SPENT`: time in ms before which no attempt can succeed. `reconnect` waits as long. */
  readonly retryAfter: number | undefined;

  /**
   * @param code - What went wrong.
   * @param message - The same for people.
   * @param details - What else is known.
   */
  constructor(code: ModemErrorCode, message: string, details: ModemErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ModemError';
    this.code = code;
    this.command = details.command;
    this.link = details.link;
    this.reason = details.reason;
    this.number = details.number;
    this.answer = details.answer;
    this.retryAfter = details.retryAfter;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Recognises a {@link ModemError}, also one of another copy of this package.
 *
 * @param error - What was caught.
 * @param code - The code that it must have. Default: any.
 * @returns Whether `error` is such an error.
 */
export function isModemError(error: unknown, code?: ModemErrorCode): error is ModemError {
  if (!(error instanceof Error) || !(BRAND in error) || error.name !== 'ModemError') return false;
  return code === undefined || ('code' in error && error.code === code);
}

/** A message as a sentence, when it begins with a name like "the connection to …". */
export function sentence(message: string): string {
  return (message[0] ?? '').toUpperCase() + message.slice(1);
}
