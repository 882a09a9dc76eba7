import type { Shape } from '../base/given.js';
import type { LeaveBy } from '../line/connection.js';

/** What nothing else checks. */
export const TRANSPARENT_OPTIONS: Shape<TransparentOptions & TransparentTarget> = {
  leaveBy: ['plus', 'dtr'],
  confirmInterval: 'interval',
  commands: ['wait', 'interrupt'],
  type: ['tcp', 'udp'],
};

/** A transparent connection to make, or to wait for. Times are in ms. */
export type TransparentOptions = TransparentPeer & {
  /**
   * How data mode is left: `plus` writes `+++` between two silences of 1 s; `dtr` drops DTR after
   * one, for modules that miss the other, and needs a `SerialLink`. Default `plus`.
   */
  readonly leaveBy?: LeaveBy | undefined;
  /**
   * Time without a sign that the module is in data mode, after which the module is asked: data mode
   * is left and entered again, which takes 2.2 s in which nothing can be written. Received bytes are
   * a sign, unless they are our own payload echoed. `false`: never. Default: that of the modem, 60000.
   */
  readonly confirmInterval?: number | false | undefined;
  /**
   * What commands do that are run while the session carries data, those of other sockets included:
   * `wait` until command mode is entered, or `interrupt` the session, which returns to data mode once
   * they were sent. Default `wait`.
   */
  readonly commands?: 'wait' | 'interrupt' | undefined;
};

/** The other side of a transparent connection. */
export type TransparentPeer = TransparentTarget | TransparentListener;

/** Where to connect to. */
export interface TransparentTarget {
  /** Address or name. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Default `tcp`. */
  readonly type?: 'tcp' | 'udp' | undefined;
  /** 0 to 65535; UDP needs one. Default: any. */
  readonly localPort?: number | undefined;
}

/** Where to listen. */
export interface TransparentListener {
  /** TCP port on which to accept one client after the other. */
  readonly listen: number;
}
