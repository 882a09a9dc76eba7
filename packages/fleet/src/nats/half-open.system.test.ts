import { connect } from '@nats-io/transport-node';
import { filter, firstValueFrom, Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { proxy } from '../../test/chaos/proxy.js';
import { natsServer } from '../../test/processes/programs.js';
import type { Engine } from '../engine/engine.js';
import { natsEngine } from './nats-engine.js';

// A partition in which nothing is acknowledged: what the program has sent stays in its own buffers.

let open: Subscription;
beforeEach(() => {
  open = new Subscription();
});
afterEach(() => open.unsubscribe());

/** More than the operating system takes from a program whose peer reads nothing. */
const TOO_MUCH = 64;
const MEGABYTE = new Uint8Array(1_000_000);

const until = ({ connected$ }: Engine, connected: boolean) =>
  firstValueFrom(connected$.pipe(filter((is) => is === connected)));

test('a connection that is dead is made again, although what was sent over it never left', async () => {
  const server = await natsServer(open);
  const way = await proxy(open, server.port);
  const connection = await connect({
    servers: way.url,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
    pingInterval: 100,
    maxPingOut: 2,
    timeout: 300,
  });
  open.add(() => void connection.close());
  const engine = natsEngine(connection);
  way.cut('holds');
  for (let n = 0; n < TOO_MUCH; n++) engine.publish('somewhere', MEGABYTE);
  await until(engine, false);
  // While it lasts, in case that a new connection gets through.
  await expect.poll(() => way.dials).toBeGreaterThan(1);
  way.cut(undefined);
  await until(engine, true);
});
