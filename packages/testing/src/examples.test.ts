import { readFileSync } from 'node:fs';
import type { Transport } from '@a7600/transport';
import { describe, expect, test } from 'vitest';
import { battery } from '../examples/battery.js';
import { faulty } from '../examples/faults.js';
import { chatty } from '../examples/firmware.js';
import { withServer } from '../examples/internet.js';
import { inMemory, onLoopback, scheduler as virtual } from '../examples/places.js';
import { tunnel } from '../examples/tunnel.js';
import { bytesOf, ERROR, OK, observe, open, textOf, unit } from '../test/console.js';
import { virtualTime } from '../test/virtual-time.js';
import { emulator } from './emulator/emulator.js';
import { memoryNetwork } from './networks/memory/memory-network.js';

const folder = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', folder), 'utf8');

test.each(['battery', 'tunnel'])('the README shows examples/%s.ts as it is', (name) => {
  expect(readme).toContain(readFileSync(new URL(`examples/${name}.ts`, folder), 'utf8'));
});

/** Opens the port of a module, and notes what it prints. */
function dial(module: Transport) {
  const [link] = observe(module).values;
  if (link === undefined) throw new Error('The port did not open.');
  let printed = '';
  link.received$.subscribe({ next: (bytes) => (printed += textOf(bytes)), error: () => {} });
  const send = (line: string) => observe(link.write(bytesOf(`${line}\r`)));
  return { send, printed: () => printed };
}

describe('the modules of the README', () => {
  const { scheduler, advance } = virtualTime();

  test.each([
    ['on loopback', onLoopback],
    ['with another firmware', chatty],
    ['with an internet in memory', withServer(scheduler).module],
  ])('%s answers', (_, module) => {
    const { send, printed } = dial(module);
    send('AT');
    advance(1_000);
    expect(printed()).toContain('OK');
  });

  test('in virtual time answers as well', () => {
    const { send, printed } = dial(inMemory);
    send('AT');
    virtual.flush();
    expect(printed()).toContain('OK');
  });

  test('with the faults of a script restarts at a command', () => {
    const power: unknown[] = [];
    faulty.control.events$.subscribe((event) => {
      if (event.kind === 'power') power.push(event);
    });
    const { send } = dial(faulty);
    for (let command = 0; command < 4; command++) send('AT');
    expect(power).not.toEqual([]);
  });
});

describe('a behaviour of a user', () => {
  test('answers, takes parameters, fails and reports like any other command', () => {
    const console = open({ behaviours: [battery(3.812)] });
    expect(console.at('+CBC')).toBe(unit('+CBC: 3.812V') + OK);
    expect(console.at('+CBC=3.3')).toBe(unit('UNDER-VOLTAGE WARNING') + OK);
    expect(console.at('+CSQ;+CBC')).toBe(unit('+CSQ: 23,0') + unit('+CBC: 3.300V') + OK);
    expect(console.at('+CBC=9')).toBe(unit('+CME ERROR: Incorrect parameters'));
    console.at('+CMEE=0');
    expect(console.at('+CBC=9')).toBe(ERROR);
    expect(console.at('+CBC?')).toBe(ERROR);
  });
});

describe('a scenario', () => {
  test('plays in virtual time while the port is open', () => {
    const { scheduler, advance } = virtualTime();
    const outside = memoryNetwork({ scheduler });
    const train = emulator({ scheduler, network: outside, scenario: tunnel(scheduler) });
    const [port] = observe(train).values;
    let printed = '';
    port?.received$.subscribe((bytes) => (printed += textOf(bytes)));
    const at = (command: string) => {
      printed = '';
      if (port !== undefined) observe(port.write(bytesOf(`AT${command}\r`)));
      advance(0);
      return printed;
    };
    at('E0');
    at('+NETOPEN');
    advance(60_000);
    expect(at('+CSQ')).toBe(unit('+CSQ: 4,0') + OK);
    advance(5_000);
    expect(printed).toContain('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY');
    expect(at('+NETOPEN')).toBe(OK + unit('+NETOPEN: 1'));
    advance(20_000);
    expect(at('+NETOPEN')).toBe(OK + unit('+NETOPEN: 0'));
    expect(at('+CSQ')).toBe(unit('+CSQ: 23,0') + OK);
  });
});
