import { expect, test } from 'vitest';
import { brokerFault } from './broker-fault.js';

const coded = (code: string) => Object.assign(new Error(`connect ${code} ::1:1883`), { code });

test.each([
  [coded('ECONNREFUSED'), 'is not there: no program listens on that port'],
  [
    new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]),
    'is not there: no program listens on that port',
  ],
  [coded('ENOTFOUND'), 'is not there: no host has that name'],
  [new Error('Connection refused: Not authorized'), 'failed: Connection refused: Not authorized'],
  [
    new Error('closed the connection before it answered as a broker does'),
    'closed the connection before it answered as a broker does',
  ],
  [new Error(''), 'failed: no reason is known'],
])('%s', (error, words) => {
  expect(brokerFault(error)).toBe(words);
});
