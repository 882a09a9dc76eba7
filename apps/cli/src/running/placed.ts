import { onPty, onTcp } from '@a7600/testing/node';
import { isTransportError, type Transport } from '@a7600/transport';
import { catchError, map, type Observable, tap, throwError } from 'rxjs';
import { UsageError } from '../exit-code.js';

/** Where another program is to find a modem: a pseudo-terminal, unless a TCP port is given. */
export interface PlaceOptions {
  /** A pseudo-terminal, with this symbolic link to it if there is one. */
  readonly pty?: string | true | undefined;
  /** A TCP port of loopback; 0 is any free one. */
  readonly tcp?: number | undefined;
}

/** Where another program finds a modem: a pseudo-terminal, or a TCP port. */
export type Place =
  | { readonly path: string; readonly link?: string }
  | { readonly host: string; readonly port: number };

/**
 * A place as a person reads it.
 *
 * @param place where a modem is
 * @returns the place in words
 */
export function inWords(place: Place): string {
  if ('port' in place) return `TCP port ${place.port} of ${place.host}`;
  return place.link === undefined ? place.path : `${place.link} (${place.path})`;
}

/**
 * Puts a modem where another program finds it. Cold: emits the place once it is there, and completes when the modem on a
 * pseudo-terminal has ended.
 *
 * @param modem the modem; on a TCP port it is opened for each client
 * @param options see {@link PlaceOptions}
 * @param onRefused called when it cannot be opened for a client of a TCP port
 * @returns the place; errors with a `UsageError` when that cannot be had, and as the modem on a pseudo-terminal does
 */
export function placed(
  modem: Transport,
  { pty = true, tcp }: PlaceOptions,
  onRefused: (error: Error) => void,
): Observable<Place> {
  if (tcp !== undefined) {
    return onTcp(modem.pipe(tap({ error: onRefused })), { port: tcp }).pipe(catchError(ofPlace));
  }
  const ofModem = new Set<unknown>();
  const link = pty === true ? undefined : pty;
  return onPty(modem.pipe(tap({ error: (error: unknown) => ofModem.add(error) })), { link }).pipe(
    map(({ path }): Place => ({ path, ...(link !== undefined && { link }) })),
    catchError((error: unknown) => (ofModem.has(error) ? throwError(() => error) : ofPlace(error))),
  );
}

/** A place that cannot be had is a matter of the command line. */
function ofPlace(error: unknown): Observable<never> {
  const isPlace = isTransportError(error, 'PORT_BUSY') || isTransportError(error, 'PORT_FAILED');
  return throwError(() => (isPlace ? new UsageError(error.message, { cause: error }) : error));
}
