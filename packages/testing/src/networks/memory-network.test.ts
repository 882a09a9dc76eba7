import { describe, expect, test } from 'vitest';
import { bytesOf, received } from '../../test/console.js';
import { memoryNetwork } from './memory-network.js';
import type { Connection, NetworkError } from './network.js';

describe('memoryNetwork', () => {
  test('joins the module and its remote servers', () => {
    const network = memoryNetwork();
    let far: Connection | undefined;
    let near: Connection | undefined;
    network.serve('a', 1).subscribe((connection) => (far = connection));
    network.connect({ host: 'a', port: 1 }).subscribe((connection) => (near = connection));
    const seen = received(far as Connection);
    (near as Connection).write(bytesOf('hi')).subscribe();
    expect(seen.text).toBe('hi');
    expect(near?.remote).toEqual({ host: 'a', port: 1 });
    expect(far?.remote).toEqual({ host: '10.0.0.2', port: 50_000 });
  });

  test('refuses where nobody listens, and a port that is in use', () => {
    const network = memoryNetwork();
    const failures: string[] = [];
    const error = (problem: NetworkError) => failures.push(problem.failure);
    network.connect({ host: 'a', port: 1 }).subscribe({ error });
    network.callIn(7).subscribe({ error });
    const first = network.listen(7).subscribe();
    network.listen(7).subscribe({ error });
    first.unsubscribe();
    network.listen(7).subscribe({ error });
    expect(failures).toEqual(['refused', 'refused', 'port-in-use']);
  });
});
