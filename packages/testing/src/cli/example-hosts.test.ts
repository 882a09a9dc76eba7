import { concat, lastValueFrom, map, mergeMap, scan } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { memoryNetwork } from '../networks/memory/memory-network.js';
import { withExampleHosts } from './example-hosts.js';

/** A network in which these names are hosts of their own, which do not listen. */
function outside() {
  const network = memoryNetwork();
  network.host('example.com');
  network.host('other.test');
  return network;
}
const addressOf = (name: string, ...allow: string[]) =>
  lastValueFrom(withExampleHosts(outside(), allow).resolve(name));

describe('example.com and example.org', () => {
  test.each(['example.com', 'Example.ORG'])('%s is within the emulator', async (name) => {
    expect(await addressOf(name)).toEqual(['192.0.2.1']);
    expect(await addressOf(name, 'other.test:80')).toEqual(['192.0.2.1']);
  });

  test.each(['*:80', 'example.com:80', '*:*'])('--allow %s leaves the real one', async (rule) => {
    expect(await addressOf('example.com', rule)).toEqual(['10.1.0.1']);
  });

  test('other hosts stay', async () => {
    expect(await addressOf('other.test')).toEqual(['10.1.0.2']);
    const network = withExampleHosts(outside(), []);
    await expect(lastValueFrom(network.connect({ host: 'other.test', port: 80 }))).rejects.toMatchObject({
      failure: 'refused',
    });
  });
});

test.each(['example.com', '192.0.2.1'])(
  '%s:80 answers a request that comes in chunks, and hangs up',
  async (host) => {
    const network = withExampleHosts(outside(), []);
    const page$ = network.connect({ host, port: 80 }).pipe(
      mergeMap((link) => {
        concat(link.write('GET / HTTP/1.0\r\n'), link.write('\r\n')).subscribe();
        return link.received$.pipe(map((bytes) => new TextDecoder().decode(bytes)));
      }),
      scan((all, text) => all + text, ''),
    );
    expect(await lastValueFrom(page$)).toMatch(
      /^HTTP\/1\.0 200 OK\r\n.*nothing has left this computer\.\n$/s,
    );
  },
);

test('another port of it refuses', async () => {
  const network = withExampleHosts(outside(), []);
  await expect(lastValueFrom(network.connect({ host: 'example.com', port: 81 }))).rejects.toMatchObject({
    failure: 'refused',
  });
});
