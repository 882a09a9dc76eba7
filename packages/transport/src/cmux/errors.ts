import { TransportError } from '../errors.js';
import type { EndReason } from './state.js';

/** The multiplexer could not be set up. */
export function notReady(reason: EndReason): TransportError {
  if (reason === 'refused') {
    return new TransportError('MULTIPLEXER_REFUSED', 'The module refused to multiplex this line (DM).');
  }
  if (reason === 'unanswered') {
    return new TransportError(
      'TIMEOUT',
      'The module did not answer the frames that set up multiplexing. Some firmware answers AT+CMUX with ' +
        'OK and stays in plain AT mode; otherwise check the rate of the line and flow control.',
    );
  }
  return new TransportError('TRANSPORT_CLOSED', 'The multiplexer was closed before it was set up.');
}

/** A channel could not be opened, or was lost; undefined where it ended in good order. */
export function channelError(dlci: number, reason: EndReason, isOpen: boolean): TransportError | undefined {
  if (reason === 'refused') {
    return new TransportError(
      'MULTIPLEXER_REFUSED',
      `The module refused channel ${dlci} (DM). A76xx modules have channels 1 to 4, some firmware fewer.`,
    );
  }
  if (reason !== 'unanswered') return undefined;
  return isOpen
    ? new TransportError('TRANSPORT_LOST', `The module stopped answering while channel ${dlci} was open.`)
    : new TransportError('TIMEOUT', `The module did not acknowledge channel ${dlci}.`);
}

/** The port below was closed. */
export function lineClosed(): TransportError {
  return new TransportError('TRANSPORT_CLOSED', 'The port that carries the multiplexer was closed.');
}

/** The channel is not open any more. */
export function channelClosed(dlci: number): TransportError {
  return new TransportError('TRANSPORT_CLOSED', `Channel ${dlci} has ended. Open it again.`);
}

/** The module did not confirm that it left the multiplexer. */
export function notClosed(): TransportError {
  return new TransportError(
    'TIMEOUT',
    'The module did not confirm that it stopped multiplexing, and may go on. Reset it, or switch its power ' +
      'off and on, before using the line for AT commands.',
  );
}
