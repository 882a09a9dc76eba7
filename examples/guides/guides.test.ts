import { cfun, csclk } from '@a7600/at-codec';
import { modem } from '@a7600/tcpip';
import { ok, type VirtualModule } from '@a7600/testing';
import { moduleFixture } from '@a7600/testing/vitest';
import { concat, filter, first, switchMap, take } from 'rxjs';
import { test as base, expect } from 'vitest';
import { ask } from './ask.js';
import { greet } from './greet.js';
import { sleep, wake } from './save-power.js';
import { supplyVoltage } from './supply-voltage.js';
import { askTransparently } from './transparent.js';
import { who } from './who.js';

const battery = { command: '+CBC', execute: () => ok('+CBC: 3.812V') };
const test = base.extend<{ module: VirtualModule }>({
  module: moduleFixture({ behaviours: [battery] }),
});

/** Sends each chunk back in capitals. */
function shout({ network }: VirtualModule): void {
  network.serve('example.com', 4000).subscribe((client) => {
    client.received$.subscribe((bytes) =>
      client.write(new TextEncoder().encode(new TextDecoder().decode(bytes).toUpperCase())).subscribe(),
    );
  });
}

test('sockets', ({ module }) => {
  shout(module);
  expect(module.run(ask(module.transport, 'hello', module.scheduler))).toEqual(['HELLO\n']);
});

test('servers', ({ module: { elapse, network, scheduler, transport } }) => {
  const server = greet(transport, scheduler).subscribe();
  elapse(10_000);
  let heard = '';
  let ended = false;
  network.callIn(2323).subscribe((client) => {
    client.received$.subscribe({
      next: (bytes) => {
        heard += new TextDecoder().decode(bytes);
      },
      complete: () => {
        ended = true;
      },
    });
  });
  elapse(10_000);
  expect(heard).toBe('Hello, 10.0.0.1.\n');
  expect(ended).toBe(true);
  server.unsubscribe();
});

test('transparent mode', ({ module }) => {
  shout(module);
  const answers = module.run(askTransparently(module.transport, 'hello', module.scheduler));
  expect(answers.join('')).toBe('HELLO\n');
});

test('a command of your own', ({ module: { run, scheduler, transport } }) => {
  const voltage$ = modem(transport, { scheduler }).pipe(
    switchMap((m) => m.run(supplyVoltage())),
    first(),
  );
  expect(run(voltage$)).toEqual([3.812]);
});

test('low power', ({ module: { run, scheduler, transport } }) => {
  const functionality$ = modem(transport, { scheduler }).pipe(
    switchMap((m) =>
      concat(
        sleep(m),
        m.run(cfun.read()),
        m.run(csclk.read()),
        wake(m),
        m.run(cfun.read()),
        m.run(csclk.read()),
      ),
    ),
    filter((value) => value !== undefined),
    take(4),
  );
  expect(run(functionality$)).toEqual([4, 1, 1, 0]);
});

test('which module', ({ module: { run, scheduler, transport } }) => {
  expect(run(who(transport, scheduler))).toEqual([expect.stringMatching(/^\S.* A7672SA-FASE, \S+$/)]);
});
