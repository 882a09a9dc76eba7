import type { Option } from 'commander';
import { milliseconds } from '../running/long-running.js';
import { withDefault } from '../with-default.js';

/** Seconds for which the one that connects waits after the end of its input. */
export const CALLER_HOLD = '30';

/**
 * `--hold`: the module has no half-close, so that the connection is kept for some time after the end of the input.
 *
 * @param seconds the default, as a person would type it
 * @returns the option; its value is in ms
 */
export function holdOption(seconds: string): Option {
  const text = 'after the end of the input: how long the peer may be silent';
  return withDefault('--hold <seconds>', text, milliseconds, seconds);
}
