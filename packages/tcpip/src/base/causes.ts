import { type AtError, IpErrorNumber, isAtError, SocketErrorNumber } from '@a7600/at-codec';
import { catchError, type MonoTypeOperatorFunction, throwError } from 'rxjs';
import { ModemError, type ModemErrorCode } from './errors.js';

/** What a module was asked for when it refused. */
export type Operation = 'connect' | 'listen' | 'bind' | 'resolve';

type Codes = Readonly<Record<number, ModemErrorCode>>;

/** `<err>` of the second table of the application note (4.1), and what it means for an operation. */
const SOCKET_ERRORS: Codes = {
  [SocketErrorNumber.WRONG_PARAMETER]: 'ADDRESS_REFUSED',
  [SocketErrorNumber.CREATE_FAILED]: 'CAPACITY',
  [SocketErrorNumber.BIND_FAILED]: 'PORT_IN_USE',
  [SocketErrorNumber.TIMEOUT]: 'PEER_TIMEOUT',
  [SocketErrorNumber.DNS_FAILED]: 'NAME_NOT_FOUND',
};
const BY_OPERATION: Readonly<Record<Operation, Codes>> = {
  connect: { [SocketErrorNumber.NETWORK_FAILURE]: 'CONNECT_REFUSED' },
  listen: { [SocketErrorNumber.ALREADY_LISTENING]: 'CAPACITY' },
  bind: {},
  resolve: { [SocketErrorNumber.TIMEOUT]: 'NAME_NOT_FOUND' },
};

/** `<err_info>` of the first table of the application note (4.1). */
const IP_ERRORS: Codes = {
  [IpErrorNumber.CONNECTION_TIMEOUT]: 'PEER_TIMEOUT',
  [IpErrorNumber.BIND_FAILED]: 'PORT_IN_USE',
  [IpErrorNumber.CREATE_FAILED]: 'CAPACITY',
  [IpErrorNumber.INVALID_PARAMETER]: 'ADDRESS_REFUSED',
  [IpErrorNumber.DNS_FAILED]: 'NAME_NOT_FOUND',
  [IpErrorNumber.OPEN_FAILED]: 'CONNECT_REFUSED',
  [IpErrorNumber.ALREADY_LISTENING]: 'PORT_IN_USE',
};

/**
 * Gives what a module refused a code of its own: `CONNECT_REFUSED`, `PEER_TIMEOUT`,
 * `NAME_NOT_FOUND`, `PORT_IN_USE`, `ADDRESS_REFUSED`, `CAPACITY`. The module's number and words stay
 * beside it (`number`, `answer`), its `AtError` is the `cause`. A number that says nothing certain
 * about the operation stays an `AtError`.
 */
export function nameCause<T>(operation: Operation): MonoTypeOperatorFunction<T> {
  return catchError((error) => throwError(() => named(operation, error)));
}

function named(operation: Operation, error: unknown): unknown {
  if (!isAtError(error)) return error;
  const code = codeOf(operation, error);
  if (code === undefined) return error;
  const { command, link, number, answer, message } = error;
  return new ModemError(code, message, { cause: error, command, link, number, answer });
}

function codeOf(operation: Operation, { code, number }: AtError): ModemErrorCode | undefined {
  if (code === 'NO_CARRIER') return 'CONNECT_REFUSED';
  if (number === undefined) return undefined;
  if (code === 'SOCKET_ERROR') return BY_OPERATION[operation][number] ?? SOCKET_ERRORS[number];
  return code === 'IP_ERROR' ? IP_ERRORS[number] : undefined;
}
