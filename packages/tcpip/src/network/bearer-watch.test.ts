import { refuse } from '@a7600/testing';
import { switchMap, tap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import { connection } from '../../test/fixtures.js';
import {
  commandsSince,
  errorOf,
  observe,
  openNetwork,
  textOf,
  type World,
  world,
  write,
} from '../../test/world.js';
import { keepOnline, type RecoveryStep } from '../recovery/keep-online.js';
import type { Traffic } from '../watch/traffic.js';
import type { NetworkCheck } from './check.js';
import type { NetworkOptions } from './options.js';

const INTERVAL = 60_000;
const MINUTE = 60_000;
/** The module gives up a connection after that time. */
const IMPATIENT: NetworkOptions = { timeouts: { cipOpen: 20_000 } };
const BY_NAME: NetworkCheck = { resolve: 'example.com', every: 5 * MINUTE };
const BY_CONNECTION: NetworkCheck = { connect: { host: '10.3.0.9', port: 80 }, every: 5 * MINUTE };
const CHECKS: readonly (readonly [string, NetworkCheck])[] = [
  ['name', BY_NAME],
  ['connection', BY_CONNECTION],
];
/** A host that exists and does not answer. */
const DOWN: NetworkCheck = { connect: { host: '10.3.0.8', port: 80 } };

/** A world that answers the checks. */
function answering(options?: Parameters<typeof world>[0]): World {
  const w = world(options);
  w.outside.serve('example.com', 80).subscribe();
  w.outside.serve('10.3.0.9', 80).subscribe((connection) => connection.received$.subscribe());
  return w;
}

describe('a bearer that carries nothing ends the network', () => {
  test('when connections to several hosts get no answer for a minute', () => {
    const w = world();
    const network = openNetwork(w, IMPATIENT);
    w.module.control.stallBearer();
    for (const host of ['10.3.0.1', '10.3.0.2']) observe(network.last.connect({ host, port: 80 }));
    w.advance(MINUTE - 10_000);
    expect(network.end).toBe('open');
    w.advance(20_000);
    expect(errorOf(network)).toMatchObject({
      code: 'BEARER_STALLED',
      message: expect.stringMatching(
        /^No data has passed for 6\d s \(2 hosts did not answer\).*signal \d+ of 31/,
      ),
    });
  });

  test('when bytes for several hosts are not acknowledged', () => {
    const w = world();
    const network = openNetwork(w);
    const sockets = ['10.3.0.1', '10.3.0.2'].map((host) => connection(w, network, host).socket);
    w.module.control.stallBearer();
    for (const socket of sockets) write(socket.last, 'hello');
    w.advance(4 * INTERVAL);
    expect([network, ...sockets].map((observed) => errorOf(observed)?.code)).toEqual(
      Array(3).fill('BEARER_STALLED'),
    );
  });

  test('when a check fails twice, and the name servers are silent as well', () => {
    const w = answering();
    const network = openNetwork(w, { check: BY_CONNECTION });
    w.advance(MINUTE);
    w.module.control.stallBearer();
    w.advance(7 * MINUTE);
    expect(errorOf(network)).toMatchObject({
      code: 'BEARER_STALLED',
      message: expect.stringContaining(
        '(2 hosts did not answer; connecting to 10.3.0.9:80 failed twice: no answer within 30 s)',
      ),
    });
  });

  test('when a check by name fails twice, as far as that tells', () => {
    const w = answering();
    const network = openNetwork(w, { check: BY_NAME });
    w.advance(MINUTE);
    w.module.control.stallBearer();
    w.advance(7 * MINUTE);
    expect(errorOf(network)).toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('(looking up "example.com" failed twice: no answer)'),
    });
  });
});

describe('the network goes on', () => {
  test('when a single host does not answer, however often', () => {
    const w = world();
    const network = openNetwork(w, IMPATIENT);
    w.module.control.stallBearer();
    for (let attempt = 0; attempt < 20; attempt++) {
      observe(network.last.connect({ host: '10.3.0.1', port: 80 }));
      w.advance(30_000);
    }
    expect(network.end).toBe('open');
  });

  test('when several hosts refuse at once', () => {
    const w = world();
    const network = openNetwork(w);
    for (let attempt = 0; attempt < 20; attempt++) {
      observe(network.last.connect({ host: `10.3.0.${attempt}`, port: 80 }));
      w.advance(30_000);
    }
    expect(network.end).toBe('open');
  });

  test('when one host is mute and another one answers', () => {
    const w = world();
    const network = openNetwork(w, IMPATIENT);
    const { far, socket } = connection(w, network, '10.3.0.7');
    const received = observe(socket.last.received$);
    w.module.control.surroundings.registration = 1;
    for (const host of ['10.3.0.1', '10.3.0.2', '10.3.0.3']) w.outside.host(host);
    for (let attempt = 0; attempt < 20; attempt++) {
      write(far, 'x');
      w.advance(30_000);
    }
    expect([network.end, textOf(received.values)]).toEqual(['open', 'x'.repeat(20)]);
  });

  test('when nothing passes for a while that is shorter', () => {
    const w = world();
    const network = openNetwork(w);
    const { far, socket, arrived } = connection(w, network);
    w.module.control.stallBearer(30_000);
    write(socket.last, 'hello');
    w.advance(10 * INTERVAL);
    expect([network.end, textOf(arrived.values)]).toEqual(['open', 'hello']);
    write(far, 'back');
  });

  test.each(CHECKS)('when a check by %s passes', (_, check) => {
    const w = answering();
    const network = openNetwork(w, { check });
    const traffic = observe(network.modem.last.traffic$);
    w.advance(61 * MINUTE);
    expect(network.end).toBe('open');
    // With a connection, the name servers are asked once.
    const cost = 'resolve' in check ? 12 * 200 : 12 * 300 + 200;
    expect((traffic.last as Traffic).checks).toBe(cost);
    expect([w.module.control.openLinks, traffic.last.retries]).toEqual([0, 0]);
  });

  test('and nothing is sent for a check without being asked for', () => {
    const w = world();
    const network = openNetwork(w);
    const from = w.commands.length;
    w.advance(60 * MINUTE);
    expect(network.end).toBe('open');
    expect(commandsSince(w, from).filter((text) => /CIPOPEN=|CDNSGIP|CPING/.test(text))).toEqual([]);
  });

  test('while data is received, without a check', () => {
    const w = answering();
    const network = openNetwork(w, { check: { resolve: 'example.com', every: 5 * MINUTE } });
    const { far, socket } = connection(w, network, '10.3.0.7');
    observe(socket.last.received$);
    const from = w.commands.length;
    for (let minute = 0; minute < 30; minute++) {
      write(far, 'x');
      w.advance(MINUTE);
    }
    expect(commandsSince(w, from).filter((text) => text.startsWith('AT+CDNSGIP'))).toEqual([]);
  });
});

describe('a check that fails although data passes does not take the module down', () => {
  const DAY = 24 * 60 * MINUTE;
  const CALLS = effort(12, 96);
  const PAUSE = 15 * MINUTE;

  /** A server under `keepOnline` that is called every 15 minutes. */
  function served(check: NetworkCheck, emulated: Parameters<typeof world>[0] = {}) {
    const w = answering({ whenClosed: 'goes on', ...emulated });
    w.outside.host('10.3.0.8').vanish();
    const steps: RecoveryStep[] = [];
    const found: unknown[] = [];
    const calls = { made: 0, served: 0, powered: 0 };
    keepOnline(w.module, {
      modem: { scheduler: w.scheduler },
      check,
      power: () => {
        calls.powered += 1;
        return [];
      },
      onStep: (step) => steps.push(step),
    })
      .pipe(
        tap(({ modem }) => modem.discrepancies$.subscribe((discrepancy) => found.push(discrepancy))),
        switchMap((network) => network.listen({ port: 7 })),
      )
      .subscribe((client) => client.received$.subscribe({ error: () => {} }));
    for (; calls.made < CALLS; calls.made++) {
      w.advance(PAUSE);
      w.outside.callIn(7).subscribe({
        next: (link) => {
          calls.served += 1;
          link.received$.subscribe({ error: () => {} });
          w.scheduler.schedule(() => link.close().subscribe(), 5_000);
        },
        error: () => {},
      });
    }
    return {
      steps: steps.map(({ level, error }) => [level, (error as { code?: string }).code]),
      found,
      calls,
    };
  }

  test('when its host is down', () => {
    const { steps, found, calls } = served(DOWN);
    expect([steps, calls]).toEqual([[], { made: CALLS, served: CALLS, powered: 0 }]);
    expect(found).toEqual([
      {
        kind: 'check failed',
        reason: 'connecting to 10.3.0.8:80 failed twice: the module answered "+CIPOPEN: 9,10"',
        action: 'left alone',
      },
    ]);
  });

  test.each<[string, NetworkCheck]>([
    ['its host refuses', { connect: { host: '10.3.0.9', port: 81 } }],
    ['its name does not exist', { resolve: 'misspelt.example' }],
    ['the name of its host does not exist', { connect: { host: 'misspelt.example', port: 80 } }],
  ])('when %s, which is an answer', (_, check) => {
    const { steps, found, calls } = served(check);
    expect([steps, found, calls.served]).toEqual([[], [], CALLS]);
  });

  test('more than once when no name servers can be asked', () => {
    const { steps, calls } = served(DOWN, { behaviours: [{ command: '+CDNSGIP', write: () => refuse() }] });
    expect([steps, calls]).toEqual([[['link', 'CHECK_FAILED']], { made: CALLS, served: CALLS, powered: 0 }]);
  });

  test('but by attaching it again, where nothing else is known, at growing pauses', () => {
    const w = world({ whenClosed: 'goes on', behaviours: [{ command: '+CDNSGIP', write: () => refuse() }] });
    w.outside.host('10.3.0.8').vanish();
    const steps: RecoveryStep[] = [];
    keepOnline(w.module, {
      modem: { scheduler: w.scheduler },
      check: DOWN,
      power: () => [],
      onStep: (step) => steps.push(step),
    }).subscribe();
    w.advance(DAY);
    expect(new Set(steps.map(({ error }) => (error as { code?: string }).code))).toEqual(
      new Set(['CHECK_FAILED']),
    );
    expect(new Set(steps.map(({ level }) => level))).toEqual(new Set(['link', 'bearer']));
    expect(steps.length).toBeLessThan(12);
  });
});

test.each([
  { resolve: 'a"b' },
  { connect: { host: 'example.com', port: 0 } },
  { resolve: 'example.com', every: 1_000 },
])('a check that cannot be made is refused: %j', (check) => {
  const w = world();
  expect(errorOf(openNetwork(w, { check }))?.code).toBe('INVALID_ARGUMENT');
});

test('keepOnline escalates until data passes again, also where nothing ever passed in between', () => {
  const w = answering({ whenClosed: 'goes on' });
  const steps: RecoveryStep[] = [];
  w.module.control.events$.subscribe((event) => {
    if (event.kind === 'command' && event.text === 'AT+CFUN=1') w.module.control.releaseBearer();
  });
  const servers = observe(
    keepOnline(w.module, {
      modem: { scheduler: w.scheduler },
      check: { connect: { host: '10.3.0.9', port: 80 }, every: 2 * MINUTE },
      onStep: (step) => steps.push(step),
    }).pipe(switchMap((network) => network.listen({ port: 7 }))),
  );
  w.advance(MINUTE);
  w.module.control.stallBearer();
  w.advance(60 * MINUTE);
  expect(steps.map(({ level, error }) => [level, (error as { code?: string }).code])).toEqual(
    ['link', 'link', 'bearer', 'radio'].map((level) => [level, 'BEARER_STALLED']),
  );
  expect([servers.end, w.module.control.openServers]).toEqual(['open', 1]);
});

test('keepOnline escalates at growing pauses when name servers that have answered fall silent', () => {
  const w = answering({ whenClosed: 'goes on' });
  const steps: RecoveryStep[] = [];
  const times: number[] = [];
  w.module.control.events$.subscribe((event) => {
    if (event.kind === 'command' && event.text === 'AT+CFUN=1') w.module.control.releaseBearer();
  });
  const servers = observe(
    keepOnline(w.module, {
      modem: { scheduler: w.scheduler },
      check: { resolve: 'example.com', every: 5 * MINUTE },
      onStep: (step) => {
        steps.push(step);
        times.push(Math.round(w.scheduler.now() / MINUTE));
      },
    }).pipe(switchMap((network) => network.listen({ port: 7 }))),
  );
  w.advance(6 * MINUTE);
  w.module.control.stallBearer();
  w.advance(6 * 60 * MINUTE);
  expect(steps.map(({ level, error }) => [level, (error as { code?: string }).code])).toEqual(
    ['link', 'link', 'bearer', 'radio'].map((level) => [level, 'BEARER_STALLED']),
  );
  expect(times.slice(1).map((time, index) => time - (times[index] as number) > 4)).toEqual([
    true,
    true,
    true,
  ]);
  expect([servers.end, w.module.control.openServers]).toEqual(['open', 1]);
});
