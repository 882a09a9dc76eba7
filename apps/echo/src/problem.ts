import { isAtError } from '@a7600/at-codec';
import { isTransportError, type TransportErrorCode } from '@a7600/transport';
import type { EchoOptions } from './options.js';

/** Something that keeps the demo from working, for the person in front of it. */
export interface Problem {
  readonly message: string;
  /** 2 when the command line can be mended, 1 otherwise. */
  readonly exitCode: 1 | 2;
}

const PORT_PROBLEMS: readonly TransportErrorCode[] = [
  'PORT_NOT_FOUND',
  'PORT_BUSY',
  'PORT_DENIED',
  'PORT_FAILED',
];

/** Says in one line what an error means for the person who started the demo. */
export function problemOf(error: unknown, { port }: Pick<EchoOptions, 'port'>): Problem {
  if (isAtError(error, 'SOCKET_ERROR') && error.command?.startsWith('AT+SERVERSTART')) {
    const message = `TCP port ${port} is in use: choose another one with --port, or leave it out.`;
    if (error.number === 6) return { message, exitCode: 2 };
  }
  const message = error instanceof Error ? error.message : String(error);
  const mendable =
    isAtError(error, 'INVALID_ARGUMENT') || PORT_PROBLEMS.some((code) => isTransportError(error, code));
  return { message, exitCode: mendable ? 2 : 1 };
}
