import { type Behaviour, ok, refuse } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { connection, listening } from '../../test/fixtures.js';
import {
  commandsSince,
  errorOf,
  type Observed,
  observe,
  openNetwork,
  readyModem,
  textOf,
  type World,
  world,
  write,
} from '../../test/world.js';
import type { Modem } from '../modem/modem.js';

const INTERVAL = 60_000;
const APN = 'internet';

/** What another program types, and what it changes. */
const CHANGES = {
  buffer: [
    'AT+CIPRXGET=0',
    'AT+CIPMODE=1',
    'AT+CGDCONT=1,"IPV6","other"',
    'AT+CSCLK=2',
    'AT+CIPCCFG=3,0,0,0,0,0,900',
    'AT+CATR=2',
  ],
  push: ['AT+CIPRXGET=1', 'AT+CIPHEAD=0', 'AT+CIPSRIP=0', 'AT+CSCLK=1', 'AT+CIPCCFG=10,0,0,1,0,0,500'],
} as const;
const CASES = (['buffer', 'push'] as const).flatMap((receive) =>
  CHANGES[receive].map((line) => [line, receive] as const),
);

/** Counts the command lines of each interval while `count` of them pass. */
function perInterval(w: World, count: number): number[] {
  return Array.from({ length: count }, () => {
    const from = w.commands.length;
    w.advance(INTERVAL);
    return commandsSince(w, from).length;
  });
}

/** A module that says what address it has. */
function tellsAddress(address: () => string): Behaviour {
  return { command: '+IPADDR', execute: () => ok(`+IPADDR: ${address()}`) };
}

describe('a setting that another program changed', () => {
  test.each(CASES)('%s is set right within two intervals, and reported (%s)', (line, receive) => {
    const w = world();
    const { network } = listening(w, { receive, apn: APN });
    connection(w, network);
    const found = observe(network.modem.last.discrepancies$);
    const before = w.module.control.state;
    w.module.control.otherProgram(line);
    w.advance(2 * INTERVAL);
    const name = line.replace(/=.*/, '');
    expect(found.values).toEqual([{ kind: 'setting', name, action: 'set again' }]);
    expect(w.module.control.state).toEqual(before);
    expect(errorOf(network)).toBeUndefined();
  });

  test.each(['AT+CSCLK=1', 'AT+CFUN=4'])('%s is set right on a modem without a network', (line) => {
    const w = world();
    const modem = readyModem(w);
    const found = observe(modem.last.discrepancies$);
    w.module.control.otherProgram(line);
    w.advance(2 * INTERVAL);
    expect(found.values).toEqual([{ kind: 'setting', name: line.replace(/=.*/, ''), action: 'set again' }]);
  });

  test('is left alone and reported once on a module that other programs use too', () => {
    const w = world({}, { exclusive: false });
    const modem = readyModem(w);
    const found = observe(modem.last.discrepancies$);
    w.module.control.otherProgram('AT+CSCLK=1');
    w.advance(10 * INTERVAL);
    expect(found.values).toEqual([{ kind: 'setting', name: 'AT+CSCLK', action: 'left alone' }]);
  });

  test('is reported once where the module does not keep the right one', () => {
    let mode = 0;
    const stubborn: Behaviour = {
      command: '+CSCLK',
      read: () => ok(`+CSCLK: ${mode}`),
      write: () => refuse(),
    };
    const w = world({ behaviours: [stubborn] });
    const modem = readyModem(w);
    const found = observe(modem.last.discrepancies$);
    mode = 1;
    w.advance(10 * INTERVAL);
    expect(found.values).toEqual([{ kind: 'setting', name: 'AT+CSCLK', action: 'left alone' }]);
  });

  test('by the user stays as it is, until the user leaves it to the SDK again', () => {
    const w = world();
    const modem = readyModem(w);
    const found = observe(modem.last.discrepancies$);
    observe(modem.last.raw('AT+CFUN=4'));
    w.advance(5 * INTERVAL);
    expect(found.values).toEqual([]);
    observe(modem.last.raw('AT+CFUN=1'));
    w.advance(INTERVAL);
    w.module.control.otherProgram('AT+CFUN=4');
    w.advance(2 * INTERVAL);
    expect(found.values).toEqual([{ kind: 'setting', name: 'AT+CFUN', action: 'set again' }]);
  });
});

describe('a setting that another program changes before the network is opened', () => {
  test.each(['AT+CIPHEAD=0', 'AT+CIPSRIP=0', 'AT+CSCLK=2'])('%s is set right', (line) => {
    const w = world();
    const modem: Observed<Modem> = readyModem(w);
    w.module.control.otherProgram(line);
    const network = Object.assign(observe(modem.last.network({ receive: 'push' })), { modem });
    w.advance(1_000);
    const { socket, far } = connection(w, network);
    const received = observe(socket.last.received$);
    write(far, 'abc\r\nERROR\r\n');
    w.advance(60_000);
    write(far, 'more');
    w.advance(1_000);
    expect(textOf(received.values)).toBe('abc\r\nERROR\r\nmore');
  });
});

test('a network whose pushed data had no header meanwhile ends, for that data is lost', () => {
  const w = world();
  const network = openNetwork(w, { receive: 'push' });
  const { socket, far } = connection(w, network);
  const received = observe(socket.last.received$);
  w.module.control.otherProgram('AT+CIPHEAD=0');
  w.module.control.otherProgram('AT+CIPSRIP=0');
  write(far, 'hello\r\n');
  w.advance(2 * INTERVAL);
  expect([errorOf(network)?.code, textOf(received.values)]).toEqual(['NETWORK_CHANGED', '']);
});

test('all settings are asked for on one line, and on several where the firmware refuses that', () => {
  let refuses = false;
  const fickle: Behaviour = { command: '+CSCLK', read: () => (refuses ? refuse() : ok('+CSCLK: 0')) };
  const w = world({ behaviours: [fickle] });
  openNetwork(w, { receive: 'push', apn: APN });
  // The access point in use is asked for alone once.
  perInterval(w, 3);
  expect(Math.max(...perInterval(w, 4))).toBeLessThanOrEqual(3);
  refuses = true;
  const from = w.commands.length;
  expect(Math.max(...perInterval(w, 20))).toBeLessThanOrEqual(4);
  expect(commandsSince(w, from)).toEqual(
    expect.arrayContaining([
      'AT+CIPHEAD?',
      'AT+CIPSRIP?',
      'AT+CIPCCFG?',
      'AT+CGDCONT?',
      'AT+CIPMODE?',
      'AT+CGCONTRDP=1',
    ]),
  );
});

test.each([
  ['another address', '10.99.0.1', 'NETWORK_CHANGED'],
  ['its own address', undefined, undefined],
])('a network that has %s ends with %s', (_, address, code) => {
  let now: string | undefined;
  const w: World = world({ behaviours: [tellsAddress(() => now ?? w.outside.address)] });
  const network = openNetwork(w);
  now = address;
  w.advance(2 * INTERVAL);
  expect(errorOf(network)?.code).toBe(code);
});

test('a single answer with another address is not believed', () => {
  let asked = 0;
  const w: World = world({
    behaviours: [tellsAddress(() => (asked++ === 1 ? '10.99.0.1' : w.outside.address))],
  });
  const network = openNetwork(w);
  w.advance(3 * INTERVAL);
  expect([errorOf(network), asked > 2]).toEqual([undefined, true]);
});
