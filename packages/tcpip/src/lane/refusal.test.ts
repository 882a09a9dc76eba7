import { at, csq } from '@a7600/at-codec';
import { expect, test } from 'vitest';
import { commandsSince, errorOf, observe, readyModem, world } from '../../test/world.js';

test('a command that is refused when its turn comes is never sent, and the next one goes out', () => {
  const w = world();
  const { last: modem } = readyModem(w);
  const before = w.commands.length;
  const late = new Error('too late');
  const first = observe(modem.run(csq()));
  const second = observe(modem.run({ ...at(), refusal: () => late }));
  const third = observe(modem.run(csq()));
  w.advance(1_000);
  expect(errorOf(second)).toBe(late);
  expect([first.end, third.end]).toEqual(['complete', 'complete']);
  expect(commandsSince(w, before)).toEqual(['AT+CSQ', 'AT+CSQ']);
});
