import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { bytesOf, observe, textOf } from '../../test/observing.js';
import { virtualTime } from '../../test/virtual-time.js';
import { memoryNetwork } from '../networks/memory/memory-network.js';
import type { Behaviour } from './at/behaviour.js';
import { ok } from './at/reply.js';
import { type Emulator, emulator } from './emulator.js';

/** A command that prints a position. */
const position: Behaviour = {
  command: '+POSITION',
  execute: (_, module) => ok(module.printNmea('$GNRMC,1*00') ? 'printed' : 'no port'),
};

/** All ports of a module, opened: what is typed into each, and what each prints. */
function opened(ports: readonly ('at' | 'nmea')[]) {
  const { scheduler, advance } = virtualTime();
  const outside = memoryNetwork({ scheduler });
  const module: Emulator = emulator({ scheduler, network: outside, ports, behaviours: [position] });
  const heard = ports.map(() => '');
  const links = module.ports.map((port, index) => {
    const [link] = observe(port).values;
    if (link === undefined) throw new Error(`Port ${index} is not open.`);
    link.received$.subscribe((bytes) => {
      heard[index] += textOf(bytes);
    });
    return link;
  });
  const printed = () => heard.splice(0, heard.length, ...ports.map(() => ''));
  const type = (index: number, text: string) => {
    const link = links[index];
    if (link !== undefined) observe(link.write(bytesOf(text)));
    return printed();
  };
  return { module, outside, advance, type, printed };
}

test('echo and the form of results belong to a port, settings to the module', () => {
  const { type } = opened(['at', 'at']);
  type(0, 'ATE0V0\r');
  expect(type(0, 'AT+CMEE=1\r')).toEqual(['0\r', '']);
  expect(type(1, 'AT+CMEE?\r')).toEqual(['', 'AT+CMEE?\r\r\n+CMEE: 1\r\n\r\nOK\r\n']);
});

test('reports go to all ports, or to the one that AT+CATR names; results where the command came from', () => {
  const { type, module, printed, advance, outside } = opened(['at', 'at']);
  type(0, 'ATE0\r');
  type(1, 'ATE0\r');
  module.control.report('+CPIN: READY');
  expect(printed()).toEqual(['\r\n+CPIN: READY\r\n', '\r\n+CPIN: READY\r\n']);
  type(0, 'AT+CATR=2\r');
  module.control.report('+CPIN: READY');
  expect(printed()).toEqual(['', '\r\n+CPIN: READY\r\n']);
  expect(type(0, 'AT+NETOPEN\r')).toEqual(['\r\nOK\r\n\r\n+NETOPEN: 0\r\n', '']);
  outside.serve('10.0.9.9', 1).subscribe((far) => far.write(bytesOf('hi')).subscribe());
  type(0, 'AT+CIPOPEN=1,"TCP","10.0.9.9",1\r');
  advance(10);
  expect(type(0, 'AT\r')).toEqual(['\r\nOK\r\n', '']);
});

test('commands work on one port while another is in data mode', () => {
  const { type, outside } = opened(['at', 'at']);
  type(0, 'ATE0\r');
  type(1, 'ATE0\r');
  type(0, 'AT+CIPMODE=1\r');
  type(0, 'AT+NETOPEN\r');
  const far: string[] = [];
  outside.serve('10.0.9.9', 1).subscribe((connection) => {
    connection.received$.subscribe((bytes) => far.push(textOf(bytes)));
  });
  expect(type(0, 'AT+CIPOPEN=0,"TCP","10.0.9.9",1\r')[0]).toContain('CONNECT');
  expect(type(1, 'AT+CIPOPEN?\r')[1]).toContain('+CIPOPEN: 0,"TCP","10.0.9.9",1,-1');
  expect(type(0, 'AT+CSQ\r')).toEqual(['', '']);
});

test('a port for positions has no commands', () => {
  const { type } = opened(['at', 'at', 'nmea']);
  expect(type(0, 'AT+POSITION\r')[2]).toBe('$GNRMC,1*00\r\n');
  expect(type(2, 'AT\r'.repeat(1_000))).toEqual(['', '', '']);
  const { type: alone } = opened(['at']);
  expect(alone(0, 'AT+POSITION\r')[0]).toContain('no port');
});

test('the module is switched off when the last port is closed', async () => {
  const module = emulator({ ports: ['at', 'at'] });
  const [first, second] = module.ports.map((port) => port.subscribe());
  first?.unsubscribe();
  expect(module.control.state.power).toBe('on');
  second?.unsubscribe();
  expect(module.control.state.power).toBe('off');
  expect(await firstValueFrom(module)).toBeDefined();
});

test('what is pushed comes in the same order on all ports, although a port takes it at once', () => {
  const { module, type, advance, printed } = opened(['at', 'at']);
  type(0, 'ATE0\rAT+CIPRXGET=0\rAT+NETOPEN\rAT+SERVERSTART=7,0\r');
  const caller = observe(module.control.callIn(7)).values[0];
  printed();
  const sent = Array.from({ length: 4_000 }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');
  observe((caller as NonNullable<typeof caller>).write(bytesOf(sent)));
  advance(100);
  const [one = '', other] = printed();
  expect(one.replace(/\r\n|RECV FROM:[\d.:]+|\+IPD\d+|\+RECEIVE,\d,\d+:?/g, '')).toBe(sent);
  expect(other).toBe(one);
});
