import { constants } from 'node:os';
import { isAtError } from '@a7600/at-codec';
import { isTransportError } from '@a7600/transport';
import { isModemError, type ModemErrorCode } from '../base/errors.js';

/** What was tried with which peer, as Node's errors say it; `syscall` is `connect`, `read`, `listen`, … */
export interface Attempt {
  readonly syscall: string;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

/** An error as Node's own sockets give it; `cause` is what the modem said. */
export interface NodeError extends NodeJS.ErrnoException {
  /** The peer's address, or the local one of a server. */
  readonly address?: string;
  /** The peer's port, or the local one of a server. */
  readonly port?: number;
  /** The name that was looked up. */
  readonly hostname?: string;
}

/** `<err>` of the socket commands (application note, 4.1, second table). */
const SOCKET_ERRORS: Readonly<Record<number, string>> = {
  // The module does not tell a refusal from an unreachable peer.
  1: 'ECONNREFUSED',
  2: 'ENETDOWN',
  3: 'EINVAL',
  4: 'EBUSY',
  5: 'EMFILE',
  6: 'EADDRINUSE',
  7: 'EADDRINUSE',
  8: 'EBUSY',
  9: 'EBUSY',
  10: 'ETIMEDOUT',
  11: 'ENOTFOUND',
};

/** `<err_info>` of `+IP ERROR` (application note, 4.1, first table). */
const IP_ERRORS: Readonly<Record<number, string>> = {
  0: 'ETIMEDOUT',
  1: 'EADDRINUSE',
  3: 'EMFILE',
  5: 'ENETDOWN',
  8: 'ENETDOWN',
  11: 'EPIPE',
  12: 'EINVAL',
  14: 'ENOTFOUND',
  17: 'ETIMEDOUT',
  18: 'ENETDOWN',
  19: 'ECONNREFUSED',
  20: 'EADDRINUSE',
};

const MODEM_ERRORS: Readonly<Partial<Record<ModemErrorCode, string>>> = {
  TIMEOUT: 'ETIMEDOUT',
  MODULE_SILENT: 'ENETDOWN',
  NOT_READY: 'ENETDOWN',
  PIN_REFUSED: 'ENETDOWN',
  NETWORK_LOST: 'ENETDOWN',
  WRONG_MODE: 'ENOTSUP',
  LINK_CLOSED: 'ECONNRESET',
  CAPACITY: 'EMFILE',
  CLOSED: 'ENETDOWN',
};

/** Node's code for what went wrong in the modem; `EIO` for what has none. */
export function codeOf(error: unknown, { syscall }: Attempt): string {
  // Connections that were open are gone; new ones have no network to go through.
  if (isModemError(error, 'MODULE_RESTARTED')) {
    return syscall === 'read' || syscall === 'write' ? 'ECONNRESET' : 'ENETDOWN';
  }
  if (syscall === 'getaddrinfo') {
    if (isModemError(error, 'TIMEOUT')) return 'EAI_AGAIN';
    if (isAtError(error, 'SOCKET_ERROR') || isAtError(error, 'IP_ERROR')) return 'ENOTFOUND';
  }
  if (isModemError(error, 'LINK_CLOSED') && syscall === 'write') return 'EPIPE';
  if (isModemError(error) && isAtError(error.cause)) return codeOf(error.cause, { syscall });
  if (isModemError(error)) return MODEM_ERRORS[error.code] ?? 'EIO';
  if (isTransportError(error)) return 'ENETDOWN';
  if (!isAtError(error)) return 'EIO';
  if (error.code === 'INVALID_ARGUMENT') return syscall === 'send' ? 'EMSGSIZE' : 'EINVAL';
  if (error.code === 'SOCKET_ERROR') return SOCKET_ERRORS[error.number ?? -1] ?? 'EIO';
  if (error.code === 'IP_ERROR') return IP_ERRORS[error.number ?? -1] ?? 'EIO';
  return 'EIO';
}

/** What went wrong in the modem as an error of Node; one that is of Node already stays as it is. */
export function nodeError(cause: unknown, attempt: Attempt, code = codeOf(cause, attempt)): NodeError {
  if (isNodeError(cause)) return cause;
  const { address, port } = attempt;
  if (code === 'ENOTFOUND') return notFound(address ?? '', cause);
  const where = address === undefined ? '' : ` ${address}${port === undefined ? '' : `:${port}`}`;
  // Who holds all the links is what a person needs to know then.
  const detail = code === 'EMFILE' && cause instanceof Error ? `: ${cause.message}` : '';
  return described(`${attempt.syscall} ${code}${where}${detail}`, cause, {
    code,
    syscall: attempt.syscall,
    errno: -(constants.errno[code as keyof typeof constants.errno] ?? 0),
    ...(address !== undefined && { address }),
    ...(port !== undefined && { port }),
  });
}

function isNodeError(error: unknown): error is NodeError {
  return error instanceof Error && 'syscall' in error;
}

/** A name that has no address. */
function notFound(hostname: string, cause: unknown): NodeError {
  const code = 'ENOTFOUND';
  // The number that libuv has for it (UV_EAI_NONAME); the system has none.
  const details = { code, syscall: 'getaddrinfo', errno: -3008, hostname };
  return described(`getaddrinfo ${code} ${hostname}`, cause, details);
}

/** Something that the module cannot do. */
export function unsupported(syscall: string, message: string): NodeError {
  const errno = -constants.errno.ENOTSUP;
  return described(`${syscall} ENOTSUP: ${message}`, undefined, { code: 'ENOTSUP', syscall, errno });
}

/** A call that does not fit the state of a socket, with a code of Node (`ERR_…`). */
export function usageError(code: string, message: string): NodeError {
  return described(message, undefined, { code });
}

function described(message: string, cause: unknown, details: Omit<NodeError, 'name' | 'message'>): NodeError {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), details);
}
