import type { Framing, InputLines, OutputLines } from '../serial-link.js';

/** The com port control option (RFC 2217, section 2). */
export const COM_PORT = 44;

/** Commands of a client; the server answers with the same number plus 100 (RFC 2217, section 3). */
export const comPort = {
  baudRate: 1,
  dataSize: 2,
  parity: 3,
  stopSize: 4,
  control: 5,
  notifyLineState: 6,
  notifyModemState: 7,
  suspend: 8,
  resume: 9,
  lineStateMask: 10,
  modemStateMask: 11,
  purge: 12,
} as const;

/** What a server adds to the number of a command in its answer. */
export const ANSWER = 100;

/** One setting: the command and its value. */
export type Setting = readonly [command: number, ...value: number[]];

/** Speed in bits per second, as four bytes, the highest first. */
export function baudRateSetting(baudRate: number): Setting {
  return [comPort.baudRate, baudRate >>> 24, (baudRate >>> 16) & 255, (baudRate >>> 8) & 255, baudRate & 255];
}

export function framingSettings({
  dataBits = 8,
  parity = 'none',
  stopBits = 1,
  rtscts = false,
}: Framing): Setting[] {
  return [
    [comPort.dataSize, dataBits],
    [comPort.parity, { none: 1, odd: 2, even: 3 }[parity]],
    [comPort.stopSize, stopBits],
    [comPort.control, rtscts ? 3 : 1],
  ];
}

export function lineSettings({ dtr, rts, brk }: Partial<OutputLines>): Setting[] {
  const pairs: [boolean | undefined, number, number][] = [
    [brk, 5, 6],
    [dtr, 8, 9],
    [rts, 11, 12],
  ];
  return pairs.flatMap(([on, set, clear]) =>
    on === undefined ? [] : [[comPort.control, on ? set : clear] as const],
  );
}

/** The lines in the value of a modem state notification. */
export function modemState(value: number): InputLines {
  return { cts: (value & 0x10) !== 0, dsr: (value & 0x20) !== 0, dcd: (value & 0x80) !== 0 };
}
