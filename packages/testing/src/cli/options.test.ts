import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { faultsOf } from '../emulator/faults/kinds.js';
import { parseOptions } from './options.js';

describe('the command line', () => {
  test('without anything: one module of the a76xx profile, nothing goes wrong, loopback only', () => {
    const { profile, ...options } = parseOptions([]);
    expect(profile.name).toBe('a76xx');
    expect(options).toEqual({
      tcp: [],
      ports: ['at'],
      instant: false,
      seed: 1,
      trace: false,
      allow: [],
      map: {},
      boot: false,
      off: false,
    });
  });

  test('everything at once', () => {
    const line =
      '--pty ./modem --tcp 2000 --tcp 0 --profile note-1.00 --baud 921600 --faults chatter=0.5 ' +
      '--seed 7 --trace --allow example.com:80 --allow *:53 --map 7=7007 --map 80=8080 --boot --ports at,at,nmea';
    const { profile, ...options } = parseOptions(line.split(' '));
    expect(profile.name).toBe('note-1.00');
    expect(options).toEqual({
      pty: './modem',
      tcp: [2000, 0],
      ports: ['at', 'at', 'nmea'],
      instant: false,
      off: false,
      baud: 921_600,
      faults: { chatter: 0.5 },
      seed: 7,
      trace: true,
      allow: ['example.com:80', '*:53'],
      map: { 7: 7007, 80: 8080 },
      boot: true,
    });
  });

  test('--pty needs no link', () => {
    expect(parseOptions(['--pty', '--tcp', '1'])).toMatchObject({ pty: true, tcp: [1] });
  });

  test('faults: groups and kinds, with rates and without; the later one wins', () => {
    const { faults } = parseOptions(['--faults', 'conditions,noise=0.001,chatter=0']);
    expect(faults).toEqual({
      ...Object.fromEntries(faultsOf('conditions').map((kind) => [kind, 0.01])),
      ...Object.fromEntries(faultsOf('noise').map((kind) => [kind, 0.001])),
      chatter: 0,
    });
  });
});

describe('a wrong command line is refused in one line that says what is wrong', () => {
  let said = '';
  beforeEach(() => {
    said = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += text;
      return true;
    });
  });
  afterEach(() => void vi.restoreAllMocks());

  test.each([
    ['--tcp x', 'from 0 to 65535'],
    ['--tcp 65536', 'from 0 to 65535'],
    ['--profile a7600', 'a76xx, note-1.00, sim7600'],
    ['--baud 1', 'from 300 to 4000000'],
    ['--faults rain', 'There is no fault "rain". Groups: conditions'],
    ['--faults noise=2', 'The rate of noise'],
    ['--faults noise=', 'The rate of noise'],
    ['--allow example.com', 'HOST:PORT'],
    ['--map 7', 'Write PORT=PORT'],
    ['--map 7=x', 'from 1 to 65535'],
    ['--ports at,gps', '"gps" is no kind of port: at, nmea.'],
    ['--ports nmea', 'The first port must be at.'],
    ['--instant --baud 9600', "option '--instant' cannot be used with option '--baud <rate>'"],
    ['--off --boot', "cannot be used with option '--boot'"],
    ['--seed -1', 'from 0 to'],
    ['--surprise', 'unknown option'],
    ['surplus', 'too many arguments'],
  ])('%s', (line, reason) => {
    expect(() => parseOptions(line.split(' '))).toThrow();
    expect(said).toContain(reason);
    expect(said).toMatch(/^error: [^\n]*See --help\.\n$/);
  });
});
