/** Marks every error of the SDK, also across copies and module formats of its packages. */
const BRAND = Symbol.for('a7600.error');

/** What went wrong with a command, stable across releases. */
export type AtErrorCode =
  /** An argument is out of its range or could break out of the command line; nothing was sent. */
  | 'INVALID_ARGUMENT'
  /** A plain `ERROR` without a reason. */
  | 'REFUSED'
  /** `+CME ERROR: <number or text>`, or `+CMS ERROR`. */
  | 'CME_ERROR'
  /** `+IP ERROR: <err_info>`, first table of the application note, section 4.1. */
  | 'IP_ERROR'
  /** `<err>` of a socket or network command, second table of the application note, section 4.1. */
  | 'SOCKET_ERROR'
  /**
   * `NO CARRIER` or `CONNECT FAIL`: there is no connection to enter data mode with. `BUSY`, `NO ANSWER` or `NO DIALTONE`:
   * a call came to nothing.
   */
  | 'NO_CARRIER'
  /** Bytes were lost inside a length-prefixed block, whose payload cannot be trusted. */
  | 'FRAMING_LOST'
  /** The command succeeded, but a line of its answer is missing or makes no sense. */
  | 'UNREADABLE_ANSWER';

/** What is known about a failure in addition to its message. */
export interface AtErrorDetails {
  /** The command as sent, secrets hidden. */
  readonly command?: string;
  /** The link number that the command was about. */
  readonly link?: number;
  /** The module's number for the failure: `<err>`, `<err_info>` or the CME code. */
  readonly number?: number;
  /** The module's words: the line that explained the failure, or its final result. */
  readonly answer?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** A command that could not be made, was refused, or answered what cannot be read. */
export class AtError extends Error {
  /** What went wrong. */
  readonly code: AtErrorCode;
  /** The command as sent, secrets hidden. */
  readonly command: string | undefined;
  /** The link number that the command was about. */
  readonly link: number | undefined;
  /** The module's number for the failure: `<err>`, `<err_info>` or the CME code. */
  readonly number: number | undefined;
  /** The module's words: the line that explained the failure, or its final result. */
  readonly answer: string | undefined;

  /**
   * @param code - What went wrong.
   * @param message - The same for people.
   * @param details - What else is known.
   */
  constructor(code: AtErrorCode, message: string, details: AtErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AtError';
    this.code = code;
    this.command = details.command;
    this.link = details.link;
    this.number = details.number;
    this.answer = details.answer;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Recognises an {@link AtError}, also one of another copy of this package.
 *
 * @param error - What was caught.
 * @param code - The code that it must have. Default: any.
 * @returns Whether `error` is such an error.
 */
export function isAtError(error: unknown, code?: AtErrorCode): error is AtError {
  if (!(error instanceof Error) || !(BRAND in error) || error.name !== 'AtError') return false;
  return code === undefined || ('code' in error && error.code === code);
}
