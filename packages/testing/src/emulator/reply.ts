import type { Observable } from 'rxjs';

/** The final result of a command. */
export type Result = 'OK' | 'ERROR' | { readonly cme: number };

/** A part of an answer: a line of text, or bytes exactly as they are. */
export type Part = string | Uint8Array;

/** What a behaviour answers: the whole of it, or a request for the payload first. */
export type Reply = FinalReply | PromptReply;

/** Information text, then the final result. */
export interface FinalReply {
  readonly parts: readonly Part[];
  readonly result: Result;
  /** What happens behind the result, for instance a connection that is being made. */
  readonly then?: () => void;
}

/** The prompt; the command goes on with the payload. */
export interface PromptReply {
  /** How many bytes belong to the payload. */
  readonly prompt: number;
  readonly take: (payload: Uint8Array) => Reply | Observable<Reply>;
}

/** `OK`, behind information text if there is some. */
export function ok(...parts: Part[]): FinalReply {
  return { parts, result: 'OK' };
}

/** `OK` now, and something that begins once it is printed. */
export function okThen(then: () => void): FinalReply {
  return { parts: [], result: 'OK', then };
}

/** `ERROR`, behind the lines that explain it. */
export function refuse(...parts: Part[]): FinalReply {
  return { parts, result: 'ERROR' };
}
