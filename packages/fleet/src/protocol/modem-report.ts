import type { LinkInfo, Statistics } from '@a7600/tcpip';

/** What an agent reports of a modem. */
export interface ModemReport {
  /**
   * `opening`: it is being brought up; `online`: its network is open; `waiting`: pauses before another attempt;
   * `failed`: no attempt can help, see `error`; `stopped`: the agent has stopped; `unknown`: it was online, and has
   * not answered a command for 4 s.
   */
  readonly state: 'opening' | 'online' | 'waiting' | 'failed' | 'stopped' | 'unknown';
  /** IMEI, as the module reports it. */
  readonly imei?: string | undefined;
  /** What the module says that it is. */
  readonly identity?:
    | {
        readonly manufacturer?: string | undefined;
        readonly model?: string | undefined;
        readonly revision?: string | undefined;
        readonly build?: string | undefined;
      }
    | undefined;
  /** Why it is not online yet. */
  readonly reason?: string | undefined;
  /** Its address in the mobile network, while it is online. */
  readonly address?: string | undefined;
  /** The signal strength in dBm, absent if unknown, and the class of bit errors, 0 to 7, 99 if unknown. */
  readonly signal?: { readonly rssi?: number | undefined; readonly ber: number } | undefined;
  /** Name or number of the operator. */
  readonly operator?: string | undefined;
  /** Access technology: 0 GSM, 2 UTRAN, 7 LTE. */
  readonly technology?: number | undefined;
  /** The links in use. */
  readonly links: readonly LinkInfo[];
  /** The last step of the recovery. */
  readonly recovery?:
    | { readonly attempt: number; readonly level: string; readonly code?: string | undefined }
    | undefined;
  /** What has gone wrong on the line. */
  readonly statistics?: Statistics | undefined;
  /** Bytes over the mobile network. */
  readonly traffic?: { readonly sent: number; readonly received: number } | undefined;
  /** The last failure. */
  readonly error?: { readonly code?: string | undefined; readonly message: string } | undefined;
}
