import {
  type Emulator,
  type EmulatorOptions,
  emulator,
  type MemoryNetwork,
  memoryNetwork,
} from '@a7600/testing';
import type { ByteLink, SerialLink, Transport } from '@a7600/transport';
import { defer, EMPTY, map, type Observable, type VirtualTimeScheduler } from 'rxjs';
import { virtualTime } from '../../testing/test/virtual-time.js';
import type { FullTraceEntry } from '../src/base/trace.js';
import type { Modem } from '../src/modem/modem.js';
import { modem } from '../src/modem/open-modem.js';
import type { ModemPorts } from '../src/modem/open-ports.js';
import type { ModemOptions } from '../src/modem/options.js';
import type { Network } from '../src/network/network.js';
import type { NetworkOptions } from '../src/network/options.js';

/** An emulated module, the network beyond it, and a clock that moves only when the test says so. */
export interface World {
  readonly scheduler: VirtualTimeScheduler;
  readonly outside: MemoryNetwork;
  readonly module: Emulator;
  /** The commands that the module was sent. */
  readonly commands: string[];
  readonly trace: FullTraceEntry[];
  readonly modem$: Observable<Modem>;
  /** Lets that many ms pass. */
  advance(ms: number): void;
}

/** `portsOf` gives the ports that the modem is opened on; default the module's one. */
export function world(
  emulated: Omit<EmulatorOptions, 'scheduler' | 'network'> = {},
  options: ModemOptions = {},
  portsOf: (of: Pick<World, 'module' | 'scheduler'>) => Transport | ModemPorts = ({ module }) =>
    serialPort(module),
): World {
  const { scheduler, advance } = virtualTime();
  const outside = memoryNetwork({ scheduler });
  const module = emulator({ ...emulated, scheduler, network: outside });
  const commands: string[] = [];
  const trace: FullTraceEntry[] = [];
  return {
    scheduler,
    outside,
    module,
    commands,
    trace,
    modem$: modem(portsOf({ module, scheduler }), {
      scheduler,
      ...options,
      fullTrace: (entry) => {
        trace.push(entry);
        if (entry.kind === 'command') commands.push(entry.text);
        options.fullTrace?.(entry);
      },
    }),
    advance,
  };
}

/** An emulated module as a serial port with a speed and a DTR line. */
export function serialPort(module: Emulator): Transport {
  const { control } = module;
  const done = (work: () => void) =>
    defer(() => {
      work();
      return EMPTY;
    });
  const port: Pick<SerialLink, 'setBaudRate' | 'setLines'> = {
    setBaudRate: (baudRate) => done(() => control.setHostFormat({ baudRate })),
    setLines: ({ dtr = control.dtr }) =>
      done(() => {
        control.dtr = dtr;
      }),
  };
  return module.pipe(map((link) => Object.assign(Object.create(link), port)));
}

/** What an observable has done so far. */
export interface Observed<T> {
  readonly values: T[];
  readonly end: 'open' | 'complete' | { readonly error: Error & { code?: string } };
  readonly last: T;
  unsubscribe(): void;
}

export function observe<T>(source: Observable<T>): Observed<T> {
  const values: T[] = [];
  let end: Observed<T>['end'] = 'open';
  const subscription = source.subscribe({
    next: (value) => values.push(value),
    error: (error: Error) => {
      end = { error };
    },
    complete: () => {
      end = 'complete';
    },
  });
  return {
    values,
    get end() {
      return end;
    },
    get last() {
      if (values.length === 0) throw new Error('Nothing was emitted.');
      return values.at(-1) as T;
    },
    unsubscribe: () => subscription.unsubscribe(),
  };
}

/** The error that an observable ended with. */
export function errorOf(observed: Observed<unknown>): (Error & { code?: string }) | undefined {
  return typeof observed.end === 'object' ? observed.end.error : undefined;
}

/** A modem that is ready. */
export function readyModem(w: World): Observed<Modem> {
  const modem = observe(w.modem$);
  w.advance(1000);
  return modem;
}

/** A network that is open. */
export function openNetwork(
  w: World,
  options?: NetworkOptions,
): Observed<Network> & { modem: Observed<Modem> } {
  const modem = readyModem(w);
  const network = observe(modem.last.network(options));
  w.advance(1000);
  return Object.assign(network, { modem });
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function textOf(chunks: readonly Uint8Array[]): string {
  return chunks.map((chunk) => String.fromCharCode(...chunk)).join('');
}

/** What one end of a connection is given to send. */
export function write(link: Pick<ByteLink, 'write'>, data: string | Uint8Array): Observed<never> {
  return observe(link.write(typeof data === 'string' ? bytesOf(data) : data));
}

/** The commands that were sent from the `from`th on. */
export function commandsSince(w: World, from: number): string[] {
  return w.commands.slice(from);
}
