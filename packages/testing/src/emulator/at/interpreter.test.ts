import { delay, filter, map, mergeMap, NEVER, of, take, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  bytesOf,
  caller,
  connected,
  ERROR,
  OK,
  observe,
  open,
  openOnline,
  PEER,
  textOf,
  unit,
} from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';
import { instant } from '../timing.js';
import type { Behaviour } from './behaviour.js';
import { ok, okThen, type PromptReply, result } from './reply.js';
import type { Request } from './request.js';

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

  test('one that takes its time is waited for, and the rest of the line is carried out then', () => {
    const console = knowing({ execute: (_, { clock }) => of(ok('slow')).pipe(delay(100, clock.scheduler)) });
    expect(console.at('+X;+CSQ') + console.wait(99)).toBe('');
    expect(console.wait(1)).toBe(unit('slow') + unit('+CSQ: 23,0') + OK);
  });

  test('the time of an answer is asked once, about the first of them', () => {
    const asked: string[] = [];
    const answer = ({ name }: Request) => {
      asked.push(name);
      return name === '+CSQ' ? 50 : 0;
    };
    const console = open({ timing: { ...instant, answer } });
    asked.length = 0;
    expect(console.at('+CSQ;E0') + console.wait(49)).toBe('');
    expect(console.wait(1)).toBe(unit('+CSQ: 23,0') + OK);
    expect(asked).toEqual(['+CSQ']);
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

test('a behaviour of another family of modules is none of this one', () => {
  const other = knowing({ family: 'sim7600', execute: () => ok() });
  expect(other.at('+X')).toBe(ERROR);
  expect(knowing({ family: 'a76xx', execute: () => ok() }).at('+X')).toBe(OK);
});

describe('the events of commands', () => {
  test('a command that the emulator does not know, and no other', () => {
    const console = open();
    const told = observe(console.module.control.events$.pipe(filter(({ kind }) => kind === 'unknown')));
    console.at('+CSQ');
    console.at('+NOSUCH?');
    expect(told.values).toEqual([{ kind: 'unknown', command: '+NOSUCH' }]);
  });

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

describe('the payload of a command', () => {
  /** A command with a payload of three bytes, or as `prompt` says. */
  const asking = (prompt: Partial<PromptReply>) =>
    knowing({ execute: () => ({ prompt: 3, take: () => ok('taken'), ...prompt }) });

  test('is answered before what the host has typed after it is read', () => {
    const console = open({
      timing: { ...instant, payload: () => 200 },
      behaviours: [{ command: '+X', execute: () => ({ prompt: 3, take: () => ok('taken') }) }],
    });
    console.at('+X');
    expect(console.type('abcAT+CSQ\r') + console.wait(199)).toBe('');
    expect(console.wait(1)).toBe(unit('taken') + OK + unit('+CSQ: 23,0') + OK);
  });

  test('is followed by the rest of the line', () => {
    const console = knowing({ execute: () => ({ prompt: 3, take: () => ok('taken') }) });
    expect(console.at('+X;+CSQ')).toBe(PROMPT);
    expect(console.type('abc')).toBe(unit('taken') + unit('+CSQ: 23,0') + OK);
  });

  test('that ESC cancels ends with ERROR, or as the command says', () => {
    const refused = asking({ prompt: 'message' });
    refused.at('+X');
    expect(refused.type('ab\x1b')).toBe(ERROR);
    const accepted = asking({ prompt: 'message', cancelled: ok() });
    accepted.at('+X');
    expect(accepted.type('ab\x1b')).toBe(OK);
  });
});

describe('a client of a transparent server comes', () => {
  /** A module that listens for a transparent connection, and has one more command. */
  function serving(behaviour: Omit<Behaviour, 'command'>) {
    const console = knowing(behaviour);
    console.at('+CIPMODE=1');
    console.at('+NETOPEN');
    console.wait(100);
    console.at('+SERVERSTART=7,0');
    return console;
  }
  const CONNECT = unit('+CLIENT: 0,0,10.0.0.1:50000') + unit('CONNECT 115200');

  test.each<[string, Omit<Behaviour, 'command'>]>([
    ['is answered', { execute: () => NEVER }],
    ['waits for its payload', { execute: () => ({ prompt: 3, limit: 9_000, take: () => ok() }) }],
  ])('while a command %s, and is told after the result', (_, behaviour) => {
    const console = serving(behaviour);
    console.at('+X');
    caller(console, 7);
    expect(console.wait(8_999)).toBe('');
    expect(console.wait(1)).toBe(ERROR + CONNECT);
  });

  test('while a command loses its prompt, and is told at once then', () => {
    const console = serving({
      execute: (_, { clock }) => of({ prompt: 3, take: () => ok() }).pipe(delay(100, clock.scheduler)),
    });
    console.module.control.faults.next('stuckPrompt');
    console.at('+X');
    caller(console, 7);
    expect(console.wait(99)).toBe('');
    expect(console.wait(1)).toBe(CONNECT);
  });
});

describe('the echo of a payload', () => {
  test('is never left out of a text message', () => {
    const console = knowing({ execute: () => ({ prompt: 'message', take: () => ok() }) });
    console.at('+CIPCFG="DATAECHO",OFF');
    console.at('E1');
    console.at('+X');
    expect(console.type('hi\x1a')).toBe(`hi\x1a${OK}`);
  });

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

describe('the LF of a host that ends its lines with CR LF', () => {
  test('is known by the first one, and is no payload when it comes after a prompt', () => {
    const console = openOnline();
    const far = connected(console);
    const arrived = observe(far.received$);
    console.at('');
    console.type('\n');
    console.at('+CIPSEND=1,2');
    expect(console.type('\n')).toBe('');
    console.type('hi');
    expect(arrived.values).toEqual([bytesOf('hi')]);
  });

  test('is data when it comes right after CONNECT, from a host that has sent none before', () => {
    const console = open({ timing: { ...instant, answer: () => 10 } });
    console.wait(10);
    console.at('+CIPMODE=1');
    console.wait(10);
    console.at('+NETOPEN');
    console.wait(100);
    const { events$ } = console.module.control;
    const connects$ = events$.pipe(
      filter((event) => event.kind === 'printed' && textOf(event.bytes).includes('CONNECT')),
    );
    connects$.pipe(take(1)).subscribe(() => console.type('\nhello'));
    const arrived = observe(
      console.outside.serve(PEER.host, PEER.port).pipe(mergeMap(({ received$ }) => received$)),
    );
    console.at(`+CIPOPEN=0,"TCP","${PEER.host}",${PEER.port}`);
    console.wait(1_000);
    expect(arrived.values.map(textOf).join('')).toBe('\nhello');
  });
});

describe('a fault of the module', () => {
  test('that switches it off at a command leaves that without an answer', () => {
    const console = open({ timing: { ...instant, silence: 100 } });
    const { control } = console.module;
    const arrives$ = control.events$.pipe(filter(({ kind }) => kind === 'command'));
    arrives$.pipe(take(1)).subscribe(() => control.restart());
    console.printed();
    expect(console.at('+CSQ')).toBe('');
    expect(console.wait(100)).not.toContain('+CSQ');
    expect(console.at('+CSQ')).toContain('+CSQ: 23,0');
  });

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
