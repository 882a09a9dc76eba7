import { LAST_LINK } from '../commands/links.js';
import { COLON, QUOTE } from '../decoder/bytes.js';
import { byIntegers } from '../decoder/condition.js';
import type { Line, Urc } from '../decoder/line.js';
import { type Notice, notice, numbers, readEvent } from '../urc.js';

/** An address and a port of the other side. */
export interface Address {
  /** An IPv4 or IPv6 address. */
  readonly host: string;
  /** The port, 0 to 65535. */
  readonly port: number;
}

/** A server of the module accepted a connection. */
export interface ClientAccepted extends Address {
  /** The link that the connection got. */
  readonly link: number;
  /** Index of the server. */
  readonly server: number;
}

/** `+CLIENT: <link>,<server>,<ip>:<port>`, perhaps in quotes. */
export const clientAccepted: Urc<ClientAccepted> = {
  text: '+CLIENT',
  match: 'name',
  section: '4.2',
  read: (line) => {
    const [link, server] = [line.int(0), line.int(1)];
    const [host = '', port] = [line.field(2), line.field(3)];
    const address = readAddress(port === undefined ? host : `${host}:${port}`);
    return !isLink(link) || Number.isNaN(server) || address === undefined
      ? undefined
      : { link, server, ...address };
  },
};

/** Why a link ended, as `+IPCLOSE` states it (application note, 4.2). */
export const LinkCloseReason = {
  LOCAL: 0,
  REMOTE: 1,
  /** Sending timed out; in transparent mode, DTR went off. */
  TIMEOUT_OR_DTR: 2,
} as const;

/** A link ended that the host did not close. */
export interface LinkClosed {
  /** The link number, 0 to 9. */
  readonly link: number;
  /** One of {@link LinkCloseReason}. */
  readonly reason: number;
}

/** `+IPCLOSE: <link>,<reason>`, also without colon. */
export const linkClosed: Urc<LinkClosed> = /* @__PURE__ */ ofLink(
  numbers('+IPCLOSE', '4.2', 'link', 'reason'),
);

/** Data waits in the module's buffer of a link. */
export interface DataWaiting {
  /** The link number, 0 to 9. */
  readonly link: number;
}

/** `+CIPRXGET: 1,<link>`; with another mode or without a link the line is a reply. */
export const dataWaiting: Urc<DataWaiting> = /* @__PURE__ */ ofLink({
  text: '+CIPRXGET',
  match: 'name',
  section: '1.6',
  accepts: /* @__PURE__ */ byIntegers(
    (count) => (count === 2 ? undefined : false),
    (line) => line.int(0) === 1,
  ),
  read: (line) => ({ link: line.int(1) }),
});

/** `+CIPRXGETIP:<ip>:<port>`: who sent what waits; follows the notification when asked for. */
export const dataWaitingFrom: Urc<Address> = {
  text: '+CIPRXGETIP',
  match: 'name',
  section: 'manual 15',
  read: readSender,
};

/** `RECV FROM:<ip>:<port>`, also with a `+`: who sent the block that follows. */
export const receivedFrom: readonly Urc<Address>[] = /* @__PURE__ */ ['RECV FROM', '+RECV FROM'].map(
  (text) => ({ text, match: 'name', section: '3.2.1', read: readSender }),
);

/** A block that the module pushes; it follows the line as payload. */
export interface Pushed {
  /** Bytes of payload that follow. */
  readonly length: number;
}

/** `+IPD<length>`, in every spelling that occurs. It does not say whose it is (Q-3a). */
export const pushed: Urc<Pushed> = {
  text: '+IPD',
  match: 'prefix',
  section: '3.2.1',
  accepts: (line) => line.int(0) >= 0,
  read: (line) => ({ length: line.int(0) }),
};

/** `+RECEIVE,<link>,<length>`, with or without a colon at its end. */
export const pushedOnLink: Urc<Pushed & { readonly link: number }> = /* @__PURE__ */ numbers(
  '+RECEIVE',
  'manual 15',
  'link',
  'length',
);

/** `+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY`: the bearer is gone and every socket with it. */
export const networkLost: Urc<{ readonly event: string }> = {
  text: '+CIPEVENT',
  match: 'name',
  section: '4.2',
  read: readEvent,
};

/** `CLOSED`: the transparent connection is gone. */
export const closed: Urc<Notice> = /* @__PURE__ */ notice('CLOSED', 'line', '3.2.3');

/** Reads nothing where there is no such link. */
function ofLink<T extends { readonly link: number }>(urc: Urc<T>): Urc<T> {
  return {
    ...urc,
    read: (line) => {
      const value = urc.read(line);
      return value === undefined || !isLink(value.link) ? undefined : value;
    },
  };
}

/** Whether there is such a link: a number may have been damaged on the line. */
function isLink(link: number): boolean {
  return link >= 0 && link <= LAST_LINK;
}

/** Reads `<ip>:<port>`, which is all that stands after the name. */
function readSender(line: Line): Address | undefined {
  return readAddress(line.field(0) ?? '');
}

/** Reads `<ip>:<port>`; the address may be IPv6. */
function readAddress(text: string): Address | undefined {
  let colon = text.length - 1;
  while (colon >= 0 && text.charCodeAt(colon) !== COLON) colon -= 1;
  const host = bare(text.slice(0, colon));
  const port = decimal(bare(text.slice(colon + 1)));
  return colon < 0 || host === '' || port < 0 ? undefined : { host, port };
}

/** A part of an address without the quotes and spaces that may surround it. */
function bare(text: string): string {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  // Letters, digits and brackets, as nearly always.
  return first > QUOTE && last > QUOTE ? text : text.replaceAll('"', '').trim();
}

/** Reads a number that consists of digits alone; -1 if it is none. Faster than `Number` for short ones. */
function decimal(text: string): number {
  let value = text === '' ? -1 : 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
