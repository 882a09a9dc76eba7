import { createServer } from 'node:http';
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import { Subscription } from 'rxjs';
import { expect, test } from 'vitest';
import { listening } from '../../tcpip/test/online.js';
import { fetchThroughRoof } from '../examples/desk.js';
import { offer } from '../examples/roof.js';
import { natsServer } from '../test/processes/programs.js';

test('the programs of the README: a page is fetched through a modem of another program', async () => {
  const open = new Subscription();
  try {
    const server = await natsServer(open);
    const web = createServer((_, answer) => answer.end('through the roof'));
    const port = await listening(web);
    open.add(() => void web.close());
    const offered$ = offer(server.url, emulator({ network: hostNetwork() }));
    await new Promise((resolve, reject) => {
      open.add(offered$.subscribe({ next: resolve, error: reject }));
    });
    expect(await fetchThroughRoof(server.url, port)).toBe('through the roof');
  } finally {
    open.unsubscribe();
  }
});
