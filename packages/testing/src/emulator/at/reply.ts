import type { Observable } from 'rxjs';

/** The final result of a command; `none` where nothing follows, not even `OK`. */
export type Result =
  | 'OK'
  | 'ERROR'
  | 'CONNECT'
  | 'CONNECT FAIL'
  | 'NO CARRIER'
  | 'none'
  | { readonly cme: number }
  | { readonly cms: number };

/** A part of an answer: a line of text, or bytes exactly as they are. */
export type Part = string | Uint8Array;

/** Lines that stand together, with an empty line before and after them. */
export interface Unit {
  /** Lines and payloads in the order in which they are printed. */
  readonly parts: readonly Part[];
  /** No line end follows the last part. */
  readonly open?: boolean;
}

/** What a behaviour answers: the whole of it, or a request for the payload first. */
export type Reply = FinalReply | PromptReply;

/** Information text, then the final result. */
export interface FinalReply {
  /** The information text, in order. */
  readonly units: readonly Unit[];
  /** The final result. */
  readonly result: Result;
  /** What happens after the result, for instance a connection that is being made. */
  readonly afterwards?: () => void;
}

/** How a payload ends. */
export type PayloadSize = number | 'until-sub' | 'message';

/** The prompt; the command goes on with the payload. */
export interface PromptReply {
  /**
   * How many bytes belong to the payload; `until-sub` lets Ctrl-Z end it; so does `message`, which has
   * no escapes, is longer, and is always echoed.
   */
  readonly prompt: PayloadSize;
  /** What is printed in place of `>`, after a line end. */
  readonly asks?: string;
  /** Time in ms after which an incomplete entry is given up. Default: that of a send. */
  readonly limit?: number;
  /** Called with the payload once it is complete; what it returns answers the command. */
  readonly take: (payload: Uint8Array) => Reply | Observable<Reply>;
  /** The answer when ESC cancels an entry of variable length. Default `ERROR`. */
  readonly cancelled?: FinalReply;
}

/**
 * `OK`, after information text if there is some; its parts stand together.
 *
 * @param parts Lines and payloads of the information text; none leaves it out.
 * @returns The whole answer.
 */
export function ok(...parts: Part[]): FinalReply {
  return { units: parts.length === 0 ? [] : [{ parts }], result: 'OK' };
}

/**
 * `OK` after lines with empty lines between them.
 *
 * @param lines The lines of the information text.
 * @returns The whole answer.
 */
export function okSpaced(...lines: string[]): FinalReply {
  return { units: lines.map((line) => ({ parts: [line] })), result: 'OK' };
}

/**
 * `OK` now, and something that begins once it is printed.
 *
 * @param afterwards Called once `OK` is printed.
 * @returns The whole answer.
 */
export function okThen(afterwards: () => void): FinalReply {
  return { units: [], result: 'OK', afterwards };
}

/** `CONNECT`, and data mode after it. */
export function connectThen(afterwards: () => void): FinalReply {
  return { units: [], result: 'CONNECT', afterwards };
}

/** A final result alone. */
export function result(word: Result): FinalReply {
  return { units: [], result: word };
}

/**
 * `ERROR`, after the lines that explain it.
 *
 * @param parts Lines of information text before `ERROR`.
 * @returns The whole answer.
 */
export function refuse(...parts: Part[]): FinalReply {
  return { ...ok(...parts), result: 'ERROR' };
}

/**
 * `+CME ERROR: <n>`, in the form that `AT+CMEE` asks for.
 *
 * @param cme The number of the error (3GPP TS 27.007, 9.2).
 * @returns The whole answer.
 */
export function cmeError(cme: number): FinalReply {
  return result({ cme });
}

/** `+CMS ERROR: <n>`, the same for commands about messages (3GPP TS 27.005, 3.2.5). */
export function cmsError(cms: number): FinalReply {
  return result({ cms });
}
