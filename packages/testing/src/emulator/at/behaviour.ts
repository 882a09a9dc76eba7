import type { Observable } from 'rxjs';
import type { Module } from '../module.js';
import type { Family } from '../profiles/profile.js';
import type { Reply } from './reply.js';
import type { Request } from './request.js';

/** What the module does when it gets one form of a command. */
export type Handler = (request: Request, module: Module) => Reply | Observable<Reply>;

/**
 * A command that the emulator knows. A form without a handler answers `ERROR`. The newest
 * behaviour of a name wins, so that anybody can replace or add one.
 */
export interface Behaviour {
  /** `+CIPOPEN`, `E`, empty for a bare `AT`. */
  readonly command: string;
  /** Only profiles of this family have it. */
  readonly family?: Family;
  /** The execution form: `AT+X`, or a basic command without a value. */
  readonly execute?: Handler;
  /** The read form: `AT+X?`. */
  readonly read?: Handler;
  /** The test form: `AT+X=?`. */
  readonly test?: Handler;
  /** The write form: `AT+X=…`, or a basic command with a value. */
  readonly write?: Handler;
  /**
   * Longest time in ms that an answer may take; `ERROR` comes then. Default 9000, the AT command
   * manual's for most commands.
   */
  readonly maxTime?: number;
}
