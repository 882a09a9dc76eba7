import { isTransportError } from '@a7600/transport';
import { catchError, EMPTY, type MonoTypeOperatorFunction, throwError } from 'rxjs';
import type { Network } from '../network/network.js';

/** The errors that end a network with all that is open in it, and so do those of its port. */
const ENDS_NETWORK: readonly unknown[] = [
  'BEARER_STALLED',
  'BUDGET_SPENT',
  'CHECK_FAILED',
  'CLOSED',
  'MODULE_RESTARTED',
  'MODULE_SILENT',
  'NETWORK_CHANGED',
  'NETWORK_LOST',
  'RESTART_LOOP',
];

/**
 * A network that is opened again when it is lost: what is being opened in it completes then, and
 * leaves the error to the caller that keeps the network. So `switchMap((net) => net.listen(…))` lives on,
 * and listens in the next network.
 */
export function keptNetwork(network: Network): Network {
  return {
    ...network,
    connect: (options) => network.connect(options).pipe(completeWithNetwork()),
    listen: (options) => network.listen(options).pipe(completeWithNetwork()),
    bind: (options) => network.bind(options).pipe(completeWithNetwork()),
    transparent: (options) => network.transparent(options).pipe(completeWithNetwork()),
    resolve: (host) => network.resolve(host).pipe(completeWithNetwork()),
  };
}

function completeWithNetwork<T>(): MonoTypeOperatorFunction<T> {
  return catchError((error) => (endsNetwork(error) ? EMPTY : throwError(() => error)));
}

/** Whether an error, or what caused it, is the end of the network. */
function endsNetwork(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && ENDS_NETWORK.includes(at.code)) return true;
    // A network has no port of its own to be refused: whatever the port ends with ends all that is above it.
    if (isTransportError(at) && at.code !== 'INVALID_ARGUMENT') return true;
  }
  return false;
}
