import {
  type Connection,
  type Emulator,
  type EmulatorOptions,
  emulator,
  type MemoryNetwork,
  memoryNetwork,
} from '@a7600/testing';
import type { ByteLink } from '@a7600/transport';
import { VirtualTimeScheduler } from 'rxjs';

/** The smallest host: it knows an answer by its last bytes, and looks at nothing else. */
export interface Driver {
  readonly module: Emulator;
  readonly outside: MemoryNetwork;
  readonly scheduler: VirtualTimeScheduler;
  readonly link: ByteLink;
  /** Bytes heard so far. */
  heard: number;
  /** Called with each chunk that is heard. */
  onHeard: (bytes: Uint8Array) => void;
  send(bytes: Uint8Array): void;
  /** Sends a command line and lets time pass until nothing more happens. */
  run(line: string): void;
  /** Lets that many ms pass. */
  advance(ms: number): void;
}

export const CHUNK = 1_500;

/** A module with the network open, echo off and one link connected, and the far end of that link. */
export function connectedDriver(
  options: EmulatorOptions,
  setup: readonly string[] = [],
  scheduler?: VirtualTimeScheduler,
): Driver & { readonly far: Connection } {
  const driver = openDriver(options, scheduler);
  for (const line of ['ATE0', ...setup, 'AT+NETOPEN']) driver.run(line);
  const accepted: Connection[] = [];
  driver.outside.serve('10.0.0.9', 1).subscribe((connection) => accepted.push(connection));
  driver.run('AT+CIPOPEN=0,"TCP","10.0.0.9",1');
  const [far] = accepted;
  if (far === undefined) throw new Error('The link was not connected.');
  return Object.assign(driver, { far });
}

/** A module whose port is open, on a clock of its own or on one that it shares. */
export function openDriver(
  options: EmulatorOptions,
  scheduler = new VirtualTimeScheduler(undefined, 0),
): Driver {
  const outside = memoryNetwork({ scheduler });
  const module = emulator({ scheduler, network: outside, ...options });
  let port: ByteLink | undefined;
  module.subscribe((opened) => {
    port = opened;
  });
  if (port === undefined) throw new Error('The port did not open.');
  const link = port;
  const advance = (ms: number) => {
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
  };
  const driver: Driver = {
    module,
    outside,
    scheduler,
    link,
    heard: 0,
    onHeard: () => {},
    advance,
    send: (bytes) => link.write(bytes).subscribe(),
    run(line) {
      driver.send(bytesOf(`${line}\r`));
      advance(1_000);
    },
  };
  link.received$.subscribe((bytes) => {
    driver.heard += bytes.length;
    driver.onHeard(bytes);
  });
  return driver;
}

/** Lets the far end send so many chunks, as fast as they are taken. */
export function pour(far: Connection, chunks: number): void {
  const chunk = new Uint8Array(CHUNK);
  let left = chunks;
  const next = () => {
    if (left <= 0) return;
    left -= 1;
    far.write(chunk).subscribe({ complete: next });
  };
  // A few at a time, so that the next one is there when one is taken.
  for (let count = 0; count < 8; count++) next();
}

/** Counts what the far end receives. */
export function drink(far: Connection): { bytes: number } {
  const drunk = { bytes: 0 };
  far.received$.subscribe((bytes) => (drunk.bytes += bytes.length));
  return drunk;
}

/** Whether a chunk ends with the unit `OK`. */
export function endsWithOk(bytes: Uint8Array): boolean {
  const { length } = bytes;
  return bytes[length - 4] === 0x4f && bytes[length - 3] === 0x4b && bytes[length - 1] === 0x0a;
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
