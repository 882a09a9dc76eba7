import { describe, expect, test } from 'vitest';
import { type Console, ERROR, OK, open } from '../../../test/console.js';
import { callEffects } from '../../../test/effects/calls.js';
import { clientEffects } from '../../../test/effects/clients.js';
import { type Effects, keyOf } from '../../../test/effects/effect.js';
import { gnssEffects } from '../../../test/effects/gnss.js';
import { lineEffects } from '../../../test/effects/line.js';
import { messageEffects } from '../../../test/effects/messages.js';
import { mobileEffects } from '../../../test/effects/mobile.js';
import { secureEffects } from '../../../test/effects/secure.js';
import { socketEffects } from '../../../test/effects/sockets.js';
import { behaviours } from '../behaviours/index.js';
import { withoutEffect } from '../behaviours/without-effect.js';

const EFFECTS: Effects = {
  ...lineEffects,
  ...mobileEffects,
  ...socketEffects,
  ...callEffects,
  ...messageEffects,
  ...gnssEffects,
  ...secureEffects,
  ...clientEffects,
};

test('every command that takes a value has an effect, or is listed as one without, and why', () => {
  const known = behaviours.filter(({ write }) => write !== undefined).map(keyOf);
  expect([...Object.keys(EFFECTS), ...Object.keys(withoutEffect)].sort()).toEqual([...known].sort());
});

const rows = Object.entries(EFFECTS).flatMap(([command, effects]) =>
  effects.map((row, index) => ({ name: `AT${command} (${index + 1})`, row })),
);

describe('what is accepted has an effect', () => {
  test.each(rows)('$name', ({ row }) => {
    const { begin = open, options = {} } = row;
    if ('asks' in row) {
      const { through = answered } = row;
      const [one, other] = row.asks.map((command) => through(begin(options), command));
      expect(one).not.toEqual(other);
      return;
    }
    const { set, seen } = row;
    const without = seen(begin(options));
    const console = begin(options);
    if (typeof set === 'string') expect(console.at(set)).not.toContain('ERROR');
    else set(console);
    expect(seen(console)).not.toEqual(without);
  });
});

function answered(console: Console, command: string): string {
  return console.at(command) + console.wait(1_000);
}

describe('what has no effect is at least remembered, or has a single value', () => {
  test.each([
    ...['S6=3', 'S7=60', 'S8=4', 'S9=8', 'S10=20', 'S11=70'].map((set) => {
      const [register = '', value = ''] = set.split('=');
      return [set, `${register}?`, value.padStart(3, '0')] as [string, string, string];
    }),
    ['L2M1', '&V', 'L: 2; M: 1;'],
    ['+CPOL=1,2,"26201"', '+CPOL?', '+CPOL: 1,2,"26201"'],
    ['+CIPCCFG=10,0,0,1,0,1,500', '+CIPCCFG?', '+CIPCCFG: 10,0,0,1,0,1,500'],
  ])('AT%s', (set, read, shown) => {
    const console = open();
    expect(console.at(set)).toBe(OK);
    expect(console.at(read)).toContain(shown);
  });

  test.each(['+FCLASS=1', '+CCHMODE=1', '+CIPCCFG=10,0,1', '+CSOC="Mss",1501'])('AT%s is refused', (set) => {
    expect(open().at(set)).toBe(ERROR);
  });
});
