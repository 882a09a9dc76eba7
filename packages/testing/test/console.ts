import { type Emulator, emulator } from '../src/emulator/emulator.js';
import type { EmulatorOptions } from '../src/emulator/options.js';
import { type MemoryNetwork, memoryNetwork } from '../src/networks/memory/memory-network.js';
import { bytesOf, textOf } from './observing.js';
import { virtualTime } from './virtual-time.js';

export { bytesOf, received } from './observing.js';

/** A terminal program at an emulated module: what is typed, and what the module prints, as text. */
export interface Console {
  readonly module: Emulator;
  readonly outside: MemoryNetwork;
  /** Types text, or sends bytes, and returns what the module prints without time passing. */
  type(text: string | Uint8Array): string;
  /** Lets that many ms pass and returns what the module prints meanwhile. */
  wait(ms: number): string;
  close(): void;
}

/** Opens the port of a module, with echo off unless told otherwise. */
export function open(options: EmulatorOptions & { readonly echo?: boolean } = {}): Console {
  const { scheduler, advance } = virtualTime();
  const outside = memoryNetwork();
  const module = emulator({ scheduler, network: outside, ...options });
  let printed = '';
  let write = (_: Uint8Array) => {};
  const subscription = module.subscribe((link) => {
    link.received$.subscribe({ next: (bytes) => (printed += textOf(bytes)), error: () => {} });
    write = (bytes) => link.write(bytes).subscribe();
  });
  const take = () => {
    const text = printed;
    printed = '';
    return text;
  };
  const console: Console = {
    module,
    outside,
    type(text) {
      write(typeof text === 'string' ? bytesOf(text) : text);
      return take();
    },
    wait(ms) {
      advance(ms);
      return take();
    },
    close: () => subscription.unsubscribe(),
  };
  if (options.echo !== true) console.type('ATE0\r');
  return console;
}

/** The same with the network open and buffer access mode on. */
export function openOnline(options: EmulatorOptions = {}): Console {
  const console = open(options);
  console.type('AT+CIPRXGET=1\r');
  console.type('AT+NETOPEN\r');
  console.wait(0);
  return console;
}

/** A line as the module prints it: between line ends. */
export const unit = (...lines: string[]) => `\r\n${lines.join('\r\n')}\r\n`;
