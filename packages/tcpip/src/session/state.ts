import type { Identity } from '@a7600/at-codec';

/**
 * How far a modem has come.
 *
 * - `probing`: finds out whether the module listens.
 * - `setting up`: echo off, answers and errors in words.
 * - `waiting for SIM`, `waiting for registration`: `reason` says what is missing.
 * - `ready`: it can be used.
 */
export interface ModemState {
  /** How far it has come. */
  readonly step: 'probing' | 'setting up' | 'waiting for SIM' | 'waiting for registration' | 'ready';
  /** Why it waits: what the module said last. */
  readonly reason?: string | undefined;
  /** What the module is; known from `waiting for SIM` on, if it says so. */
  readonly identity?: Identity | undefined;
}
