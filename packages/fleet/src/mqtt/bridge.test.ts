import { BehaviorSubject, VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { bridge } from './bridge.js';
import type { BridgedModem, MqttMessage } from './messages.js';

const MODEM: BridgedModem = { name: 'east', online: true, state: 'online', signalDbm: -70 };
const AVAILABILITY = 'modem/ROOF-17/availability';
const STATE = 'modem/ROOF-17/east/state';

/** A bridge to a broker in memory, in virtual time. */
function started(modems: readonly BridgedModem[] = [MODEM]) {
  const scheduler = new VirtualTimeScheduler();
  const modems$ = new BehaviorSubject(modems);
  const connected$ = new BehaviorSubject(false);
  const published: MqttMessage[] = [];
  const opened: { will?: MqttMessage; last?: MqttMessage } = {};
  const running = bridge(
    modems$,
    (will) => {
      opened.will = will;
      return {
        connected$,
        publish: (message) => published.push(message),
        end: (last) => {
          opened.last = last;
        },
      };
    },
    { agent: 'ROOF-17', expireAfter: 60, scheduler },
  ).subscribe();
  const at = (time: number) => {
    scheduler.maxFrames = time;
    scheduler.flush();
  };
  const to = (topic: string) => published.filter((message) => message.topic === topic);
  return { modems$, connected$, published, opened, running, at, to };
}

test('says nothing without a connection, and everything with each', () => {
  const { connected$, published, at } = started();
  at(100_000);
  expect(published).toEqual([]);
  connected$.next(true);
  const first = published.splice(0);
  expect(first[0]).toEqual({ topic: AVAILABILITY, payload: 'online' });
  expect(first.map(({ topic }) => topic)).toContain(STATE);
  expect(first.filter(({ topic }) => topic.startsWith('homeassistant/'))).toHaveLength(8);
  connected$.next(false);
  at(200_000);
  expect(published).toEqual([]);
  connected$.next(true);
  expect(published).toEqual(first);
});

test('repeats the state three times before it would expire', () => {
  const { connected$, at, to } = started();
  connected$.next(true);
  at(59_999);
  expect(to(STATE)).toHaveLength(3);
  at(60_000);
  expect(to(STATE)).toHaveLength(4);
});

test('publishes changes at most once a second, the newest last', () => {
  const { connected$, modems$, at, to } = started();
  connected$.next(true);
  for (let signalDbm = -100; signalDbm <= -50; signalDbm++) modems$.next([{ ...MODEM, signalDbm }]);
  at(999);
  expect(to(STATE)).toHaveLength(1);
  at(1_000);
  expect(to(STATE).map(({ payload }) => JSON.parse(payload).signal_dbm)).toEqual([-70, -50]);
});

test('deletes what was retained of a modem that is gone, also if it went during an outage', () => {
  const { connected$, modems$, published, at } = started();
  connected$.next(true);
  const topics = new Set(published.map(({ topic }) => topic).filter((topic) => topic !== AVAILABILITY));
  connected$.next(false);
  at(1_000);
  modems$.next([]);
  published.length = 0;
  connected$.next(true);
  expect(published[0]).toEqual({ topic: AVAILABILITY, payload: 'online' });
  expect(new Set(published.slice(1))).toEqual(new Set([...topics].map((topic) => ({ topic, payload: '' }))));
});

test('has a last will, and says the same when it ends in order', () => {
  const { opened, connected$, running, published } = started();
  expect(opened).toEqual({ will: { topic: AVAILABILITY, payload: 'offline' } });
  connected$.next(true);
  running.unsubscribe();
  expect(opened.last).toEqual(opened.will);
  const count = published.length;
  connected$.next(true);
  expect(published).toHaveLength(count);
});
