import type { Endpoint } from '../networks/network.js';
import type { LinkState, Mode, NetworkState, Power } from './events.js';
import type { Module } from './module.js';
import type { LinkType } from './profiles/links.js';
import type { SimState } from './radio/surroundings.js';
import type { PortSettings, Settings } from './settings.js';

/** What an emulated module is like at one moment, as plain data. */
export interface ModuleState {
  /** Whether it is on, off or starting. */
  readonly power: Power;
  /** Whether it takes commands or data. */
  readonly mode: Mode;
  /** The socket service of `AT+NETOPEN`. */
  readonly network: NetworkState;
  /** All ten links. */
  readonly links: readonly ModuleLink[];
  /** The servers that listen, by index. */
  readonly servers: readonly { readonly index: number; readonly port: number }[];
  /** What `AT+CPIN?` tells. */
  readonly sim: SimState;
  /** `<stat>` as the module knows it. */
  readonly registration: number;
  /** Whether there is a way into the packet network. */
  readonly bearer: boolean;
  /** Those of the module, and those of its first port. */
  readonly settings: Readonly<Settings & PortSettings>;
  /** Bytes of the host that were lost because the module's port was full. */
  readonly lostInput: number;
}

/** One of the ten links. */
export interface ModuleLink {
  /** From 0 to 9. */
  readonly number: number;
  /** Whether it is free, opening or open. */
  readonly state: LinkState;
  /** What it was opened as last. */
  readonly type: LinkType;
  /** The server that accepted it, -1 for a client. */
  readonly server: number;
  /** The other end; undefined where there is none, or UDP has several. */
  readonly remote: Endpoint | undefined;
  /** Whether it carries the transparent connection. */
  readonly transparent: boolean;
  /** Bytes that the host has not read. */
  readonly unread: number;
  /** Bytes that the host sent, that the peer acknowledged, that the peer sent. */
  readonly sent: number;
  /** Bytes that the peer has acknowledged since it was opened. */
  readonly acknowledged: number;
  /** Bytes that the peer has sent since it was opened. */
  readonly received: number;
}

export function stateOf(module: Module): ModuleState {
  const { sockets, dataMode, sim, radio, settings, port } = module;
  return {
    power: module.power,
    mode: dataMode.mode,
    network: sockets.state,
    links: sockets.links.map(({ number, state, use, unread, counts }) => ({
      number,
      state,
      type: use.type,
      server: use.server,
      remote: use.remote,
      transparent: use.transparent ?? false,
      unread: unread.length,
      ...counts,
    })),
    servers: [...sockets.servers.values()].map(({ index, port }) => ({ index, port })),
    sim: sim.state,
    registration: radio.registration,
    bearer: radio.bearer,
    settings: { ...settings, ...port.settings },
    lostInput: port.input.lost,
  };
}
