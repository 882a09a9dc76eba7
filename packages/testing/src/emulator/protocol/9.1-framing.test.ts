import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../../tools/thorough.js';
import { connected, ERROR, OK, open, openOnline, say, unit } from '../../../test/console.js';
import { a76xx } from '../profiles/a76xx.js';

describe('protocol 9.1 framing', () => {
  test('row 1: ATV1 units; echo on at power-up, with the CR; OK unit follows', () => {
    const console = open({ echo: true });
    expect(console.type('AT\r')).toBe('AT\r\r\nOK\r\n');
    expect(console.type('AT+CGMM\r')).toBe('AT+CGMM\r\r\nA7672SA-FASE\r\n\r\nOK\r\n');
  });

  test('row 2: LF between commands ignored, any case, spaces after commas, missing quotes on IPs (option)', () => {
    const console = openOnline();
    expect(console.type('at\r\n')).toBe(OK);
    expect(console.type('aT+cmee = 1\r')).toBe(OK);
    expect(console.type('\nAT+CMEE?\r')).toBe(unit('+CMEE: 1') + OK);
    expect(console.at('+CIPOPEN=2, "TCP", 10.0.0.1, 5')).toBe(OK + unit('+CIPOPEN: 2,1'));
    const strict = openOnline({ profile: { ...a76xx, unquotedText: false } });
    expect(strict.at('+CIPOPEN=2,"TCP",10.0.0.1,5')).toBe(unit('+CIPOPEN: 2,3') + ERROR);
    expect(strict.at('+CIPOPEN=2,TCP,"10.0.0.1",5')).toBe(unit('+CIPOPEN: 2,3') + ERROR);
    expect(strict.at('+CIPOPEN=2,"TCP","10.0.0.1",5')).toBe(OK + unit('+CIPOPEN: 2,1'));
  });

  test('row 3: an unknown or mistyped command is ERROR, with CMEE 1 and 2 too (Q-24)', () => {
    const console = open();
    for (const mode of [0, 1, 2]) {
      console.at(`+CMEE=${mode}`);
      for (const line of ['+NOSUCH', '+CIPOEPN=0', '+NETCLOS', '+NETOPEN=1', '+CSQ?x', '!']) {
        expect(console.at(line)).toBe(ERROR);
      }
      expect(console.type('hello\r')).toBe(ERROR);
    }
  });

  test('row 4: output split at random places and joined (option), and the same bytes in the same order', () => {
    const play = (seed: number, rates: object) => {
      const console = open({ faults: { seed, rates } });
      console.wait(1_000);
      let printed = '';
      for (const line of ['+CSQ', '+CGDCONT?', '+CIPOPEN?', '+NOSUCH', '+CIPCLOSE?']) {
        printed += console.at(line) + console.wait(5);
      }
      return printed + console.wait(1_000);
    };
    const plain = play(1, {});
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0, max: 0.9 }),
        fc.double({ min: 0, max: 0.9 }),
        (seed, split, join) => {
          expect(play(seed, { split, join })).toBe(plain);
        },
      ),
      { numRuns: effort(50, 100) },
    );
  });

  test('row 5: URC units only between units, never inside one or a length-prefixed block; between > and OK allowed', () => {
    const chatter = ['+CHATTER: 1', '*NOISE: "a,b"', 'RING RING'];
    const play = (seed: number, chattering: number) => {
      const console = openOnline({ faults: { seed, chatter, rates: { chatter: chattering } } });
      const far = connected(console);
      console.printed();
      say(far, '\r\nOK\r\n\r\n+IPCLOSE: 1,1\r\n');
      let printed = console.printed();
      for (const line of [
        '+CIPRXGET=2,1,7',
        '+CIPOPEN?',
        '+CIPRXGET=3,1',
        '+CIPSEND=1,3',
        '+CSQ;+CIPRXGET=4,1',
      ]) {
        printed += console.at(line);
        if (line.startsWith('+CIPSEND')) printed += console.type('abc');
      }
      return printed;
    };
    const plain = play(1, 0);
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1 }), (seed, rate) => {
        const quiet = chatter.reduce((text, line) => text.replaceAll(unit(line), ''), play(seed, rate));
        expect(quiet).toBe(plain);
      }),
      { numRuns: effort(50, 100) },
    );
  });

  test('row 5: with echo on, nothing stands inside the echoed payload', () => {
    const console = openOnline({ echo: true, uart: { chunk: 1 } });
    const far = connected(console);
    console.wait(1_000);
    console.at('+CIPSEND=1,10');
    expect(console.wait(100)).toBe('AT+CIPSEND=1,10\r\r\n>');
    console.type('0123456789');
    let printed = console.wait(0.5);
    say(far, 'x');
    printed += console.wait(100);
    expect(printed).toBe(`0123456789${unit('+CIPRXGET: 1,1')}${OK}${unit('+CIPSEND: 1,10,10')}`);
  });
});

describe('protocol 2 framing', () => {
  test('several extended commands on one line have one result, and stop at the first that fails', () => {
    const console = open();
    expect(console.at('+CSQ;+CPIN?')).toBe(unit('+CSQ: 23,0') + unit('+CPIN: READY') + OK);
    expect(console.at('E0V1;+CMEE=2')).toBe(OK);
    expect(console.at('+CSQ;+NOSUCH;+CPIN?')).toBe(unit('+CSQ: 23,0') + ERROR);
  });

  test('several buffers are read with one line', () => {
    const console = openOnline();
    const ends = [1, 2].map((link) => connected(console, link));
    for (const [index, end] of ends.entries()) say(end, `data ${index}`);
    console.printed();
    expect(console.at('+CIPRXGET=2,1;+CIPRXGET=2,2')).toBe(
      unit('+CIPRXGET: 2,1,6,0', 'data 0') + unit('+CIPRXGET: 2,2,6,0', 'data 1') + OK,
    );
  });

  test('a module that takes one command per line refuses such a line (option)', () => {
    const console = open({ profile: { ...a76xx, severalCommands: false } });
    expect(console.at('+CSQ;+CPIN?')).toBe(ERROR);
    expect(console.at('E0V1')).toBe(OK);
  });

  test('results of several commands on a line follow its OK in order', () => {
    const console = openOnline();
    for (const link of [1, 2]) connected(console, link);
    expect(console.at('+CIPCLOSE=1;+CIPCLOSE=2')).toBe(OK + unit('+CIPCLOSE: 1,0') + unit('+CIPCLOSE: 2,0'));
  });

  test('a line longer than 3071 characters after AT is refused, and nothing of it is done', () => {
    const console = open();
    const fill = (length: number) => `+CGDCONT=2,"IP","${'x'.repeat(length - 18)}"`;
    expect(console.at(fill(3072))).toBe(ERROR);
    expect(console.module.control.state.settings.echo).toBe(false);
    expect(console.at('+CGDCONT?')).not.toContain('x');
    expect(console.at(fill(3071))).toBe(OK);
  });

  test('# and $ stand for +', () => {
    const console = open();
    for (const sign of '#$+') expect(console.at(`${sign}CMEE?`)).toBe(unit('+CMEE: 2') + OK);
  });

  test('ATV0 prints numbers and no line ends in front', () => {
    const console = open();
    expect(console.at('V0')).toBe('0\r');
    expect(console.at('+CSQ')).toBe('+CSQ: 23,0\r\n0\r');
    expect(console.at('+NOSUCH')).toBe('4\r');
    expect(console.at('O')).toBe('3\r');
  });

  test('ATQ1 silences results, and nothing else', () => {
    const console = open();
    expect(console.at('Q1')).toBe('');
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0'));
    expect(console.at('+NOSUCH')).toBe('');
    expect(console.at('Q0')).toBe(OK);
  });

  test('a multi-line listing has one empty line in front, none between (log codewithsundeep)', () => {
    expect(open().at('+CIPOPEN?')).toBe(
      unit(...Array.from({ length: 10 }, (_, link) => `+CIPOPEN: ${link}`)) + OK,
    );
  });

  test('an A7670 puts empty lines between the contexts (field notes 1.5; option)', () => {
    const console = open();
    console.at('+CGDCONT=2,"IP","b"');
    expect(console.at('+CGACT?')).toBe(unit('+CGACT: 1,1', '+CGACT: 2,0') + OK);
    const spaced = open({ profile: { ...a76xx, spacedListings: ['+CGACT'] } });
    spaced.at('+CGDCONT=2,"IP","b"');
    expect(spaced.at('+CGACT?')).toBe(unit('+CGACT: 1,1') + unit('+CGACT: 2,0') + OK);
  });

  test('two URCs in a row show an empty line between', () => {
    const console = open();
    console.module.control.report('RING');
    console.module.control.report('RING');
    expect(console.printed()).toBe('\r\nRING\r\n\r\nRING\r\n');
  });

  test('an empty line, a lone Ctrl-Z and line feeds are no commands', () => {
    expect(open().type('\r\n\n\x1a\r \rAT\r')).toBe(OK);
  });

  test('commands that are typed ahead are answered in turn', () => {
    const console = open();
    expect(console.type('AT\rAT+CSQ\rAT\r')).toBe(OK + unit('+CSQ: 23,0') + OK + OK);
  });
});
