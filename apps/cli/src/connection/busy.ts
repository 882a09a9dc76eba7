import { isTransportError, TransportError } from '@a7600/transport';
import { holdersOf } from '@a7600/transport/serialport';
import { catchError, from, type MonoTypeOperatorFunction, switchMap, throwError } from 'rxjs';
import { sockets } from '../shared-line/places.js';

/**
 * Says of a port that another a7600 of this user has how its line is shared.
 *
 * @returns an operator on transports of serial ports
 */
export function namingOwnHolder<T>(): MonoTypeOperatorFunction<T> {
  return catchError((error: unknown) =>
    isTransportError(error, 'PORT_BUSY')
      ? from(explained(error)).pipe(switchMap((named) => throwError(() => named)))
      : throwError(() => error),
  );
}

async function explained(error: TransportError): Promise<TransportError> {
  const [, path = ''] = /^(\S+) is in use/.exec(error.message) ?? [];
  const sharing = sockets().map(({ pid }) => Number(pid));
  const own = (await holdersOf(path)).find(({ pid }) => sharing.includes(pid) && pid !== process.pid);
  if (own === undefined) return error;
  const message =
    `${path} is in use by another a7600 (process ${own.pid}). \`a7600 term --attach ${own.pid}\` shares its line, ` +
    `\`a7600 capture --pid ${own.pid}\` captures it. Or end it first.`;
  return new TransportError('PORT_BUSY', message, error);
}
