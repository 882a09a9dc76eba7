/** Marks every error of the SDK, also across copies and module formats of its packages. */
const BRAND = Symbol.for('a7600.error');

/** What went wrong on a link, stable across releases. */
export type TransportErrorCode =
  /** The link was there and broke: unplugged, hung up, reset, an I/O error. */
  | 'TRANSPORT_LOST'
  /** Bytes were written to a link that had already ended. */
  | 'TRANSPORT_CLOSED'
  /** There is no such port. */
  | 'PORT_NOT_FOUND'
  /** Another program, or another part of this one, holds the port. */
  | 'PORT_BUSY'
  /** This user may not open the port. */
  | 'PORT_DENIED'
  /** The port exists and cannot be opened for another reason. */
  | 'PORT_FAILED'
  /** A host refused the connection: no program listens at that port. */
  | 'CONNECTION_REFUSED'
  /** The name of the host could not be resolved. */
  | 'HOST_NOT_FOUND'
  /** No route leads to the host. */
  | 'HOST_UNREACHABLE'
  /** The host did not answer in time. */
  | 'CONNECT_TIMEOUT'
  /** The connection could not be made for another reason. */
  | 'CONNECT_FAILED'
  /** The server negotiates Telnet options on a connection that should be raw. */
  | 'TELNET_SERVER'
  /** The port, or the other side, has no such thing: modem lines of a pseudo-terminal, for instance. */
  | 'UNSUPPORTED'
  /** Something took longer than it was allowed to. */
  | 'TIMEOUT'
  /** The module refused to multiplex the line, or refused a channel of it. */
  | 'MULTIPLEXER_REFUSED'
  /** The other side does not keep to the protocol, or a recording to its format. */
  | 'PROTOCOL'
  /** The caller's `AbortSignal` was aborted; its reason is the `cause`. */
  | 'ABORTED'
  /** An argument is out of its range. */
  | 'INVALID_ARGUMENT';

/** A failure of a link. `message` says what was tried and what a person can do about it. */
export class TransportError extends Error {
  /** What went wrong. */
  readonly code: TransportErrorCode;

  /**
   * Makes an error.
   *
   * @param code what went wrong
   * @param message what was tried, what happened, and what to do
   * @param cause the error of the platform
   */
  constructor(code: TransportErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TransportError';
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * True for a {@link TransportError} of any copy of this package, with that `code` if one is given.
 *
 * @param error anything
 * @param code the code that it must have; any without
 * @returns whether it is such an error
 */
export function isTransportError(error: unknown, code?: TransportErrorCode): error is TransportError {
  if (!(error instanceof Error) || !(BRAND in error) || error.name !== 'TransportError') return false;
  return code === undefined || ('code' in error && error.code === code);
}
