import { ignoreElements, merge, type Observable } from 'rxjs';
import type { ByteLink } from './byte-link.js';
import { type PumpOptions, pump } from './pump.js';

/**
 * Joins two links: what either receives is written to the other, at the pace of the slower one.
 *
 * Cold. Emits nothing, completes when both have ended, errors when one of them fails. Closes
 * neither.
 */
export function bridge(a: ByteLink, b: ByteLink, options?: PumpOptions): Observable<never> {
  return merge(pump(a, b, options), pump(b, a, options)).pipe(ignoreElements());
}
