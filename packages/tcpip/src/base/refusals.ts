import { CommandErrorNumber, IpErrorNumber, isAtError, SocketErrorNumber } from '@a7600/at-codec';
import { EMPTY, type Observable, throwError } from 'rxjs';
import { isModemError } from './errors.js';

/** Whether a socket command was refused with one of these `<err>` (second table of the application note, 4.1). */
function refusedWith(error: unknown, ...numbers: readonly number[]): boolean {
  return isAtError(error, 'SOCKET_ERROR') && error.number !== undefined && numbers.includes(error.number);
}

/** The network is closed. */
export function saysNetworkClosed(error: unknown): boolean {
  if (isAtError(error, 'IP_ERROR')) return error.number === IpErrorNumber.NETWORK_NOT_OPENED;
  return refusedWith(error, SocketErrorNumber.NETWORK_NOT_OPENED);
}

/** The network that was to be opened is open. */
export function saysNetworkOpen(error: unknown): boolean {
  return isAtError(error, 'IP_ERROR') && error.number === IpErrorNumber.NETWORK_ALREADY_OPENED;
}

/** The link that was to be opened is open. */
export function saysLinkInUse(error: unknown): boolean {
  return refusedWith(error, CommandErrorNumber.LINK_IN_USE);
}

/** The link that was to be closed is closed, alone or together with the network. */
export function saysLinkClosed(error: unknown): boolean {
  return refusedWith(error, CommandErrorNumber.LINK_CLOSED, CommandErrorNumber.NETWORK_CLOSED);
}

/** There is no connection on the link. */
export function saysNoConnection(error: unknown): boolean {
  return isAtError(error, 'IP_ERROR') && error.number === IpErrorNumber.NO_CONNECTION;
}

/** The send buffer of the link is full. */
export function saysBusy(error: unknown): boolean {
  return refusedWith(error, SocketErrorNumber.BUSY);
}

/** The server that was to be started listens. */
export function saysServerInUse(error: unknown): boolean {
  return refusedWith(error, CommandErrorNumber.SERVER_IN_USE);
}

/** The server that was to be stopped has clients. */
export function saysClientsConnected(error: unknown): boolean {
  return refusedWith(error, CommandErrorNumber.CLIENTS_CONNECTED);
}

/** The command was not answered in time: what became of it is unknown. */
export function isUnanswered(error: unknown): boolean {
  return isModemError(error, 'TIMEOUT');
}

/** The answer, or a part of it, did not arrive. */
export function isAnswerLost(error: unknown): boolean {
  return isUnanswered(error) || isAtError(error, 'UNREADABLE_ANSWER') || isAtError(error, 'FRAMING_LOST');
}

/** For `catchError`: the module may refuse the command, as firmware without it does, or because it is done already. */
export function ignoreRefusal(error: unknown): Observable<never> {
  return isAtError(error) ? EMPTY : throwError(() => error);
}
