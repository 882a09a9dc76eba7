import { type Observable, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { ByteLink } from './byte-link.js';
import { linkPair } from './link-pair.js';
import { pump } from './pump.js';
import { reconnect } from './reconnect.js';
import { record } from './recording/record.js';
import { replay } from './recording/replay.js';
import { serial } from './serialport/serial.js';
import { rfc2217 } from './tcp/rfc2217.js';
import { tcp } from './tcp/tcp.js';
import { through } from './through.js';

/** What a program without types may pass. */
const WRONG: readonly unknown[] = [null, 5.5, 'x', true, Symbol('s'), 10n, () => {}];
const anything = (value: unknown) => value as never;
const [link] = linkPair();

/** The error of a call, thrown or emitted. */
function errorOf(call: () => unknown): unknown {
  let error: unknown;
  try {
    const result = call() as Partial<Observable<unknown>> | undefined;
    result?.subscribe?.({ error: (emitted: unknown) => (error = emitted) });
  } catch (thrown) {
    error = thrown;
  }
  return error;
}

const CALLS: Readonly<Record<string, (value: unknown) => unknown>> = {
  tcp: (value) => tcp(anything(value)),
  'tcp host': (value) => tcp({ host: typeof value === 'string' ? '' : anything(value), port: 1 }),
  'tcp port': (value) => tcp({ host: '127.0.0.1', port: anything(value) }),
  rfc2217: (value) => rfc2217(anything(value)),
  serial: (value) => serial(anything(value)),
  'serial path': (value) => serial({ path: typeof value === 'string' ? anything(5) : anything(value) }),
  reconnect: (value) => reconnect(anything(value)),
  'pump from': (value) => pump(anything(value), link),
  'pump to': (value) => pump(link, anything(value)),
  through: (value) => of('x').pipe(through(anything(value))),
  record: (value) => record(anything(value) as ByteLink, () => {}),
  'record sink': (value) => record(link, typeof value === 'function' ? anything({}) : anything(value)),
  replay: (value) => replay(typeof value === 'string' ? anything(5) : anything(value)),
};

describe('an argument that cannot be used', () => {
  test.each(Object.entries(CALLS))('fails that call of %s, and says what it needs', (_, call) => {
    for (const value of WRONG) {
      expect(errorOf(() => call(value))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/^\w+\(\) needs /),
      });
    }
  });

  test.each([5, null, 'x'])('an iterator that gives %j fails the write', (result) => {
    const iterable = { [Symbol.iterator]: () => ({ next: () => result }) };
    expect(errorOf(() => linkPair()[0].write(anything(iterable)))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
