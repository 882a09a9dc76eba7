import type { Network } from '@a7600/tcpip';
import type { ModemConnect } from '@a7600/tcpip/node';
import type { Observable, Subscription } from 'rxjs';

/** Time limit of a client in ms where it asks for one, above what a loaded machine takes. */
export const CLIENT_TIMEOUT = 120_000;

/** The way to a server: through the modem, or over this computer's own network to compare with. */
export interface Route {
  readonly connect: ModemConnect;
  readonly networks$: Observable<Network>;
  readonly host: string;
  readonly port: number;
}

/** What a client does with one server, once it is connected. */
export interface Session {
  /** Sends bytes to the server, and resolves with what the server gives back of them. */
  roundTrip(bytes: Buffer): Promise<Buffer>;
  /** Ends it as a program does that is done. */
  close(): unknown;
  /** Ends it in the middle of what it does. */
  abort(): unknown;
}

/** A library, the server that it talks to, and how it is told to go through the modem. */
export interface Client {
  readonly name: string;
  /** The package whose version is reported; Node itself if it has none. */
  readonly package?: string;
  readonly server: string;
  /** The network is opened so, where it matters. */
  readonly receive?: 'push';
  /** Bytes that its protocol carries in one go, where that is less than a mebibyte. */
  readonly limit?: number;
  /** It is not run ten times at once. */
  readonly single?: boolean;
  /** Links of the module that it needs at a time. Default 1. */
  readonly links?: number;
  /** The library serves on the modem, and `server` visits it. */
  readonly role?: 'server';
  /** UDP: there is no connection that a server could hang up. */
  readonly datagrams?: boolean;
  /** Starts the server, until `open` ends; its port. */
  serve(open: Subscription): Promise<number>;
  /** Connects. What stands between `glue` marks is counted. */
  session(route: Route): Promise<Session>;
}
