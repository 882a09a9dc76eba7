import { concat, NEVER, of, Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { observe } from '../../test/world.js';
import { Lifetime } from './lifetime.js';

function tree() {
  const scheduler = new VirtualTimeScheduler();
  const log: string[] = [];
  const root = Lifetime.root(scheduler);
  const noting = (what: string) => () => {
    log.push(what);
    return of(what);
  };
  return { scheduler, log, root, noting };
}

test('children are released before their parent, the latest action first', () => {
  const { scheduler, log, root, noting } = tree();
  root.onRelease(noting('network'));
  root.onRelease(noting('before the network'));
  const server = root.child();
  server.onRelease(noting('server'));
  server.child().onRelease(noting('socket'));
  const released = observe(root.release());
  expect([root.ending, log]).toEqual([true, []]);
  scheduler.flush();
  expect(log).toEqual(['socket', 'server', 'before the network', 'network']);
  expect(released.end).toBe('complete');
});

test('a parent waits for its children, and goes on when one of them fails', () => {
  const { scheduler, log, root, noting } = tree();
  const slow = new Subject<void>();
  root.onRelease(noting('parent'));
  root.child().onRelease(() =>
    concat(
      throwError(() => new Error('no')),
      NEVER,
    ),
  );
  root.child().onRelease(() => slow);
  root.release();
  scheduler.flush();
  expect(log).toEqual([]);
  slow.complete();
  expect(log).toEqual(['parent']);
});

test('in whatever order nodes are released, everything is released once', () => {
  const { scheduler, log, root, noting } = tree();
  const child = root.child();
  child.onRelease(noting('child'));
  child.release();
  const releases = [root.release(), root.release(), child.release()].map(observe);
  scheduler.flush();
  expect(log).toEqual(['child']);
  expect(releases.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete']);
});
