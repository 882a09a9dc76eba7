import { isAtError } from '@a7600/at-codec';
import { isModemError } from '@a7600/tcpip';
import { isTransportError, type TransportErrorCode } from '@a7600/transport';

/** What keeps the demo from working, in words for the person who started it. */
export interface Problem {
  readonly message: string;
  /** 2 if another command line can help, 1 otherwise. */
  readonly exitCode: 1 | 2;
}

const PORT_PROBLEMS: readonly TransportErrorCode[] = [
  'PORT_NOT_FOUND',
  'PORT_BUSY',
  'PORT_DENIED',
  'PORT_FAILED',
];

/** Explains an error in one line for the person who started the demo. */
export function problemOf(error: unknown, { port }: { readonly port: number }): Problem {
  if (isModemError(error, 'PORT_IN_USE')) {
    const reason = port < 1024 ? 'is in use, or reserved for root' : 'is in use';
    const message = `TCP port ${port} ${reason}: choose another one with --port.`;
    return { message, exitCode: 2 };
  }
  const message = error instanceof Error ? error.message : String(error);
  const mendable =
    isAtError(error, 'INVALID_ARGUMENT') || PORT_PROBLEMS.some((code) => isTransportError(error, code));
  return { message, exitCode: mendable ? 2 : 1 };
}
