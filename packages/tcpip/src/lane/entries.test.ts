import { cipSend, csq } from '@a7600/at-codec';
import { beforeEach, describe, expect, test } from 'vitest';
import { startedLane } from '../../test/lane-rig.js';
import { bytesOf, errorOf, observe } from '../../test/world.js';
import { rawCommand } from '../session/raw.js';

let { lane, sent, silent, advance, print, prompt } = startedLane();

beforeEach(() => {
  ({ lane, sent, silent, advance, print, prompt } = startedLane());
});

/** Prints what a module answers that waits for commands again. */
function answered(): void {
  print('OK');
  advance(100);
  print('+CMEE: 2', 'OK');
  advance(100);
}

describe('a prompt that no command has asked for', () => {
  test('is answered with ESC, and fails the command of the user that led to it (AT command manual, 9.2.13)', () => {
    const raw = observe(lane.run(rawCommand('AT+XPUT="a.txt"')));
    prompt();
    lane.strayPrompt();
    expect(sent).toEqual(['AT+XPUT="a.txt"\r', '\x1b\r', 'AT\r']);
    expect(errorOf(raw)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^AT.* asked for data, .* \(ESC\)\. Run a command with a payload/),
    });
    print('OK');
    answered();
    const next = observe(lane.run(csq()));
    expect(sent.at(-1)).toBe('AT+CSQ\r');
    print('+CSQ: 20,0', 'OK');
    expect(next.values).toEqual([{ rssi: 20, ber: 0 }]);
  });

  test('fails a command of the SDK as one that was not answered', () => {
    const signal = observe(lane.run(csq()));
    lane.strayPrompt();
    expect(errorOf(signal)?.code).toBe('TIMEOUT');
    expect(sent).toEqual(['AT+CSQ\r', '\x1b\r', 'AT\r']);
  });

  test('is answered while no command runs, too', () => {
    lane.strayPrompt();
    expect(sent).toEqual(['\x1b\r', 'AT\r']);
  });

  test('is left to a command that has a payload', () => {
    observe(lane.run(cipSend({ link: 0, bytes: bytesOf('abc') })));
    lane.strayPrompt();
    expect(sent).toEqual(['AT+CIPSEND=0,3\r']);
  });

  test('is nothing new while the module is being asked, nor after the end', () => {
    lane.strayPrompt();
    lane.strayPrompt();
    expect(sent).toEqual(['\x1b\r', 'AT\r']);
    lane.end(new Error('over'));
    lane.strayPrompt();
    expect(sent).toHaveLength(2);
  });
});

test('a module that takes everything for a payload is given as much as that can be, never Ctrl-Z', () => {
  observe(lane.run(csq()));
  advance(9_000 + 15_000);
  const spaces = sent.filter((text) => /^ +\r$/.test(text)).map(({ length }) => length - 1);
  expect(spaces).toEqual([1_500, 10_240]);
  expect(sent.slice(0, 9)).toEqual([
    ...['AT+CSQ\r', 'AT\r', '\x1b\r', 'AT\r', 'AT\r'],
    ...['ATQ0V1\r', 'AT\r', '\nATS3=13S4=10\n\r', 'AT\r'],
  ]);
  expect(sent.join('')).not.toContain('\x1a');
  expect(silent).toEqual(['MODULE_SILENT']);
});

describe('a call that is not established (ITU-T V.250, table 1)', () => {
  test.each(['NO CARRIER', 'BUSY', 'NO ANSWER', 'NO DIALTONE'])('ends its command with %s', (word) => {
    const call = observe(lane.run(rawCommand('ATD+491700009;')));
    const next = observe(lane.run(csq()));
    print(word);
    expect(errorOf(call)).toMatchObject({ code: 'NO_CARRIER', answer: word });
    expect(errorOf(call)?.message).not.toContain('491700009');
    expect(sent.at(-1)).toBe('AT+CSQ\r');
    print('+CSQ: 20,0', 'OK');
    expect(next.values).toEqual([{ rssi: 20, ber: 0 }]);
  });

  test('ends no other command', () => {
    const signal = observe(lane.run(rawCommand('AT+CSQ')));
    print('NO CARRIER', 'BUSY', '+CSQ: 20,0', 'OK');
    expect(signal.values).toEqual([['+CSQ: 20,0']]);
    const hangUp = observe(lane.run(rawCommand('ATH')));
    print('NO CARRIER', 'OK');
    expect(hangUp.end).toBe('complete');
  });

  test('ends one that answers, too', () => {
    const answer = observe(lane.run(rawCommand('ATA')));
    print('NO CARRIER');
    expect(errorOf(answer)?.code).toBe('NO_CARRIER');
  });
});

describe('a module that sleeps while it is idle (AT+CSCLK=2)', () => {
  let mode = 2;
  beforeEach(() => {
    mode = 2;
    ({ lane, sent, silent, advance, print, prompt } = startedLane({ sleepMode: () => mode }));
  });

  test('is woken before the first command after a while: the first bytes are lost', () => {
    advance(4_000);
    observe(lane.run(csq()));
    print('+CSQ: 20,0', 'OK');
    expect(sent).toEqual(['AT+CSQ\r']);
    advance(5_000);
    const signal = observe(lane.run(csq()));
    expect(sent.slice(1)).toEqual(['AT\r']);
    advance(1_000);
    expect(sent.slice(2)).toEqual(['\x1b\r', 'AT\r']);
    print('OK');
    answered();
    expect(sent.at(-1)).toBe('AT+CSQ\r');
    print('+CSQ: 20,0', 'OK');
    expect(signal.values).toHaveLength(1);
  });

  test.each([0, 1])('and with AT+CSCLK=%d, or nothing to send, it is left alone', (other) => {
    advance(60_000);
    expect(sent).toEqual([]);
    mode = other;
    observe(lane.run(csq()));
    expect(sent).toEqual(['AT+CSQ\r']);
  });
});

test('a result that is not the module’s (text of a message) does not shift the answers of all later commands', () => {
  const { lane, sent, advance, print } = startedLane();
  const first = observe(lane.run(csq()));
  const second = observe(lane.run(csq()));
  print('OK', '+CSQ: 20,0', 'OK');
  expect(errorOf(first)?.code).toBe('UNREADABLE_ANSWER');
  expect(sent).toEqual(['AT+CSQ\r', 'AT\r']);
  print('OK');
  advance(100);
  expect(sent.at(-1)).toBe('AT+CMEE?\r');
  print('+CMEE: 2', 'OK');
  advance(100);
  expect(sent.at(-1)).toBe('AT+CSQ\r');
  print('+CSQ: 21,0', 'OK');
  expect(second.values).toEqual([{ rssi: 21, ber: 0 }]);
});
