import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Options } from './options.js';
import { DO, DONT, WILL, WONT } from './telnet.js';

const verb = fc.constantFrom(WILL, WONT, DO, DONT);

test('whatever the other side says, however often, the answers end', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(verb, fc.nat(50)), { maxLength: 500 }), (said) => {
      let sent = 0;
      const options = new Options(
        () => (sent += 1),
        () => {},
      );
      for (const option of [0, 3, 44]) options.offer(option);
      for (const option of [0, 3]) options.ask(option);
      for (const [what, option] of said) options.receive(what, option);
      // Five requests of our own, and at most one refusal and one going off for each option and side.
      expect(sent).toBeLessThanOrEqual(5 + 2 * 2 * 51);
    }),
  );
});

test('two of a kind agree and fall silent', () => {
  const log: string[] = [];
  const agreed: string[] = [];
  const wires: Uint8Array[][] = [[], []];
  const [one, other] = ['one', 'other'].map(
    (name, index) =>
      new Options(
        (bytes) => {
          log.push(`${name} ${bytes}`);
          wires[1 - index]?.push(bytes);
        },
        (option, on) => agreed.push(`${name} ${option} ${on}`),
      ),
  ) as [Options, Options];
  one.offer(44);
  other.ask(44);
  for (let busy = true; busy; ) {
    busy = false;
    for (const [index, side] of [one, other].entries()) {
      const bytes = wires[index]?.shift();
      if (bytes === undefined) continue;
      busy = true;
      side.receive(bytes[1] ?? 0, bytes[2] ?? 0);
    }
  }
  expect(agreed).toEqual(['one 44 true']);
  expect(log).toHaveLength(2);
});

test('an unrequested option is refused once', () => {
  const sent: string[] = [];
  const options = new Options(
    (bytes) => sent.push(bytes.join(' ')),
    () => {},
  );
  for (let count = 0; count < 10; count++) options.receive(DO, 24);
  for (let count = 0; count < 10; count++) options.receive(WILL, 1);
  expect(sent).toEqual([`255 ${WONT} 24`, `255 ${DONT} 1`]);
});
