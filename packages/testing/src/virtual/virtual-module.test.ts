import { EMPTY, NEVER, of, switchMap, throwError, timer } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { bytesOf, textOf } from '../../test/console.js';
import { moduleFixture } from '../vitest/module-fixture.js';
import { onVirtualModule } from './on-virtual-module.js';
import { type VirtualModuleOptions, virtualModule } from './virtual-module.js';

/** What a module answers to a line, and the faults that fired. */
function dialogue(options: VirtualModuleOptions, line = 'AT') {
  const { control, elapse, transport } = virtualModule(options);
  let printed = '';
  const port = transport.subscribe((link) => {
    link.received$.subscribe((bytes) => (printed += textOf(bytes)));
    link.write(bytesOf(`${line}\r`)).subscribe();
  });
  elapse(10_000);
  port.unsubscribe();
  return { printed, counts: control.faults.counts };
}

test('the module answers', () => {
  expect(dialogue({}).printed).toContain('OK\r\n');
});

describe('faults are named', () => {
  test('by their kind', () => {
    const { counts, printed } = dialogue({ faults: { lostAnswer: 1 } });
    expect(printed).not.toContain('OK');
    expect(counts.lostAnswer).toBe(1);
  });

  test('by their group', () => {
    const { counts } = dialogue({ faults: { silence: 1 } });
    expect(counts.lostCommand).toBe(1);
  });

  test('a kind counts before its group', () => {
    const { counts } = dialogue({ faults: { silence: 1, lostCommand: 0 } });
    expect(counts.lostCommand).toBe(0);
    expect(counts.lostAnswer).toBe(1);
  });
});

test('the same seed gives the same run', () => {
  const run = () => dialogue({ seed: 5, faults: { conditions: 0.5, noise: 0.1 } }, 'ATI');
  expect(run()).toEqual(run());
});

test('without a seed, it draws one', () => {
  expect(virtualModule().seed).not.toBe(virtualModule().seed);
});

describe('run', () => {
  test('returns what an observable emitted', () => {
    const { run, scheduler } = virtualModule();
    expect(run(timer(5_000, scheduler).pipe(switchMap(() => of('a', 'b'))))).toEqual(['a', 'b']);
    expect(scheduler.now()).toBe(5_000);
  });

  test('throws its error', () => {
    expect(() => virtualModule().run(throwError(() => new Error('refused')))).toThrow('refused');
  });

  test('gives up after the time', () => {
    const { run, scheduler } = virtualModule();
    expect(() => run(NEVER, 1_000)).toThrow('It did not complete within 1000 ms of virtual time.');
    expect(scheduler.now()).toBe(1_000);
  });
});

describe('onVirtualModule', () => {
  test('passes when everything is released', async () => {
    await onVirtualModule(({ run, transport }) => {
      transport.subscribe().unsubscribe();
      run(EMPTY);
    })();
  });

  test('reports a port that is left open', async () => {
    const leaking = onVirtualModule(({ transport }) => transport.subscribe(), { seed: 7 });
    await expect(leaking()).rejects.toThrow(/^The test left something open: the port is open: .*\nSeed 7: /);
  });

  test('reports a network that is left open', async () => {
    const leaking = onVirtualModule(
      ({ elapse, transport }) => {
        const port = transport.subscribe((link) => link.write(bytesOf('AT+NETOPEN\r')).subscribe());
        elapse(10_000);
        port.unsubscribe();
      },
      { whenClosed: 'goes on' },
    );
    await expect(leaking()).rejects.toThrow('The test left something open: the network is open.');
  });

  test('names the seed of a test that fails', async () => {
    const failing = onVirtualModule(
      async () => {
        throw new Error('wrong');
      },
      { seed: 7 },
    );
    await expect(failing()).rejects.toThrow('wrong\nSeed 7: the same run again with { seed: 7 }.');
  });
});

describe('moduleFixture', () => {
  test('gives a module, and checks it after the test', async () => {
    const fixture = moduleFixture({ seed: 7 });
    const onTestFailed = vi.fn();
    await fixture({ onTestFailed }, async ({ seed }) => expect(seed).toBe(7));
    await expect(
      fixture({ onTestFailed }, async ({ transport }) => void transport.subscribe()),
    ).rejects.toThrow('the port is open');
  });

  test('prints the seed of a test that fails', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    try {
      await moduleFixture({ seed: 7 })({ onTestFailed: (callback) => callback() }, async () => {});
      expect(printed).toHaveBeenCalledWith('Seed 7: the same run again with { seed: 7 }.');
    } finally {
      printed.mockRestore();
    }
  });
});
