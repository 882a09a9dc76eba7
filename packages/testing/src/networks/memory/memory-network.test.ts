import { describe, expect, test } from 'vitest';
import { bytesOf, now, observe, received } from '../../../test/observing.js';
import { memoryNetwork } from './memory-network.js';

describe('memoryNetwork', () => {
  test('joins the module with remote servers, which it adds by address or name', () => {
    const network = memoryNetwork();
    const servers = ['a', '117.131.85.139'].map((host) => observe(network.serve(host, 1)));
    const near = now(network.connect({ host: 'a', port: 1 }));
    const seen = received(servers[0]?.values[0] ?? near);
    near.write(bytesOf('hi')).subscribe();
    expect(seen.text).toBe('hi');
    expect(near.remote).toEqual({ host: '10.1.0.1', port: 1 });
    expect(servers[0]?.values[0]?.remote).toEqual({ host: '10.0.0.2', port: 50_000 });
    expect(now(network.connect({ host: '117.131.85.139', port: 1 })).remote.host).toBe('117.131.85.139');
  });

  test('calls in, and is refused where the module does not listen', () => {
    const network = memoryNetwork();
    expect(observe(network.callIn(7)).end).toEqual({ error: 'refused' });
    const { connections$ } = now(network.listen(7));
    const accepted = observe(connections$);
    expect(now(network.callIn(7)).remote).toEqual({ host: '10.0.0.2', port: 7 });
    expect(accepted.values[0]?.remote).toEqual({ host: '10.0.0.1', port: 50_001 });
  });

  test('keeps nothing on the path: a peer that does not read holds the writer back', () => {
    const network = memoryNetwork();
    const server = observe(network.serve('a', 1));
    const near = now(network.connect({ host: 'a', port: 1 }));
    const written = observe(near.write(bytesOf('x')));
    expect(written.end).toBe('open');
    received(server.values[0] ?? near);
    expect(written.end).toBe('complete');
  });
});
