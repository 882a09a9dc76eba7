import { describe, expect, test } from 'vitest';
import { type Console, connected, OK, open, openOnline, say, unit } from '../../test/console.js';
import { instant, recorded, turnaround } from './timing.js';

/** Types, and tells how many ms later the module had printed `expected`. */
function timeOf(console: Console, typed: string, expected: string): number {
  const start = console.now();
  console.type(typed);
  let printed = '';
  // Looks in steps far below the time of a byte.
  while (printed.length < expected.length && console.now() - start < 10_000) printed += console.wait(0.0005);
  expect(printed).toBe(expected);
  return console.now() - start;
}

/** Time in ms of so many bytes at 115200 8N1. */
const bytes = (count: number) => (count * 10_000) / 115_200;

describe('without a UART', () => {
  test('a module that takes no time has answered when the write returns', () => {
    expect(open().at('+CSQ')).toBe(unit('+CSQ: 23,0') + OK);
  });

  test('answers, prompts and the OK of a send take the turnaround', () => {
    const console = openOnline({ timing: turnaround(5) });
    connected(console);
    console.wait(100);
    expect(console.type('AT+CIPSEND=1,2\r') + console.wait(4.9)).toBe('');
    expect(console.wait(0.1)).toBe('\r\n>');
    expect(console.type('ab') + console.wait(4.9)).toBe('');
    expect(console.wait(0.1)).toBe(OK + unit('+CIPSEND: 1,2,2'));
  });

  test('a line of several commands takes it once', () => {
    const console = open({ timing: turnaround(5) });
    console.wait(5);
    console.type('AT+CSQ;+CPIN?;+CSQ\r');
    expect(console.wait(5)).toContain(OK);
  });

  test('it may depend on the command', () => {
    const console = open({ timing: { ...instant, answer: ({ name }) => (name === '+CSQ' ? 50 : 0) } });
    expect(console.at('')).toBe(OK);
    expect(console.at('+CSQ')).toBe('');
    expect(console.wait(50)).toContain('+CSQ');
  });

  test('what is typed meanwhile waits', () => {
    const console = open({ timing: turnaround(5) });
    console.wait(5);
    console.type('AT\rAT+CSQ\r');
    expect(console.wait(5)).toBe(OK);
    expect(console.wait(5)).toBe(unit('+CSQ: 23,0') + OK);
  });

  test('recorded times are those of the field notes', () => {
    const console = open({ timing: recorded });
    console.wait(3);
    console.type('AT+NETOPEN\r');
    expect(console.wait(3)).toBe(OK);
    expect(console.wait(4)).toBe(unit('+NETOPEN: 0'));
    console.type('AT+NETCLOSE\r');
    expect(console.wait(62)).toBe(OK);
    expect(console.wait(1)).toBe(unit('+NETCLOSE: 0'));
  });
});

describe('on a UART', () => {
  test.each([0, 2, 10])(
    'a command is complete with its last byte, the answer with its own; turnaround %i ms',
    (ms) => {
      const console = open({ uart: {}, timing: turnaround(ms) });
      console.wait(1_000);
      expect(timeOf(console, 'AT\r', OK)).toBeCloseTo(bytes(3) + ms + bytes(6), 2);
    },
  );

  test('a read of 1500 bytes', () => {
    const console = openOnline({ uart: {}, timing: turnaround(2) });
    console.wait(1_000);
    const far = connected(console);
    say(far, 'x'.repeat(1_500));
    console.wait(1_000);
    const answer = unit('+CIPRXGET: 2,1,1500,0', 'x'.repeat(1_500)) + OK;
    expect(timeOf(console, 'AT+CIPRXGET=2,1,1500\r', answer)).toBeCloseTo(bytes(21 + answer.length) + 2, 2);
  });

  test('pushed data fills the line without a gap', () => {
    const console = openOnline({ uart: {} });
    console.wait(1_000);
    console.type('AT+CIPRXGET=0\r');
    console.wait(100);
    const far = connected(console);
    console.wait(100);
    const count = 40;
    const pushed = `\r\nRECV FROM:10.0.9.9:5253\r\n+IPD1500\r\n${'y'.repeat(1_500)}`.repeat(count);
    for (let chunk = 0; chunk < count; chunk++) say(far, 'y'.repeat(1_500));
    const early = console.wait(bytes(pushed.length) - 0.01);
    expect(early.length).toBeLessThan(pushed.length);
    expect(early + console.wait(0.02)).toBe(pushed);
  });

  test('AT+IPR changes the speed after its OK; a host at the old one sees garbage', () => {
    const console = open({ uart: {} });
    console.wait(100);
    console.type('AT+IPR=9600\r');
    expect(console.wait(100)).toBe(OK);
    console.type('AT\r');
    const garbage = console.wait(1_000);
    expect(garbage).not.toContain('OK');
    console.module.control.setHostFormat({ baudRate: 9_600 });
    console.type('\rAT\r');
    expect(console.wait(1_000)).toContain(OK);
    console.module.control.restart();
    console.module.control.setHostFormat({ baudRate: 115_200 });
    console.wait(1_000);
    console.type('AT\r');
    expect(console.wait(1_000)).toBe(`AT\r${OK}`);
  });

  test('a module that starts at another speed; a host that follows it through AT+IPR', () => {
    const console = open({ uart: { hostFollows: true }, baudRate: 9_600 });
    console.wait(1_000);
    const slow = timeOf(console, 'AT\r', OK);
    console.type('AT+IPR=921600\r');
    console.wait(1_000);
    console.printed();
    expect(slow / timeOf(console, 'AT\r', OK)).toBeCloseTo(96, 0);
  });

  test('AT+IPREX is kept over a restart', () => {
    const console = open({ uart: {} });
    console.wait(100);
    console.type('AT+IPREX=460800\r');
    console.wait(100);
    console.module.control.setHostFormat({ baudRate: 460_800 });
    console.module.control.restart();
    expect(console.wait(1_000)).toContain('*ATREADY: 1');
  });

  test('AT+ICF changes the frame', () => {
    const console = open({ uart: {} });
    console.wait(100);
    console.type('AT+ICF=2,1\r');
    console.wait(100);
    expect(console.module.control.state.settings.format).toMatchObject({ parity: 'even', stopBits: 1 });
    console.module.control.setHostFormat({ parity: 'even' });
    console.type('AT\r');
    expect(console.wait(100)).toBe(OK);
  });

  test('AT+IFC=2,2 and a host with RTS/CTS lose nothing where others do', () => {
    const flood = (rtscts: boolean) => {
      const console = open({ uart: { rtscts, baudRate: 921_600 }, timing: turnaround(50) });
      console.module.control.setHostFormat({ baudRate: 115_200 });
      console.wait(100);
      console.type('AT+IFC=2,2\r');
      console.wait(100);
      const lines = 100;
      console.type('AT+CSQ\r'.repeat(lines));
      const answers = console.wait(60_000).split('+CSQ: 23,0').length - 1;
      return [answers === lines, console.module.control.state.lostInput > 0];
    };
    expect(flood(true)).toEqual([true, false]);
    expect(flood(false)).toEqual([false, true]);
  });
});
