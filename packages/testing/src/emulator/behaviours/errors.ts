import { TimeoutError } from 'rxjs';
import { NetworkError, type NetworkFailure } from '../../networks/network.js';
import { type FinalReply, refuse } from '../at/reply.js';
import { number } from '../at/values.js';
import type { Module } from '../module.js';
import type { Link } from '../sockets/link.js';

/** `+IP ERROR: …` and `ERROR` (application note, 4.1, first table); `errMode` 0 prints its number. */
export function ipError(text: string, module: Module): FinalReply {
  return refuse(`+IP ERROR: ${ipErrorText(text, module)}`);
}

/** What follows `+IP ERROR:` for one of its texts. */
export function ipErrorText(text: string, { settings, profile }: Module): string | number {
  return settings.errorsAsText ? text : profile.ipErrors.indexOf(text);
}

/** `+CIPERROR: <err>` and `ERROR` (application note, 4.1, second table). */
export function cipError(err: number): FinalReply {
  return refuse(`+CIPERROR: ${err}`);
}

/** `<err>` of the second table of the application note, 4.1. */
export const ERR = {
  ok: 0,
  networkFailure: 1,
  networkClosed: 2,
  wrongParameter: 3,
  notSupported: 4,
  createFailed: 5,
  bindFailed: 6,
  alreadyListening: 7,
  busy: 8,
  socketsOpened: 9,
  timeout: 10,
  dnsFailed: 11,
  unknown: 12,
} as const;

/** The table names no causes; these are what its words say (protocol 9.3). */
const CONNECT_ERRORS: Readonly<Record<NetworkFailure, number>> = {
  refused: ERR.networkFailure,
  unreachable: ERR.networkFailure,
  reset: ERR.networkFailure,
  timeout: ERR.timeout,
  'unknown-host': ERR.dnsFailed,
  'port-in-use': ERR.bindFailed,
  handshake: ERR.networkFailure,
};

/** `<err>` of a link that could not be opened. */
export function connectErr(error: unknown): number {
  if (error instanceof TimeoutError) return ERR.timeout;
  return error instanceof NetworkError ? CONNECT_ERRORS[error.failure] : ERR.networkFailure;
}

/** The link of a number as it was given, or undefined. */
export function linkAt(value: string | undefined, { sockets: { links } }: Module): Link | undefined {
  const index = number(value, 0, links.length - 1);
  return index === undefined ? undefined : links[index];
}
