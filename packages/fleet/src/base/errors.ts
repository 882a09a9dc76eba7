/**
 * The errors of this package, and what every other folder uses.
 *
 * @module
 */

/** Marks every error of the SDK, also across copies and module formats of its packages. */
const BRAND = Symbol.for('a7600.error');

/** What went wrong between a controller and an agent, stable across releases. */
export type FleetErrorCode =
  /** No process of that agent is there. */
  | 'AGENT_GONE'
  /** The connection to the NATS server is away. */
  | 'ENGINE_AWAY'
  /** The bucket or the stream of the fleet is missing, or has other settings. */
  | 'NOT_SET_UP'
  /** The server does not let this user do that. */
  | 'NOT_PERMITTED'
  /** The agent got the request, or came to it, after its deadline; nothing was executed. */
  | 'DEADLINE_PASSED'
  /** The request may have been executed or not: no reply came in time. */
  | 'OUTCOME_UNKNOWN'
  /** No modem of that name or IMEI is known, or another module is in its place. */
  | 'MODEM_UNKNOWN'
  /** Several present agents claim that IMEI, or two processes are one agent. */
  | 'MODEM_AMBIGUOUS'
  /** The agent has no open network on that modem. */
  | 'MODEM_OFFLINE'
  /** No modem fits what was asked for. */
  | 'NO_MODEM'
  /** What was asked for needs a lease. */
  | 'LEASE_REQUIRED'
  /** Another holder has the lease. */
  | 'LEASE_HELD'
  /** The lease is over: its time passed, another holder has it, or the agent restarted. */
  | 'LEASE_LOST'
  /** The other side of a stream is gone, or does not know the stream. */
  | 'STREAM_LOST'
  /** The other side does not keep to the protocol. */
  | 'PROTOCOL'
  /** The agent does not know that request. */
  | 'UNSUPPORTED'
  /** Too much at a time: requests, streams, or bytes in one message. */
  | 'CAPACITY'
  /** An argument is out of its range. */
  | 'INVALID_ARGUMENT'
  /** The fleet or the agent was closed from this side. */
  | 'CLOSED';

/** A failure between a controller and an agent. `message` says what was tried and what a person can do. */
export class FleetError extends Error {
  /** What went wrong. */
  readonly code: FleetErrorCode;

  /**
   * @param code - What went wrong.
   * @param message - The same for people.
   * @param cause - The error that led to this one.
   */
  constructor(code: FleetErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'FleetError';
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Recognises a {@link FleetError}, also one of another copy of this package.
 *
 * @param error - What was caught.
 * @param code - The code that it must have. Default: any.
 * @returns Whether `error` is such an error.
 */
export function isFleetError(error: unknown, code?: FleetErrorCode): error is FleetError {
  if (!(error instanceof Error) || !(BRAND in error) || error.name !== 'FleetError') return false;
  return code === undefined || ('code' in error && error.code === code);
}
