import { clientAccepted, csq } from '@a7600/at-codec';
import { config } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { errorOf, observe, openNetwork, world } from '../../test/world.js';
import { keepOnline } from '../recovery/keep-online.js';

const fails = () => {
  throw new Error('of the program');
};

describe('a callback of the program that throws', () => {
  const reported: unknown[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    reported.length = 0;
    config.onUnhandledError = (error) => reported.push(error);
  });
  afterEach(() => {
    vi.runAllTimers();
    vi.useRealTimers();
    config.onUnhandledError = null;
  });

  test.each([{ trace: fails }, { fullTrace: fails }, { onState: fails }])('%j changes nothing', (options) => {
    const w = world({}, options);
    const network = openNetwork(w);
    const asked = observe(network.modem.last.run(csq()));
    w.advance(1_000);
    vi.runAllTimers();
    expect([network.end, asked.values.length]).toEqual(['open', 1]);
    expect(reported[0]).toMatchObject({ message: 'of the program' });
  });

  test('as a descriptor, its subscriber gets the error, and the commands after it their answers', () => {
    const w = world();
    const { modem } = openNetwork(w);
    const clients = observe(modem.last.urc$({ ...clientAccepted, read: fails }));
    w.module.control.report('+CLIENT: 3,0,10.0.0.1:5000');
    const asked = observe(modem.last.run(csq()));
    w.advance(1_000);
    expect([errorOf(clients)?.message, asked.values.length]).toEqual(['of the program', 1]);
  });

  test.each([{ onStep: fails }, { onStatus: fails }])('%j does not end keepOnline', (options) => {
    const w = world();
    const life = observe(keepOnline(w.module, { modem: { scheduler: w.scheduler }, ...options }));
    w.advance(10_000);
    w.module.control.restart();
    w.advance(60_000);
    expect([life.end, life.values.length]).toEqual(['open', 2]);
  });
});
