import { describe, expect, test } from 'vitest';
import { commandsSince, errorOf, observe, type World, world, write } from '../../test/world.js';
import { type KeepOnlineOptions, keepOnline, type RecoveryStep } from './keep-online.js';

/** A program that keeps a network open, and the steps that it took. */
function online(w: World, options: KeepOnlineOptions = {}) {
  const steps: RecoveryStep[] = [];
  const commands = w.commands;
  const networks = observe(
    keepOnline(w.module, {
      ...options,
      modem: {
        scheduler: w.scheduler,
        readyTimeout: 10_000,
        trace: (entry) => {
          if (entry.kind === 'command') commands.push(entry.text);
        },
        ...options.modem,
      },
      onStep: (step) => steps.push(step),
    }),
  );
  w.advance(5_000);
  return { networks, steps };
}

describe('a network that is kept online', () => {
  test('comes back after its bearer was lost, by opening again', () => {
    const w = world();
    const { networks, steps } = online(w);
    w.module.control.loseBearer();
    w.advance(5_000);
    expect(steps).toMatchObject([{ rung: 'link', attempt: 1, error: { code: 'NETWORK_LOST' } }]);
    expect(networks.values).toHaveLength(2);
    observe(w.outside.serve('10.3.0.1', 80));
    const socket = observe(networks.last.connect({ host: '10.3.0.1', port: 80 }));
    w.advance(100);
    expect(write(socket.last, 'hello').end).toBe('complete');
  });

  test('climbs the ladder while attempts fail, and says each rung (pain point 14)', () => {
    const w = world();
    let powered = 0;
    const { networks, steps } = online(w, {
      power: () => {
        powered += 1;
        w.module.control.surroundings.registration = 1;
        return [];
      },
    });
    const from = w.commands.length;
    w.module.control.surroundings.registration = 3;
    w.module.control.restart();
    w.advance(300_000);
    expect(steps.map(({ rung }) => rung)).toEqual(['link', 'link', 'bearer', 'radio', 'reset', 'power']);
    expect(steps[0]?.error).toMatchObject({ code: 'MODULE_RESTARTED' });
    expect(steps[1]?.error).toMatchObject({ code: 'NOT_READY', message: expect.stringMatching(/denied/) });
    expect(commandsSince(w, from).filter((text) => /CGATT=|CFUN=|CRESET/.test(text))).toEqual([
      'AT+CGATT=0',
      'AT+CGATT=1',
      'AT+CFUN=0',
      'AT+CFUN=1',
      'AT+CRESET',
    ]);
    expect(powered).toBe(1);
    expect(networks.values).toHaveLength(2);
  });

  test('begins at the foot of the ladder when it has been online for long', () => {
    const w = world();
    const { steps } = online(w);
    for (let loss = 0; loss < 4; loss++) {
      w.module.control.loseBearer();
      w.advance(120_000);
    }
    expect(steps.map(({ attempt, rung }) => [attempt, rung])).toEqual(Array(4).fill([1, 'link']));
  });

  test('gives up what it cannot change', () => {
    const w = world();
    const { networks, steps } = online(w, { network: { apn: 'a"b' } });
    expect(errorOf(networks)?.code).toBe('INVALID_ARGUMENT');
    expect(steps).toEqual([]);
  });

  test('tries a wrong PIN once', () => {
    const w = world({ surroundings: { sim: 'SIM PIN' } });
    const { networks } = online(w, { modem: { pin: '9999' } });
    w.advance(300_000);
    expect(errorOf(networks)?.code).toBe('PIN_REFUSED');
    expect(w.commands.filter((text) => text.startsWith('AT+CPIN='))).toEqual(['AT+CPIN="…"']);
  });

  test('unsubscribed, it closes everything and leaves nothing behind, also while it waits', () => {
    const w = world();
    const { networks } = online(w);
    w.module.control.unplug();
    networks.unsubscribe();
    w.advance(60_000);
    expect(w.scheduler.actions).toEqual([]);
  });
});
