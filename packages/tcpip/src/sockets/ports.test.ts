import { NEVER } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { observe } from '../../test/world.js';
import { Lifetime } from '../base/lifetime.js';
import { Ports } from './ports.js';

const { scheduler, advance } = virtualTime();
const root = () => Lifetime.root(scheduler);

describe('a local port', () => {
  test('is had at once, unless the one that had it is giving it back', () => {
    const ports = new Ports();
    const [first, second, third] = [root(), root(), root()];
    const take = (lifetime: Lifetime, kind: 'tcp' | 'udp' = 'tcp', port = 7) =>
      observe(ports.take(kind, port, lifetime)).end;
    expect([take(first), take(second)]).toEqual(['complete', 'complete']);
    second.onRelease(() => NEVER);
    second.release();
    expect([take(third, 'udp'), take(third, 'tcp', 8), take(third)]).toEqual([
      'complete',
      'complete',
      'open',
    ]);
  });

  test('is had when that has given it back', () => {
    const ports = new Ports();
    const first = root();
    ports.take('udp', 7, first).subscribe();
    first.release();
    const taken = observe(ports.take('udp', 7, root()));
    expect(taken.end).toBe('open');
    advance(0);
    expect(taken.end).toBe('complete');
  });
});
