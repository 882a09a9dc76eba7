import type { Urc } from '../urc.js';

/** A server of the module accepted a connection. */
export interface ClientAccepted {
  /** The link that the connection got. */
  readonly link: number;
  /** Index of the server. */
  readonly server: number;
  readonly host: string;
  readonly port: number;
}

/** `+CLIENT: <link>,<server>,<ip>:<port>` */
export const clientAccepted: Urc<ClientAccepted> = {
  text: '+CLIENT',
  match: 'name',
  section: '4.2',
  read: (line) => {
    const [link, server, address = ''] = [line.int(0), line.int(1), line.fields[2]];
    const colon = address.lastIndexOf(':');
    const host = colon < 0 ? address : address.slice(0, colon);
    const port = colon < 0 ? line.int(3) : Number(address.slice(colon + 1));
    return [link, server, port].some(Number.isNaN) ? undefined : { link, server, host, port };
  },
};

/** A link ended without having been closed from here. */
export interface LinkClosed {
  readonly link: number;
  /** 0 closed locally, 1 by the remote side, 2 sending timed out or DTR went off. */
  readonly reason: number;
}

/** `+IPCLOSE: <link>,<reason>`, also without colon. */
export const linkClosed: Urc<LinkClosed> = {
  text: '+IPCLOSE',
  match: 'name',
  section: '4.2',
  read: (line) => {
    const [link, reason] = [line.int(0), line.int(1)];
    return Number.isNaN(link) || Number.isNaN(reason) ? undefined : { link, reason };
  },
};

/** Data waits in the module's buffer of a link. */
export interface DataWaiting {
  readonly link: number;
}

/** `+CIPRXGET: 1,<link>`; with another mode or without a link the line is a reply. */
export const dataWaiting: Urc<DataWaiting> = {
  text: '+CIPRXGET',
  match: 'name',
  section: '1.6',
  accepts: (line) => line.int(0) === 1 && !Number.isNaN(line.int(1)),
  read: (line) => ({ link: line.int(1) }),
};

/** `+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY`: the bearer is gone and every socket with it. */
export const networkLost: Urc<{ readonly event: string }> = {
  text: '+CIPEVENT',
  match: 'name',
  section: '4.2',
  read: (line) => ({ event: line.fields.join(',') }),
};
