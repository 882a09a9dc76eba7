import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ExitCode } from './exit-code.js';
import { faultMessage, isFault } from './fault.js';
import { run } from './program.js';

test.each([
  [new TypeError('x is not a function'), true],
  [new RangeError('Invalid array length'), true],
  ['a text', true],
  [undefined, true],
  [new Error('The TLS handshake failed.'), false],
  [Object.assign(new Error('no such file'), { code: 'ENOENT' }), false],
])('%s: %j', (error, expected) => {
  expect(isFault(error)).toBe(expected);
});

test('it asks for a report, and shows where it happened', () => {
  const message = faultMessage(new TypeError('x is not a function'));
  expect(message).toMatch(
    /^a7600 itself failed\. .* please report it .*\nmodem is involved \(a7600 doctor --bundle FILE/,
  );
  expect(message).toMatch(/\nTypeError: x is not a function\n {4}at .*fault\.test\.ts/);
});

test('a mistake in a subcommand ends it with a code of its own', async () => {
  let messages = '';
  const input = new PassThrough().end();
  const code = await run(['at', '--emulated', 'AT'], {
    input: input as unknown as NodeJS.ReadStream,
    output: {
      write() {
        throw new TypeError('x is not a function');
      },
    },
    messages: { write: (text) => (messages += text) },
    env: {},
  });
  expect(code).toBe(ExitCode.Fault);
  expect(messages).toMatch(/^a7600 itself failed\./);
});
