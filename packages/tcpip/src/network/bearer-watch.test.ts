import { switchMap } from 'rxjs';
import { describe, expect, test } from 'vitest';
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
const CHECKS: readonly (readonly [string, NetworkCheck])[] = [
  ['name', { resolve: 'example.com', every: 5 * MINUTE }],
  ['connection', { connect: { host: '10.3.0.9', port: 80 }, every: 5 * MINUTE }],
];

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

  test.each(CHECKS)('when a check by %s fails twice', (_, check) => {
    const w = answering();
    const network = openNetwork(w, { check });
    w.advance(MINUTE);
    w.module.control.stallBearer();
    w.advance(7 * MINUTE);
    expect(errorOf(network)).toMatchObject({
      code: 'BEARER_STALLED',
      message: expect.stringContaining('a check failed twice'),
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
    const cost = 'resolve' in check ? 200 : 300;
    expect((traffic.last as Traffic).checks).toBe(12 * cost);
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
