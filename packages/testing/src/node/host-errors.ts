import { NetworkError, type NetworkFailure } from '../networks/network.js';

const FAILURES: Readonly<Record<string, NetworkFailure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'unknown-host',
  EADDRINUSE: 'port-in-use',
  EACCES: 'port-in-use',
};

/** What an error of a Node socket means for the module. */
export function networkError(error: NodeJS.ErrnoException): NetworkError {
  return new NetworkError(FAILURES[error.code ?? ''] ?? 'unreachable', error.message, error);
}
