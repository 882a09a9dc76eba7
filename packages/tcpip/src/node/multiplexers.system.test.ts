import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { csq } from '@a7600/at-codec';
import { type Emulator, emulator } from '@a7600/testing';
import { onPty, onTcp } from '@a7600/testing/node';
import { serial } from '@a7600/transport/serialport';
import { filter, firstValueFrom, type Subscription, switchMap, take } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Bus,
  framesOf,
  type SeenFrame,
  startBus,
  until,
  writeCapture,
} from '../../test/multiplexers.js';
import { modem } from '../modem/open-modem.js';

// Multiplexers that know nothing of this project talk to the emulated module.

const execute = promisify(execFile);
const hex = (frames: readonly SeenFrame[], from: SeenFrame['from']) =>
  frames.filter((frame) => frame.from === from).map(({ bytes }) => Buffer.from(bytes).toString('hex'));

let bus: Bus;
let module: Emulator;
let frames: SeenFrame[];
let served: Subscription | undefined;

beforeEach(async () => {
  bus = await startBus();
  module = emulator();
  frames = framesOf(module);
});

afterEach(() => {
  bus.stop();
  served?.unsubscribe();
});

describe('ofono, with the multiplexer of its own', () => {
  test('brings the module up on channel 1; tshark reads every frame', async () => {
    const port = await new Promise<number>((resolve) => {
      served = onTcp(module, { port: 0 }).subscribe((server) => resolve(server.port));
    });
    const configuration = join(bus.folder, 'phonesim.conf');
    writeFileSync(configuration, `[phonesim]\nAddress=127.0.0.1\nPort=${port}\nMultiplexer=internal\n`);
    const typed: string[] = [];
    module.control.events$.subscribe((event) => {
      if (event.kind === 'received' && event.port === 2)
        typed.push(Buffer.from(event.bytes).toString('latin1'));
    });
    bus.start('ofonod', ['-n', '-p', 'phonesim,rild,atmodem'], { OFONO_PHONESIM_CONFIG: configuration });
    const power = (on: boolean) =>
      bus.call(
        'org.ofono',
        '/phonesim',
        'org.ofono.Modem.SetProperty',
        'string:Powered',
        `variant:boolean:${on}`,
      );
    await until(() => power(true).then(() => true), 'ofono does not switch the modem on.');
    await until(async () => typed.includes('AT+GCAP\r'), 'ofono sends no AT on channel 1.');
    expect(hex(frames, 'host').slice(0, 2)).toEqual(['f9033f011cf9', 'f9073f01def9']);
    expect(hex(frames, 'module').slice(0, 3)).toEqual([
      'f9037301d7f9',
      'f907730115f9',
      'f901ef09e305070d9af9',
    ]);
    // Its answer to the module's MSC.
    expect(hex(frames, 'host')).toContain('f903ef09e105070dfbf9');

    const capture = join(bus.folder, 'capture.pcap');
    const seen = [...frames];
    writeCapture(capture, seen);
    const { stdout } = await execute('tshark', ['-r', capture, '-V']);
    expect(stdout.match(/^MUX27010 Protocol/gm)).toHaveLength(seen.length);
    expect(stdout).not.toMatch(/malformed|incorrect|bad fcs/i);
  });
});

describe('gsm0710muxd in basic mode', () => {
  test('gives pyserial and this SDK a channel each, at the same time', async () => {
    const path = await new Promise<string>((resolve) => {
      served = onPty(module).subscribe((device) => resolve(device.path));
    });
    bus.start('gsm0710muxd', ['-s', path, '-m', 'basic', '-f', '64']);
    const call = (method: string, ...values: string[]) =>
      bus.call('org.pyneo.mux', '/org/pyneo/Muxer', `org.pyneo.Powered.${method}`, ...values);
    await until(
      () => call('SetPower', 'string:x', 'boolean:true').then(() => true),
      'The daemon is not there.',
    );
    // It sends its first byte some 15 s later.
    await until(async () => hex(frames, 'module').includes('f9037301d7f9'), 'It does not multiplex.');
    const devices = [await call('GetDevice', 'string:a'), await call('GetDevice', 'string:b')];
    const [first = '', second = ''] = devices.map((device) => device.replace('file://', ''));
    const script =
      `import serial\nport = serial.Serial('${first}', timeout=100)\nport.write(b'AT+CGMM\\r')\n` +
      `print(port.read_until(b'OK\\r\\n').decode())`;
    const signal$ = modem(serial({ path: second, baudRate: 115_200 })).pipe(
      switchMap((opened) => opened.run(csq())),
      filter(({ rssi }) => rssi > 0),
      take(1),
    );
    const [python, signal] = await Promise.all([
      execute('/usr/bin/python3', ['-c', script], { timeout: 240_000 }),
      firstValueFrom(signal$),
    ]);
    expect(python.stdout).toContain('A7672SA-FASE');
    expect(signal.rssi).toBe(23);
  });
});
