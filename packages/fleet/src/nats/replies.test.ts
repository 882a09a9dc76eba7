import { headers, type Msg, type NatsConnection, PermissionViolationError } from '@nats-io/nats-core';
import { Observable } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { observe } from '../../test/world.js';
import { FleetError } from '../base/errors.js';
import { Replies } from './replies.js';

type Callback = (error: Error | null, message: Msg) => void;

/** A connection that notes what is published, and through which a test replies. */
function connected(inboxPrefix?: string) {
  const published: { readonly subject: string; readonly reply: string }[] = [];
  const subscriptions: { readonly subject: string; readonly callback: Callback }[] = [];
  const connection = {
    options: { inboxPrefix },
    publish: (subject: string, _: Uint8Array, { reply }: { readonly reply: string }) =>
      published.push({ subject, reply }),
    subscribe: (subject: string, { callback }: { readonly callback: Callback }) =>
      subscriptions.push({ subject, callback }),
  };
  const replies = new Replies(connection as unknown as NatsConnection);
  const ask = (subject: string, timeout = 1_000) =>
    observe(
      new Observable<Msg>((subscriber) =>
        replies.request(subject, new Uint8Array(1), headers(), timeout, {
          next: (reply) => {
            subscriber.next(reply);
            subscriber.complete();
          },
          error: (error) => subscriber.error(error),
        }),
      ),
    );
  const answer = (subject: string, more: Partial<Msg> = {}) => {
    const message = { subject, data: new Uint8Array(3), ...more } as Msg;
    for (const { callback } of subscriptions) callback(null, message);
  };
  return { replies, published, subscriptions, ask, answer };
}

describe('a request', () => {
  test('gets the reply to its own token, once, whatever else comes', () => {
    const { ask, answer, published, subscriptions } = connected('_INBOX_desk');
    const [one, two] = [ask('a'), ask('b')];
    expect(subscriptions.map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^_INBOX_desk\.[\w-]+\.\*$/),
    ]);
    const [first = '', second = ''] = published.map(({ reply }) => reply);
    expect(first).not.toBe(second);
    answer(`${first}x`);
    answer(second);
    answer(second);
    expect([one.end, two.end, two.values.length]).toEqual(['open', 'complete', 1]);
    answer(first);
    expect([one.end, one.values.length]).toEqual(['complete', 1]);
  });

  test('without a subscriber ends with AGENT_GONE; an empty reply is one', () => {
    const { ask, answer, published } = connected();
    const [gone, empty] = [ask('a'), ask('b')];
    answer(published[0]?.reply ?? '', { data: new Uint8Array(0), headers: headers(503, 'No Responders') });
    answer(published[1]?.reply ?? '', { data: new Uint8Array(0), headers: headers() });
    expect(gone.end).toMatchObject({ code: 'AGENT_GONE' });
    expect(empty.end).toBe('complete');
  });

  test('that is not answered ends with OUTCOME_UNKNOWN, and a late reply is not its any more', () => {
    vi.useFakeTimers();
    try {
      const { ask, answer, published } = connected();
      const late = ask('a', 1_000);
      vi.advanceTimersByTime(999);
      expect(late.end).toBe('open');
      vi.advanceTimersByTime(1);
      answer(published[0]?.reply ?? '');
      expect(late.end).toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        message: expect.stringContaining('1000 ms'),
      });
      expect([late.values.length, vi.getTimerCount()]).toEqual([0, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('that is unsubscribed leaves no timer', () => {
    vi.useFakeTimers();
    try {
      const { ask, answer, published } = connected();
      const { subscription, values } = ask('a');
      subscription.unsubscribe();
      answer(published[0]?.reply ?? '');
      expect([values.length, vi.getTimerCount()]).toEqual([0, 0]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a refusal of the server', () => {
  const violation = (operation: 'publish' | 'subscription', subject: string) =>
    new PermissionViolationError('refused', operation, subject);
  const error = new FleetError('NOT_PERMITTED', 'refused');

  test('to publish ends the requests to that subject', () => {
    const { replies, ask } = connected();
    const [one, two] = [ask('a'), ask('b')];
    replies.refused(violation('publish', 'a'), error);
    replies.refused(violation('subscription', 'b'), error);
    expect([one.end, two.end]).toEqual([error, 'open']);
  });

  test('of the inbox ends all, and the next request subscribes to another one', () => {
    const { replies, ask, answer, published, subscriptions } = connected();
    const [one, two] = [ask('a'), ask('b')];
    replies.refused(violation('subscription', subscriptions[0]?.subject ?? ''), error);
    expect([one.end, two.end]).toEqual([error, error]);
    const next = ask('a');
    expect(subscriptions).toHaveLength(2);
    answer(published[2]?.reply ?? '');
    expect(next.end).toBe('complete');
  });
});

test('the end of the connection ends all requests', () => {
  const { replies, ask } = connected();
  const [one, two] = [ask('a'), ask('b')];
  const closed = new FleetError('CLOSED', 'closed');
  replies.close(closed);
  expect([one.end, two.end]).toEqual([closed, closed]);
});
