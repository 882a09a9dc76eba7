import { config, firstValueFrom, switchMap } from 'rxjs';
import { expect, onTestFinished, test } from 'vitest';
import { caller, connected } from '../test/fixtures.js';
import { errorOf, observe, openNetwork, textOf, world, write } from '../test/world.js';

test('a socket that outlived its subscription says so, and what to do', async () => {
  const w = world();
  const { last } = openNetwork(w);
  observe(w.outside.serve('example.com', 80));
  const promised = firstValueFrom(last.connect({ host: 'example.com', port: 80 }));
  w.advance(1_000);
  const socket = await promised;
  w.advance(1_000);
  expect(errorOf(write(socket, 'x'))).toMatchObject({
    code: 'LINK_CLOSED',
    message: expect.stringMatching(/released because its subscription ended.*open\(\)/),
  });
});

test('switchMap after listen leaves the client before the last one connected, without a handler', () => {
  const w = world();
  const { last } = openNetwork(w);
  const handled = observe(last.listen({ port: 7 }).pipe(switchMap((client) => client.received$)));
  const [one, two] = [caller(w), caller(w)];
  w.advance(100);
  write(one.link, 'one');
  write(two.link, 'two');
  w.advance(100);
  expect([one.end, two.end, textOf(handled.values)]).toEqual(['open', 'open', 'two']);
});

test('two users of one network do not disturb each other, and each gives back its own', () => {
  const w = world();
  const { last } = openNetwork(w);
  observe(w.outside.serve('example.com', 80));
  const users = [0, 1].map(() => observe(last.connect({ host: 'example.com', port: 80 })));
  w.advance(100);
  users[0]?.unsubscribe();
  w.advance(1_000);
  expect(w.module.control.openLinks).toBe(1);
  expect(users[1]?.end).toBe('open');
});

test('an error in a subscriber’s own code is reported as unhandled, and ends that subscription only', async () => {
  const reported: unknown[] = [];
  onTestFinished(() => {
    config.onUnhandledError = null;
  });
  config.onUnhandledError = (error) => reported.push(error);
  const w = world();
  const { network, socket, far } = connected(w);
  const mistake = new Error('a mistake of the program');
  socket.last.received$.subscribe(() => {
    throw mistake;
  });
  const other = observe(socket.last.received$);
  for (const text of ['one', 'two']) {
    write(far, text);
    w.advance(1_000);
  }
  // RxJS reports it in a turn of its own.
  await new Promise((resolve) => setImmediate(() => setTimeout(resolve)));
  expect(reported).toContain(mistake);
  expect([textOf(other.values), socket.end, network.end]).toEqual(['onetwo', 'open', 'open']);
});
