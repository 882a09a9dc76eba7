import { describe, expect, test } from 'vitest';
import { fleetWorld, observe } from '../../test/world.js';

/** An agent `SHED` whose beats come as the test says, and what a controller believes of it. */
function shed() {
  const { server, advance, scheduler, controller } = fleetWorld();
  const { observed } = controller();
  advance(3_000);
  const fleet = observed.last;
  const connection = server.connect();
  const instance = 's'.repeat(22);
  const publish = (subject: string, value: object) =>
    connection.publish(
      subject,
      new TextEncoder().encode(JSON.stringify({ protocol: '1.0', instance, ...value })),
    );
  const state = JSON.stringify({ protocol: '1.0', instance, serial: 1, state: 'online' });
  connection.put('SHED.one.state', new TextEncoder().encode(state)).subscribe();
  const start = scheduler.now();
  /** A beat that was sent at that time of the agent's clock, which began with the test. */
  const beat = (clock: number) => publish('a7600.v1.SHED.beat', { clock, modems: 1, dropped: 0 });
  /** Lets time pass, with a beat each 2 s. */
  const beating = (ms: number, lag = 0) => {
    for (const end = scheduler.now() + ms; scheduler.now() < end; advance(2_000))
      beat(scheduler.now() - start - lag);
  };
  const presence = () => observe(fleet.modem('SHED/one').entry$).last.presence;
  /** The time in ms until it is gone. */
  const goneAfter = () => {
    let waited = 0;
    for (; presence() === 'present' && waited < 60_000; waited += 250) advance(250);
    return waited;
  };
  return { beat, beating, advance, presence, goneAfter, now: () => scheduler.now() - start };
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
