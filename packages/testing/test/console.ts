import type { ByteLink } from '@a7600/transport';
import { type Emulator, emulator } from '../src/emulator/emulator.js';
import type { EmulatorOptions } from '../src/emulator/options.js';
import type { MemoryInternetOptions } from '../src/networks/memory/internet.js';
import { type MemoryNetwork, memoryNetwork } from '../src/networks/memory/memory-network.js';
import type { MemoryConnection } from '../src/networks/memory/tcp-pair.js';
import type { Network } from '../src/networks/network.js';
import { bytesOf, now, observe, received, textOf } from './observing.js';
import { virtualTime } from './virtual-time.js';

export { bytesOf, now, observe, received, textOf } from './observing.js';

/** A terminal program at an emulated module: what is typed, and what the module prints, as text. */
export interface Console {
  readonly module: Emulator;
  readonly outside: MemoryNetwork;
  /** Types text, or sends bytes, and returns what the module prints without time passing. */
  type(text: string | Uint8Array): string;
  /** Types `AT`, the text and a CR. */
  at(command: string): string;
  /** What the module has printed since the last call. */
  printed(): string;
  /** Lets that many ms pass and returns what the module prints meanwhile. */
  wait(ms: number): string;
  now(): number;
  /** Stops reading what the module prints. */
  pause(): void;
  resume(): void;
  /** Closes the port. */
  close(): void;
  /** Opens it again. */
  reopen(): void;
}

/** Settings of {@link open}. */
export type ConsoleOptions = Omit<EmulatorOptions, 'network' | 'scheduler'> & {
  /** Leaves echo as it is after a start: on. */
  readonly echo?: boolean;
  /** What the network is like. */
  readonly internet?: MemoryInternetOptions;
  /** How the network secures connections. */
  readonly secure?: Network['secure'];
  /** The module's address, where the one of a memory network does not do. */
  readonly address?: string;
};

/** Opens the port of a module, with echo off unless told otherwise. */
export function open({ echo = false, internet, address, secure, ...options }: ConsoleOptions = {}): Console {
  const { scheduler, advance } = virtualTime();
  const outside = memoryNetwork({ scheduler, ...internet });
  const plain = address === undefined ? outside : outside.internet.host(address, { window: 0 });
  const network = secure === undefined ? plain : { ...outside, secure };
  const module = emulator({ scheduler, network, ...options });
  let heard = '';
  let port: ByteLink | undefined;
  const connect = () =>
    module.subscribe({
      error: () => {},
      next: (link) => {
        port = link;
        link.received$.subscribe({ next: (bytes) => (heard += textOf(bytes)), error: () => {} });
      },
    });
  let life = connect();
  const console: Console = {
    module,
    outside,
    now: () => scheduler.now(),
    printed() {
      const text = heard;
      heard = '';
      return text;
    },
    type(text) {
      if (port !== undefined) observe(port.write(typeof text === 'string' ? bytesOf(text) : text));
      return console.printed();
    },
    at: (command) => console.type(`AT${command}\r`),
    wait(ms) {
      advance(ms);
      return console.printed();
    },
    pause: () => port?.pause(),
    resume: () => port?.resume(),
    close: () => life.unsubscribe(),
    reopen() {
      life = connect();
    },
  };
  if (!echo) console.at('E0');
  return console;
}

/** The same with the network open and buffer access mode on. */
export function openOnline(options: ConsoleOptions = {}): Console {
  const console = open(options);
  console.at('+CIPRXGET=1');
  console.at('+NETOPEN');
  console.wait(100);
  return console;
}

/** The same with a transparent connection of link 0, in data mode. */
export function openTransparent(options: ConsoleOptions = {}): Console & { readonly far: MemoryConnection } {
  const console = open(options);
  console.at('+CIPMODE=1');
  console.at('+NETOPEN');
  console.wait(10);
  const far = connected(console, 0);
  return { ...console, far };
}

/** Where {@link connected} connects to. */
export const PEER = { host: '10.0.9.9', port: 5253 };

/** Opens a TCP link to a remote server, and returns the server's end. */
export function connected(console: Console, link = 1): MemoryConnection {
  const accepted = observe(console.outside.serve(PEER.host, PEER.port));
  console.at(`+CIPOPEN=${link},"TCP","${PEER.host}",${PEER.port}`);
  // A UART takes its time.
  if (accepted.values.length === 0) console.wait(1_000);
  accepted.unsubscribe();
  const [far] = accepted.values;
  if (far === undefined) throw new Error('Nothing was connected.');
  return far;
}

/** Opens a UDP link on port 5000, and a remote UDP port 5254 that hears from it. */
export function bound(console: Console, link = 1, parameters = ',,5000') {
  console.at(`+CIPOPEN=${link},"UDP",${parameters}`);
  const host = console.outside.host(PEER.host);
  const socket = now(host.bind(5254));
  const heard = observe(socket.received$);
  const say = (text: string) => observe(socket.send(bytesOf(text), { host: '10.0.0.2', port: 5000 }));
  return { host, heard, say };
}

/** Writes text, whatever becomes of it. */
export function say(to: { write: MemoryConnection['write'] }, text: string): void {
  observe(to.write(bytesOf(text)));
}

/** Closes an end in good order. */
export function hangUp(end: { close: MemoryConnection['close'] }): void {
  observe(end.close());
}

/** A remote client that has connected to a port of the module. */
export function caller(console: Console, port: number): MemoryConnection {
  return now(console.outside.callIn(port));
}

/** Lines as the module prints them together: between line ends. */
export const unit = (...lines: string[]) => `\r\n${lines.join('\r\n')}\r\n`;

export const OK = unit('OK');
export const ERROR = unit('ERROR');

/** What link `number` is like. */
export const linkOf = (console: Console, number: number) => {
  const link = console.module.control.state.links[number];
  if (link === undefined) throw new Error(`There is no link ${number}.`);
  return link;
};

export { received as heard };

/** Sends that many zeros on a link. */
export const sendZeros = (console: Console, link: number, size: number) =>
  console.at(`+CIPSEND=${link},${size}`) + console.type(new Uint8Array(size));
