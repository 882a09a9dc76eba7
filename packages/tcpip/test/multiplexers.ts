import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from '@a7600/testing';

const execute = promisify(execFile);

/** How long in ms anything is waited for. */
const TIMEOUT = 240_000;

/** A frame on a multiplexed line, and who sent it. */
export interface SeenFrame {
  readonly from: 'host' | 'module';
  readonly bytes: Uint8Array;
}

/** A private bus, and programs that run on it until they are stopped. */
export interface Bus {
  readonly folder: string;
  start(program: string, args: readonly string[], variables?: Readonly<Record<string, string>>): void;
  /** Calls a method; gives the reply as text. */
  call(destination: string, path: string, method: string, ...values: string[]): Promise<string>;
  stop(): void;
}

export async function startBus(): Promise<Bus> {
  const folder = mkdtempSync(join(tmpdir(), 'multiplexer-'));
  const socket = join(folder, 'bus');
  const configuration = join(folder, 'bus.conf');
  writeFileSync(
    configuration,
    `<busconfig><type>session</type><listen>unix:path=${socket}</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
  );
  const address = `unix:path=${socket}`;
  const { PATH } = process.env;
  const env = {
    ...process.env,
    // Where Debian puts daemons.
    PATH: `${PATH}:/usr/sbin`,
    DBUS_SYSTEM_BUS_ADDRESS: address,
    DBUS_SESSION_BUS_ADDRESS: address,
  };
  const stops: (() => void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const start: Bus['start'] = (program, args, variables = {}) => {
    const child = spawn(program, args, { env: { ...env, ...variables }, stdio: 'ignore' });
    stops.unshift(() => child.kill('SIGKILL'));
  };
  start('dbus-daemon', [`--config-file=${configuration}`, '--nofork']);
  await until(async () => existsSync(socket), 'The bus is not there.');
  return {
    folder,
    start,
    async call(destination, object, method, ...values) {
      const args = ['--system', '--print-reply=literal', `--dest=${destination}`, object, method, ...values];
      const { stdout } = await execute('dbus-send', args, { env, timeout: TIMEOUT });
      return stdout.trim();
    },
    stop() {
      for (const each of stops) each();
    },
  };
}

/** Resolves once something holds; fails with `message` after a time that suffices on a loaded machine. */
export async function until(holds: () => Promise<boolean>, message: string): Promise<void> {
  const from = Date.now();
  while (!(await holds().catch(() => false))) {
    if (Date.now() - from > TIMEOUT) throw new Error(message);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The frames that pass on the first port of a module, from the first SABM on. */
export function framesOf({ control }: Emulator): SeenFrame[] {
  const frames: SeenFrame[] = [];
  let rest: number[] = [];
  control.events$.subscribe((event) => {
    if (event.port !== undefined) return;
    if (event.kind === 'printed' && event.what === 'frame')
      frames.push({ from: 'module', bytes: event.bytes });
    if (event.kind !== 'received') return;
    rest.push(...event.bytes);
    for (let frame = firstFrame(rest); frame !== undefined; frame = firstFrame(rest)) {
      frames.push({ from: 'host', bytes: Uint8Array.from(frame.bytes) });
      rest = rest.slice(frame.end);
    }
  });
  return frames;
}

function firstFrame(bytes: readonly number[]): { bytes: readonly number[]; end: number } | undefined {
  const start = bytes.findIndex((byte, at) => byte === 0xf9 && bytes[at + 1] !== 0xf9);
  const size = bytes[start + 3];
  if (start < 0 || size === undefined) return undefined;
  const end = start + 4 + (size >> 1) + 2;
  return (size & 1) === 1 && bytes.length >= end ? { bytes: bytes.slice(start, end), end } : undefined;
}

/** Writes frames as a capture (pcap, link type 236), which the mux27010 dissector of tshark reads. */
export function writeCapture(file: string, frames: readonly SeenFrame[]): void {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(236, 20);
  const records = frames.flatMap(({ from, bytes }, index) => {
    const packet = Buffer.from([0, from === 'host' ? 0 : 1, ...bytes]);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(index, 0);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    return [record, packet];
  });
  writeFileSync(file, Buffer.concat([header, ...records]));
}
