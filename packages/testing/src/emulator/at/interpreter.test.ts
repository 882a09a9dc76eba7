import { filter, map, NEVER, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { bytesOf, connected, ERROR, OK, observe, open, openOnline, unit } from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { instant } from '../timing.js';
import type { Behaviour } from './behaviour.js';
import { ok, okThen, result } from './reply.js';

const PROMPT = '\r\n>';

/** The module of a console with one more command. */
const knowing = (behaviour: Omit<Behaviour, 'command'>) =>
  open({ behaviours: [{ command: '+X', ...behaviour }] });

describe('a command that is never answered', () => {
  test('ends with ERROR after 9 s, which the AT command manual allows most commands', () => {
    const console = knowing({ execute: () => NEVER });
    expect(console.at('+X') + console.wait(8_999)).toBe('');
    expect(console.wait(1)).toBe(ERROR);
    expect(console.at('')).toBe(OK);
  });

  test('ends after its own time, where it has one', () => {
    const console = knowing({ execute: () => NEVER, maxTime: 120_000 });
    expect(console.at('+X') + console.wait(119_999)).toBe('');
    expect(console.wait(1)).toBe(ERROR);
  });

  test('takes what follows it on the line with it', () => {
    const console = knowing({ execute: () => NEVER });
    expect(console.at('+X;+CSQ') + console.wait(9_000)).toBe(ERROR);
    expect(console.at('') + console.wait(9_000)).toBe(OK);
  });

  test('is forgotten by a restart', () => {
    const console = knowing({ execute: () => NEVER });
    console.at('+X');
    console.module.control.restart();
    console.printed();
    expect(console.at('E0')).toBe(`ATE0\r${OK}`);
    expect(console.wait(20_000)).not.toContain(ERROR);
  });
});

test('a command whose behaviour fails at once ends with ERROR, once', () => {
  const console = knowing({ execute: () => throwError(() => new Error('of the behaviour')) });
  expect(console.at('+X')).toBe(ERROR);
  expect(console.wait(20_000)).toBe('');
  expect(console.at('')).toBe(OK);
});

test('a command that answers in time is not answered again when its time is over', () => {
  const console = knowing({ execute: () => ok('once') });
  expect(console.at('+X')).toBe(unit('once') + OK);
  expect(console.at('+X;+CSQ')).toContain('+CSQ: 23,0');
  expect(console.wait(20_000)).toBe('');
});

describe('several commands on a line', () => {
  test('what each does afterwards is done once, in order, after the OK', () => {
    const console = knowing({
      write: ({ values: [text = ''] }, { port }) => okThen(() => port.output.unsolicited([`done ${text}`])),
    });
    expect(console.at('+X=1;+X=2')).toBe(OK + unit('done 1') + unit('done 2'));
    expect(console.at('')).toBe(OK);
  });

  test('an error keeps the information text before it, and what follows it is not carried out', () => {
    const console = knowing({ execute: () => result('ERROR') });
    expect(console.at('+CSQ;+X;+CSQ')).toBe(unit('+CSQ: 23,0') + ERROR);
    expect(console.at('')).toBe(OK);
  });

  test('a firmware that takes one at a time takes one of any name, and basic ones together (protocol 9.1)', () => {
    const console = open({ profile: { ...a76xx, severalCommands: false } });
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0') + OK);
    expect(console.at('E0V1')).toBe(OK);
    expect(console.at('+CSQ;+CSQ')).toBe(ERROR);
    expect(console.at('E0+CSQ')).toBe(ERROR);
  });
});

describe('A/', () => {
  test('does nothing after a start', () => {
    expect(open({ echo: true }).type('A/')).toBe('A/');
    const console = open();
    console.at('+CSQ');
    console.module.control.restart();
    console.printed();
    expect(console.type('A/')).toBe('A/');
  });

  test('carries out the last line that could be read', () => {
    const console = open();
    console.at('+CSQ');
    expect(console.at('E0'.repeat(5_000))).toBe(ERROR);
    expect(console.type('A/')).toBe(unit('+CSQ: 23,0') + OK);
  });
});

describe('the events of commands', () => {
  test('the text of each line; of one that is too long nothing; payloads that are complete', () => {
    const console = openOnline();
    connected(console);
    const told = observe(
      console.module.control.events$.pipe(
        filter((event) => event.kind === 'command' || event.kind === 'payload'),
        map((event) => (event.kind === 'command' ? event.text : event.bytes)),
      ),
    );
    console.at('E0'.repeat(5_000));
    console.at('+CIPSEND=1,2');
    console.type('hi');
    console.at('+CIPSEND=1,');
    console.type('no\x1b');
    expect(told.values).toEqual(['', 'AT+CIPSEND=1,2', bytesOf('hi'), 'AT+CIPSEND=1,']);
  });
});

describe('the echo of a payload', () => {
  test('is left out with DATAECHO off, that of a command line is not (protocol 9.3)', () => {
    const console = openOnline();
    connected(console);
    console.at('+CIPCFG="DATAECHO",OFF');
    console.at('E1');
    expect(console.at('+CIPSEND=1,2')).toBe(`AT+CIPSEND=1,2\r${PROMPT}`);
    expect(console.type('hi')).toBe(OK + unit('+CIPSEND: 1,2,2'));
    expect(console.at('')).toBe(`AT\r${OK}`);
  });

  test('holds back reports until the time of an entry that is never completed is over', () => {
    const console = openOnline({ echo: true });
    connected(console);
    console.at('+CIPSEND=1,2');
    expect(console.type('h')).toBe('h');
    console.module.control.report('+X: 1');
    expect(console.printed()).toBe('');
    expect(console.wait(150_000)).toContain(unit('+X: 1'));
  });

  test('the bytes of an echo are those that were typed, whatever the host does with its array afterwards', () => {
    const console = open({ echo: true });
    const told = observe(
      console.module.control.events$.pipe(
        filter((event) => event.kind === 'printed' && event.what === 'echo'),
        map((event) => ('bytes' in event ? event.bytes : undefined)),
      ),
    );
    const typed = bytesOf('AT');
    console.type(typed);
    typed.fill(0);
    expect(told.values).toEqual([bytesOf('AT')]);
  });
});

describe('a fault of the module', () => {
  test('lateAnswer comes on top of the time of an answer, and of that of a payload', () => {
    const console = openOnline({
      timing: { ...instant, answer: () => 30, payload: () => 200 },
      faults: { delay: 20 },
    });
    console.wait(100);
    connected(console);
    console.wait(100);
    const { faults } = console.module.control;
    faults.next('lateAnswer');
    expect(console.at('+CIPSEND=1,2') + console.wait(49)).toBe('');
    expect(console.wait(1)).toBe(PROMPT);
    faults.next('lateAnswer');
    expect(console.type('hi') + console.wait(219)).toBe('');
    expect(console.wait(1)).toContain(OK);
  });
});
