import type { PdpType } from '@a7600/at-codec';
import type { Shape } from '../base/given.js';
import type { ReceiveMode } from '../links/receive-mode.js';
import type { NetworkCheck } from './check.js';

/** What nothing else checks. */
export const NETWORK_OPTIONS: Shape<NetworkOptions> = {
  receive: ['buffer', 'hex', 'push'],
  transparent: 'boolean',
  timeouts: 'object',
  keepAlive: 'object',
  check: 'object',
  registrationGrace: 'number',
};

/** Settings of the network and of what is opened in it. Times are in ms. */
export interface NetworkOptions {
  /**
   * Access point name of the SIM's provider, up to 100 printable ASCII characters. Default: what
   * the module has stored, which many networks accept empty.
   */
  readonly apn?: string | undefined;
  /** Address family of the PDP context; used with `apn`. Default `IP`. */
  readonly pdpType?: PdpType | undefined;
  /** Default `buffer`. */
  readonly receive?: ReceiveMode | undefined;
  /**
   * Open it for a transparent session (`AT+CIPMODE=1`) on link 0 or server 0. Other links and servers
   * work beside it where the firmware allows that (Q-24a), with buffer access. Default false.
   */
  readonly transparent?: boolean | undefined;
  /** Limits of the module for opening the network and links and for sends (`AT+CIPTIMEOUT`), 3000 to 120000. */
  readonly timeouts?: {
    readonly netOpen?: number | undefined;
    readonly cipOpen?: number | undefined;
    readonly cipSend?: number | undefined;
  };
  /** Retransmissions of a TCP segment, 0 to 10 (`AT+CIPCCFG`). Default: the module's, 10. */
  readonly retries?: number | undefined;
  /** Shortest time before a retransmission, 500 to 120000 (`AT+CIPCCFG`). Default: the module's, 500. */
  readonly retransmission?: number | undefined;
  /**
   * Keep-alive probes on idle TCP connections (`AT+CTCPKA`): after `idle` minutes (1 to 120), `count`
   * of them (1 to 10), `interval` minutes apart (1 to 100). Default: none.
   */
  readonly keepAlive?:
    | { readonly idle: number; readonly count: number; readonly interval?: number }
    | undefined;
  /** What to send when nothing was received for a while, to find out whether data passes. Default: nothing. */
  readonly check?: NetworkCheck | undefined;
  /** How long the registration may be lost before the network counts as lost. Default 60000. */
  readonly registrationGrace?: number | undefined;
}
