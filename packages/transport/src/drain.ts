import { type Observable, throwError, timeout } from 'rxjs';
import { TransportError } from './errors.js';

/** Time in ms that a drain has, where nothing else was said. */
export const DRAIN_LIMIT = 10_000;

/** Errors with `TIMEOUT` when `drained$` takes longer than `limit` ms; `port` names it for a person. */
export function drainWithin(
  drained$: Observable<never>,
  port: string,
  limit = DRAIN_LIMIT,
): Observable<never> {
  return drained$.pipe(timeout({ first: limit, with: () => throwError(() => drainTimeout(port, limit)) }));
}

function drainTimeout(port: string, limit: number): TransportError {
  const message =
    `${port} did not send everything within ${limit / 1000} s. Is the module holding the line back ` +
    '(RTS/CTS), or is nothing connected?';
  return new TransportError('TIMEOUT', message);
}
