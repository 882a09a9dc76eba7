import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MqttMessage } from './messages.js';
import { retainedMessages } from './retained.js';

const wanted = fc.uniqueArray(
  fc.record({ topic: fc.constantFrom('a', 'b', 'c', 'd'), payload: fc.constantFrom('1', '2', '3') }),
  { selector: ({ topic }) => topic },
);

/** A broker, which deletes what is retained when an empty payload comes. */
function broker() {
  const has = new Map<string, string>();
  const take = ({ topic, payload }: MqttMessage) => {
    if (payload === '') has.delete(topic);
    else has.set(topic, payload);
  };
  return { has, take };
}

test('a broker has what is wanted after each update, also after it lost everything', () => {
  const step = fc.record({ wanted, lost: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const { has, take } = broker();
      const retained = retainedMessages();
      for (const { wanted: messages, lost } of steps) {
        if (lost) {
          has.clear();
          retained.forget();
        }
        const published = retained.update(messages);
        published.forEach(take);
        expect(has).toEqual(new Map(messages.map(({ topic, payload }) => [topic, payload])));
        expect(new Set(published.map(({ topic }) => topic)).size).toBe(published.length);
      }
    }),
    { numRuns: 50 },
  );
});

test('publishes nothing that the broker has already', () => {
  const retained = retainedMessages();
  const messages = [{ topic: 'a', payload: '1' }];
  expect(retained.update(messages)).toEqual(messages);
  expect(retained.update(messages)).toEqual([]);
});
