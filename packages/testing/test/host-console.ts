import type { ByteLink } from '@a7600/transport';
import { firstValueFrom } from 'rxjs';
import { type Emulator, emulator } from '../src/emulator/emulator.js';
import type { EmulatorOptions } from '../src/emulator/options.js';
import { hostNetwork } from '../src/node/host-network.js';
import { bytesOf, textOf } from './observing.js';

/** A terminal program at a module on this computer's own network. */
export interface HostConsole {
  readonly module: Emulator;
  /** Types a command, and resolves with what is printed, up to and including what is waited for. */
  at(command: string, until?: string | RegExp): Promise<string>;
  /** Types bytes as they are. */
  type(text: string | Uint8Array, until?: string | RegExp): Promise<string>;
  /** What is printed, up to and including that. */
  until(wanted: string | RegExp): Promise<string>;
  close(): void;
}

/** Opens the port of a module, with echo off. */
export async function openOnHost(options: Partial<EmulatorOptions> = {}): Promise<HostConsole> {
  const module = emulator({ network: hostNetwork(), ...options });
  let heard = '';
  let arrived = () => {};
  let port: ByteLink | undefined;
  const life = module.subscribe((link) => {
    port = link;
    link.received$.subscribe((bytes) => {
      heard += textOf(bytes);
      arrived();
    });
  });
  const console: HostConsole = {
    module,
    until(wanted) {
      return new Promise((resolve) => {
        arrived = () => {
          const match = typeof wanted === 'string' ? heard.indexOf(wanted) : heard.search(wanted);
          if (match === -1) return;
          const length = typeof wanted === 'string' ? wanted.length : (wanted.exec(heard)?.[0].length ?? 0);
          const text = heard.slice(0, match + length);
          heard = heard.slice(match + length);
          arrived = () => {};
          resolve(text);
        };
        arrived();
      });
    },
    async type(text, until = '\r\nOK\r\n') {
      const seen = console.until(until);
      if (port !== undefined)
        await firstValueFrom(port.write(typeof text === 'string' ? bytesOf(text) : text), {
          defaultValue: undefined,
        });
      return seen;
    },
    at: (command, until = /\r\n(OK|ERROR)\r\n/) => console.type(`AT${command}\r`, until),
    close: () => life.unsubscribe(),
  };
  await console.at('E0');
  return console;
}
