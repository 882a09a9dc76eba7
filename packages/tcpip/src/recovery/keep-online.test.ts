import { TransportError } from '@a7600/transport';
import { switchMap, throwError } from 'rxjs';
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
        fullTrace: (entry) => {
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
    expect(steps).toMatchObject([{ level: 'link', attempt: 1, error: { code: 'NETWORK_LOST' } }]);
    expect(networks.values).toHaveLength(2);
    observe(w.outside.serve('10.3.0.1', 80));
    const socket = observe(networks.last.connect({ host: '10.3.0.1', port: 80 }));
    w.advance(100);
    expect(write(socket.last, 'hello').end).toBe('complete');
  });

  test('escalates while attempts fail, and says each level (pain point 14)', () => {
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
    w.module.control.surroundings.registration = 2;
    w.module.control.restart();
    w.advance(300_000);
    expect(steps.map(({ level }) => level)).toEqual(['link', 'link', 'bearer', 'radio', 'reset', 'power']);
    expect(steps[0]?.error).toMatchObject({ code: 'MODULE_RESTARTED' });
    expect(steps[1]?.error).toMatchObject({
      code: 'NOT_REGISTERED',
      message: expect.stringMatching(/searching/),
    });
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

  test('begins with the first level when it has been online for long', () => {
    const w = world();
    const { steps } = online(w);
    for (let loss = 0; loss < 4; loss++) {
      w.module.control.loseBearer();
      w.advance(120_000);
    }
    expect(steps.map(({ attempt, level }) => [attempt, level])).toEqual(Array(4).fill([1, 'link']));
  });

  test.each([
    ['the module restarts', (w: World) => w.module.control.restart()],
    ['the cable is pulled', (w: World) => w.module.control.unplug()],
    ['the bearer is lost', (w: World) => w.module.control.loseBearer()],
    [
      'the port comes back under another name',
      (w: World) => {
        w.module.control.losePort();
        w.scheduler.schedule(() => w.module.control.plug(), 30_000);
      },
    ],
    ['the network is refused for a while', (w: World) => w.module.control.loseBearer(60_000)],
  ])('a server in switchMap lives on when %s', (_, lose) => {
    const w = world();
    const servers = observe(
      keepOnline(w.module, { modem: { scheduler: w.scheduler } }).pipe(
        switchMap((network) => network.listen({ port: 7 })),
      ),
    );
    w.advance(5_000);
    expect(w.module.control.openServers).toBe(1);
    lose(w);
    w.advance(120_000);
    expect([servers.end, w.module.control.openServers]).toEqual(['open', 1]);
    const caller = observe(w.outside.callIn(7));
    w.advance(1_000);
    expect([caller.values.length, servers.values.length]).toEqual([1, 1]);
  });

  test('shows where it stands, and the modem that carries the network', () => {
    const w = world();
    const seen: string[] = [];
    const { networks } = online(w, {
      onStatus: ({ state, modem, step }) => seen.push(`${state} ${modem?.step ?? '-'} ${step?.level ?? '-'}`),
    });
    expect(networks.last.modem.identity?.model).toMatch(/A76/);
    w.module.control.loseBearer();
    w.advance(5_000);
    expect(seen[0]).toBe('opening - -');
    expect(seen).toContain('opening waiting for registration -');
    expect(seen).toContain('online ready -');
    expect(seen).toContain('waiting - link');
    expect(seen.at(-1)).toBe('online ready link');
  });

  test('gives up a module that restarts again and again, says so, and goes on with the next level', () => {
    const w = world({ surroundings: { registration: 2 } });
    const { steps } = online(w, { modem: { readyTimeout: 90_000 }, power: () => [] });
    const restarting = w.module.control.restartRepeatedly([7_000, 7_000]);
    w.advance(600_000);
    expect(steps.slice(0, 3).map(({ level, error }) => [level, (error as { code?: string }).code])).toEqual([
      ['link', 'RESTART_LOOP'],
      ['link', 'RESTART_LOOP'],
      ['power', 'RESTART_LOOP'],
    ]);
    expect(steps[0]?.error).toMatchObject({
      message: expect.stringMatching(/restarted 1\d times in 9\d s .* supply/),
    });
    restarting();
  });

  test.each([5_000, 70_000])(
    'tells a module that restarts %d ms after the network is open as a loop, and goes on with the next level',
    (after) => {
      const w = world({ whenClosed: 'goes on' });
      const steps: RecoveryStep[] = [];
      let powered = 0;
      keepOnline(w.module, {
        modem: { scheduler: w.scheduler },
        power: () => {
          powered += 1;
          return [];
        },
        onStep: (step) => steps.push(step),
      }).subscribe(() => w.scheduler.schedule(() => w.module.control.restart(), after));
      w.advance(3_600_000);
      const codes = steps.map(({ error }) => (error as { code?: string }).code);
      expect(codes.slice(0, 4)).toEqual([...Array(3).fill('MODULE_RESTARTED'), 'RESTART_LOOP']);
      expect(new Set(codes.slice(3))).toEqual(new Set(['RESTART_LOOP']));
      expect(steps[3]?.error).toMatchObject({
        message: expect.stringMatching(/restarted 4 times in \d+ s although/),
      });
      // At once, after 15 minutes and after 30 more.
      expect(powered).toBe(3);
    },
  );

  test('does not count restarts that a command has asked for', () => {
    const w = world();
    const { networks, steps } = online(w);
    for (let time = 0; time < 6; time++) {
      observe(networks.last.modem.raw('AT+CRESET'));
      w.advance(120_000);
    }
    expect(steps.map(({ error }) => (error as { code?: string }).code)).toEqual(
      Array(6).fill('MODULE_RESTARTED'),
    );
  });

  test('ends with what prepare() may not send', () => {
    const w = world();
    const { networks, steps } = online(w, { prepare: (modem) => modem.raw('AT+CMGF=1;+CMGS="+491700001"') });
    w.advance(60_000);
    expect(errorOf(networks)).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(steps).toEqual([]);
  });

  test('ends after the time that it is given for what only a person can change', () => {
    const w = world();
    const busy$ = throwError(() => new TransportError('PORT_BUSY', 'held by another program'));
    const steps: RecoveryStep[] = [];
    const life = observe(
      keepOnline(busy$, {
        modem: { scheduler: w.scheduler },
        reconnect: { giveUpAfter: 600_000 },
        power: () => {
          throw new Error('the power was cut');
        },
        onStep: (step) => steps.push(step),
      }),
    );
    w.advance(700_000);
    expect(errorOf(life)?.code).toBe('PORT_BUSY');
    expect(new Set(steps.map(({ level, waitsFor }) => `${level} ${waitsFor}`))).toEqual(
      new Set(['link port']),
    );
    expect(steps.length).toBeLessThan(50);
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

  test('unsubscribed, it closes everything and leaves nothing open, also while it waits', () => {
    const w = world();
    const { networks } = online(w);
    w.module.control.unplug();
    networks.unsubscribe();
    w.advance(60_000);
    expect(w.scheduler.actions).toEqual([]);
  });
});
