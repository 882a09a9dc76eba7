import { AtError, type AtErrorCode } from '@a7600/at-codec';
import { ModemError, type ModemErrorCode } from '@a7600/tcpip';
import { type LinkEnd, TransportError, type TransportErrorCode } from '@a7600/transport';
import { FleetError, type FleetErrorCode } from '../base/errors.js';
import { isObject, numberIn, textIn } from './reading.js';

const NAMES = ['AtError', 'ModemError', 'TransportError', 'FleetError'] as const;
/** Errors that name others as their cause do so this deep. */
const DEPTH = 3;

/** An error as JSON: what a program decides by, and what a person reads. Secrets are hidden in both already. */
export function errorToJson(error: unknown, depth = DEPTH): object {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, cause } = error;
  const { code, command, link, number, answer, reason } = error as unknown as Record<string, unknown>;
  return {
    name,
    message,
    code,
    command,
    link,
    number,
    answer,
    reason,
    ...(cause instanceof Error && depth > 0 ? { cause: errorToJson(cause, depth - 1) } : {}),
  };
}

/** The error that another machine sent: of the same family, with the same code, as if it had happened here. */
export function errorFromJson(json: unknown): Error {
  const name = NAMES.find((known) => known === textIn(json, 'name'));
  const code = textIn(json, 'code');
  const message = textIn(json, 'message') ?? 'The agent sent an error without a message.';
  const cause = causeOf(json, 'cause');
  // The codes of a higher minor version are handed on as they are.
  if (name === 'TransportError' && code !== undefined) {
    return new TransportError(code as TransportErrorCode, message, cause);
  }
  if (name === 'AtError' && code !== undefined)
    return new AtError(code as AtErrorCode, message, details(json, cause));
  if (name === 'ModemError' && code !== undefined) {
    return new ModemError(code as ModemErrorCode, message, details(json, cause));
  }
  return new FleetError((name === 'FleetError' ? code : 'PROTOCOL') as FleetErrorCode, message, cause);
}

function causeOf(json: unknown, member: 'cause' | 'error'): Error | undefined {
  const found = isObject(json) ? json[member] : undefined;
  return isObject(found) ? errorFromJson(found) : undefined;
}

function details(json: unknown, cause: Error | undefined) {
  const command = textIn(json, 'command');
  const link = numberIn(json, 'link');
  const number = numberIn(json, 'number');
  const answer = textIn(json, 'answer');
  const reason = numberIn(json, 'reason');
  return {
    ...(command === undefined ? {} : { command }),
    ...(link === undefined ? {} : { link }),
    ...(number === undefined ? {} : { number }),
    ...(answer === undefined ? {} : { answer }),
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** How a stream ends, as JSON. */
export function endToJson(end: LinkEnd): object {
  return end.by === 'lost' ? { by: 'lost', error: errorToJson(end.error) } : { by: end.by };
}

/** How the other side says that a stream ends. What makes no sense is a loss. */
export function endFromJson(json: unknown): LinkEnd {
  const by = textIn(json, 'by');
  if (by === 'local' || by === 'remote') return { by };
  const error = causeOf(json, 'error');
  return {
    by: 'lost',
    error: error ?? new FleetError('PROTOCOL', 'The agent ended the stream without saying why.'),
  };
}
