import { describe, expect, test } from 'vitest';
import { fleetWorld, observe } from '../../test/world.js';

/** Two processes that follow one another. */
const FIRST = 's'.repeat(22);
const SECOND = 't'.repeat(22);

/** An agent `SHED` whose beats come as the test says, and what a controller believes of it. */
function shed() {
  const { server, advance, scheduler, controller } = fleetWorld();
  const { observed, connection: ours } = controller();
  advance(3_000);
  const fleet = observed.last;
  const connection = server.connect();
  const bytes = (value: object) => new TextEncoder().encode(JSON.stringify({ protocol: '1.0', ...value }));
  const store = (instance: string, serial: number, state: string) =>
    connection.put('SHED.one.state', bytes({ instance, serial, state })).subscribe();
  store(FIRST, 1, 'online');
  const start = scheduler.now();
  /** A beat that was sent at that time of the agent's clock, which began with the test. */
  const beat = (clock: number, instance = FIRST) =>
    connection.publish('a7600.v1.SHED.beat', bytes({ instance, clock, modems: 1, dropped: 0 }));
  /** Lets time pass, with a beat each 2 s. */
  const beating = (ms: number, lag = 0) => {
    for (const end = scheduler.now() + ms; scheduler.now() < end; advance(2_000))
      beat(scheduler.now() - start - lag);
  };
  const entry = () => observe(fleet.modem('SHED/one').entry$).last;
  const presence = () => entry().presence;
  /** The time in ms until it is gone. */
  const goneAfter = () => {
    let waited = 0;
    for (; presence() === 'present' && waited < 60_000; waited += 250) advance(250);
    return waited;
  };
  const now = () => scheduler.now() - start;
  return { beat, beating, store, advance, entry, presence, goneAfter, fleet, ours, now };
}

describe('beats that have waited in a server that was stopped', () => {
  test('count from when they were sent: an agent that died meanwhile is gone', () => {
    const { beat, beating, advance, presence, now } = shed();
    beating(10_000);
    expect(presence()).toBe('present');
    const sent = now();
    advance(10_000);
    for (const late of [0, 2_000]) beat(sent + late);
    advance(300);
    expect(presence()).toBe('gone');
  });

  test('of an agent that goes on leave it present', () => {
    const { beat, beating, advance, presence, now, goneAfter } = shed();
    beating(10_000);
    const sent = now();
    advance(10_000);
    for (let late = 0; late <= 10_000; late += 2_000) beat(sent + late);
    advance(300);
    expect(presence()).toBe('present');
    expect(goneAfter()).toBeGreaterThan(5_000);
  });
});

describe('what a process has sent and what arrives after its successor is there, because it has waited on its way', () => {
  const succeeded = () => {
    const world = shed();
    const { beat, beating, store, advance, now } = world;
    beating(10_000);
    const sent = now();
    advance(5_000);
    for (let count = 0; count < 3; count++) {
      beat(count * 2_000, SECOND);
      advance(2_000);
    }
    store(SECOND, 1, 'opening');
    advance(300);
    return { ...world, sent };
  };

  test('is no sign that it is still there', () => {
    const { beat, advance, fleet, sent } = succeeded();
    for (const late of [0, 2_000]) beat(sent + late);
    advance(300);
    expect(observe(fleet.agents$).last).toMatchObject([{ instance: SECOND, presence: 'present' }]);
    // The instance of the test has no subscriber; two rivals would be MODEM_AMBIGUOUS.
    expect(observe(fleet.modem('SHED/one').raw('AT')).end).toMatchObject({ code: 'AGENT_GONE' });
  });

  test('is no state of its modems', () => {
    const { store, advance, entry } = succeeded();
    store(FIRST, 9, 'online');
    advance(300);
    expect(entry().state).toBe('opening');
    store(SECOND, 3, 'online');
    store(SECOND, 2, 'opening');
    advance(300);
    expect(entry().state).toBe('online');
  });

  test('is a rival if it goes on', () => {
    const { beat, advance, fleet, sent } = succeeded();
    for (let late = 11_000; late < 17_000; late += 2_000) {
      beat(sent + late);
      advance(2_000);
    }
    expect(observe(fleet.modem('SHED/one').raw('AT')).end).toMatchObject({ code: 'MODEM_AMBIGUOUS' });
  });
});

test('while nothing comes from the server, it is this program that hears nothing: no agent is gone', () => {
  const { beating, advance, presence, ours, goneAfter } = shed();
  beating(10_000);
  ours.stop(true);
  advance(3_000);
  expect(presence()).toBe('present');
  advance(5_000);
  expect(presence()).toBe('unknown');
  ours.stop(false);
  advance(500);
  expect(presence()).toBe('gone');
  beating(2_000);
  expect(presence()).toBe('present');
  expect(goneAfter()).toBeGreaterThan(3_500);
});

describe('after an outage of the connection of the controller', () => {
  test('an agent whose answer is on its way is unknown, not gone', () => {
    const { beat, beating, advance, presence, ours, now } = shed();
    beating(10_000);
    ours.away = true;
    advance(20_000);
    expect(presence()).toBe('unknown');
    ours.away = false;
    advance(1_200);
    expect(presence()).toBe('unknown');
    beat(now());
    advance(300);
    expect(presence()).toBe('present');
  });

  test('an agent that does not answer is gone', () => {
    const { beating, advance, presence, ours } = shed();
    beating(10_000);
    ours.away = true;
    advance(20_000);
    ours.away = false;
    advance(2_000);
    expect(presence()).toBe('gone');
  });
});

test('an agent whose machine was suspended, so that its clock stood still, is present again by its second beat', () => {
  const { beating, advance, presence } = shed();
  beating(10_000);
  advance(3_600_000);
  beating(4_000, 3_600_000);
  expect(presence()).toBe('present');
});

test('an agent whose clock goes slower than ours stays present', () => {
  const { beat, advance, presence, now } = shed();
  for (let count = 0; count < 2_000; count++) {
    beat(Math.floor(now() * 0.995));
    advance(2_000);
  }
  expect(presence()).toBe('present');
});
