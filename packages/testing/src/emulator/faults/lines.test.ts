import { describe, expect, test } from 'vitest';
import {
  connected,
  openTransparent as dataMode,
  OK,
  observe,
  openOnline,
  openTransparent,
  say,
  unit,
} from '../../../test/console.js';

function faulty() {
  const console = openOnline();
  const far = connected(console);
  return { console, far, faults: console.module.control.faults };
}

describe('damage that nothing announces', () => {
  test('lostLine: any line is missing, those around it stay', () => {
    const { console, faults } = faulty();
    faults.next('lostLine', { line: /^OK$/ });
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0'));
    faults.next('lostLine', { line: /^\+CSQ/ });
    expect(console.at('+CSQ')).toBe(OK);
    faults.next('lostLine', { line: /^\+CIPEVENT/ });
    console.module.control.loseBearer();
    expect(console.printed()).toBe(unit('+CGEV: NW PDN DEACT 1'));
  });

  test('lostLine: the header of a block is missing, its bytes are there', () => {
    const { console, far, faults } = faulty();
    say(far, 'hello');
    console.printed();
    faults.next('lostLine', { line: /CIPRXGET: 2/ });
    expect(console.at('+CIPRXGET=2,1')).toBe(`\r\nhello\r\n${OK}`);
  });

  test('lostLine: of the lines that match, as the script says', () => {
    const { console, faults } = faulty();
    faults.next('lostLine', { line: /^\+CSQ/, skip: 1, times: 2 });
    const answers = [1, 2, 3, 4].map(() => console.at('+CSQ').includes('+CSQ: 23'));
    expect(answers).toEqual([true, false, false, true]);
    expect(faults.counts.lostLine).toBe(2);
  });

  test('CLOSED of data mode may be the one that is missing', () => {
    const { far, ...console } = openTransparent();
    console.module.control.faults.next('lostLine', { line: /^CLOSED$/ });
    far.reset();
    console.wait(1_000);
    expect([console.printed(), console.module.control.state.mode]).toEqual(['', 'command']);
  });

  test('repeatedLine: a line comes twice', () => {
    const { console, faults } = faulty();
    faults.next('repeatedLine', { line: /^\+CSQ/ });
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0', '+CSQ: 23,0') + OK);
    faults.next('repeatedLine', { line: /^OK/ });
    expect(console.at('')).toBe(OK + OK);
  });

  test('damagedLine: one character is missing or another one', () => {
    const { console, faults } = faulty();
    faults.next('damagedLine', { line: /^\+CSQ/, times: 50 });
    const whole = unit('+CSQ: 23,0') + OK;
    const differences = Array.from({ length: 50 }, () => {
      const printed = console.at('+CSQ');
      if (printed.length === whole.length - 1) return 1;
      return [...whole].filter((char, at) => printed[at] !== char).length;
    });
    expect(Math.max(...differences)).toBe(1);
    expect(differences.filter((count) => count === 1).length).toBeGreaterThan(40);
  });

  test('wrongLink: a result or report names another link', () => {
    const { console, far, faults } = faulty();
    faults.next('wrongLink', { line: /CIPRXGET: 1/ });
    say(far, 'x');
    expect(console.printed()).toMatch(/^\r\n\+CIPRXGET: 1,[02-9]\r\n$/);
    faults.next('wrongLink', { line: /CIPSEND/ });
    console.at('+CIPSEND=1,2');
    expect(console.type('ab')).toMatch(/\r\n\+CIPSEND: [02-9],2,2\r\n$/);
  });

  test('swappedFrames: a frame comes after the one that follows it', () => {
    const { console, faults } = faulty();
    faults.next('swappedFrames');
    expect(console.at('+CSQ')).toBe(OK + unit('+CSQ: 23,0'));
    faults.next('swappedFrames');
    expect(console.at('')).toBe('');
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0') + OK + OK);
  });

  test.each(['read', 'push', 'data'] as const)(
    'shortBlock: 1 to 40 bytes in a row are missing (%s)',
    (how) => {
      const sent = Array.from({ length: 200 }, (_, at) => String.fromCharCode(0x30 + (at % 64))).join('');
      const { console, far } = how === 'data' ? { ...split(dataMode()) } : faulty();
      const { faults } = console.module.control;
      if (how === 'push') console.at('+CIPRXGET=0');
      faults.next('shortBlock');
      say(far, sent);
      const printed = console.printed() + (how === 'read' ? console.at('+CIPRXGET=2,1,1000') : '');
      const block =
        how === 'read' ? between(printed, '200,0\r\n', `\r\n${OK}`) : between(printed, '+IPD200\r\n', '');
      const missing = sent.length - block.length;
      expect(missing).toBeGreaterThanOrEqual(1);
      expect(missing).toBeLessThanOrEqual(40);
      const gap = [...block].findIndex((char, at) => sent[at] !== char);
      const at = gap < 0 ? block.length : gap;
      expect(sent.slice(0, at) + sent.slice(at + missing)).toBe(block);
    },
  );

  test('repeatedReport: a report comes once more, later', () => {
    const { console, far, faults } = faulty();
    faults.next('repeatedReport', { line: /^\+IPCLOSE/ });
    observe(far.close());
    const first = console.wait(99);
    expect(first).toContain(unit('+IPCLOSE: 1,1'));
    expect(console.wait(10_000)).toBe(unit('+IPCLOSE: 1,1'));
    expect(console.wait(60_000)).toBe('');
  });

  test('misroutedReport: a report goes to a port that the host does not hear', () => {
    const { console, far, faults } = faulty();
    faults.next('misroutedReport', { line: /CIPRXGET: 1/ });
    say(far, 'x');
    expect(console.printed()).toBe('');
    expect(console.at('+CIPRXGET=4,1')).toBe(unit('+CIPRXGET: 4,1,1') + OK);
  });
});

function between(text: string, before: string, after: string): string {
  const from = text.indexOf(before);
  const start = from < 0 ? 0 : from + before.length;
  return text.slice(start, after === '' ? undefined : text.lastIndexOf(after));
}

function split({ far, ...console }: ReturnType<typeof dataMode>) {
  return { console, far };
}
