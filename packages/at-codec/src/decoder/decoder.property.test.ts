import { chunking, chunksOf, protocolPayload } from '@a7600/testing/arbitraries';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, decodeWith, summary, textOf } from '../../test/decode.js';
import { a7600 } from '../a7600.js';

const LINES = [
  'OK',
  'ERROR',
  '+CME ERROR: 13',
  '+CSQ: 23,0',
  '+CREG: 0,1',
  '+IPCLOSE: 3,1',
  '+CIPRXGET: 1,2',
  '+CLIENT: 0,0,10.0.0.1:50000',
  '*ATREADY: 1',
  'SMS DONE',
  '+NETOPEN: 0',
  '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY',
  'SIMCOM INCORPORATED',
];

const line = fc.constantFrom(...LINES).map((text) => `\r\n${text}\r\n`);
const echoed = fc.constantFrom('AT', 'AT+CSQ', 'AT+CIPSEND=0,5').map((text) => `${text}\r`);
const block = protocolPayload({ maxLength: 120 }).map(
  (payload) => `\r\n+CIPRXGET: 2,0,${payload.length},0\r\n${textOf(payload)}\r\n\r\nOK\r\n`,
);
const noise = fc.oneof(
  fc.constantFrom('\0', '\r', '\n', ' ', '>', '\r\n>', '\xff\xff', '+CIPRXGET: 2,0,99999,0\r\n'),
  fc.uint8Array({ maxLength: 30 }).map(textOf),
  fc.constant('y'.repeat(5000)),
);
const stream = (unit: fc.Arbitrary<string>) =>
  fc.array(unit, { maxLength: 25 }).map((units) => bytesOf(units.join('')));

const anything = stream(fc.oneof(line, echoed, block, noise));

test('any cut of the same bytes gives the same events', () => {
  fc.assert(
    fc.property(anything, chunking(), fc.boolean(), (bytes, sizes, prompt) => {
      const whole = summary(decodeWith(a7600, [bytes], { prompt }));
      expect(summary(decodeWith(a7600, chunksOf(bytes, sizes), { prompt }))).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});

test('every byte is covered by exactly one event, in order', () => {
  fc.assert(
    fc.property(anything, chunking(), fc.boolean(), (bytes, sizes, prompt) => {
      const events = decodeWith(a7600, chunksOf(bytes, sizes), { prompt });
      expect(events.flatMap(({ raw }) => [...raw])).toEqual([...bytes]);
    }),
    { numRuns: 500 },
  );
});

test('payload of the same length changes nothing but the payload', () => {
  const payloads = fc
    .integer({ min: 1, max: 80 })
    .chain((length) =>
      fc.tuple(
        protocolPayload({ minLength: length, maxLength: length }),
        fc.uint8Array({ minLength: length, maxLength: length }),
      ),
    );
  fc.assert(
    fc.property(payloads, chunking(), ([one, other], sizes) => {
      const unit = (payload: Uint8Array) =>
        bytesOf(`\r\n+CIPRXGET: 2,0,${payload.length},0\r\n${textOf(payload)}\r\nOK\r\n\r\n+CREG: 1\r\n`);
      const decoded = (payload: Uint8Array) => summary(decodeWith(a7600, chunksOf(unit(payload), sizes)));
      const [first, second] = [decoded(one), decoded(other)];
      expect(first.splice(1, 1)).toEqual([`payload ${textOf(one)}`]);
      expect(second.splice(1, 1)).toEqual([`payload ${textOf(other)}`]);
      expect(first).toEqual(second);
    }),
  );
});

test('views that were given out are never overwritten by later input', () => {
  fc.assert(
    fc.property(anything, chunking(), (bytes, sizes) => {
      const events = decodeWith(a7600, chunksOf(bytes, sizes));
      const copies = events.map(({ raw }) => textOf(raw));
      decodeWith(a7600, chunksOf(new Uint8Array(bytes.length).fill(0x41), sizes));
      expect(events.map(({ raw }) => textOf(raw))).toEqual(copies);
    }),
  );
});
