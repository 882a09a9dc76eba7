import { createHash } from 'node:crypto';
import type { Emulator, EmulatorOptions } from '@a7600/testing';
import { filter, firstValueFrom, Subscription, skip, timeout } from 'rxjs';
import { modemConnect } from '../../src/node/index.js';
import { type StayingOnline, stayingOnline } from '../online.js';
import type { Client, Route, Session } from './client.js';
import { relay } from './relay.js';

/** What is done with each client. */
export const SCENARIOS = ['volume', 'ten', 'outage', 'abort', 'hang-up', 'uart'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** What can be done with a client: who visits the modem, and a datagram, cannot hang up. */
export function scenariosOf({ datagrams, role }: Client): readonly Scenario[] {
  return SCENARIOS.filter((scenario) => scenario !== 'hang-up' || (datagrams !== true && role !== 'server'));
}

/** How much. */
export interface Volume {
  readonly one: number;
  readonly each: number;
  readonly uart: number;
}

export const FULL: Volume = { one: 1 << 20, each: 1 << 16, uart: 1 << 16 };
export const SHORT: Volume = { one: 1 << 17, each: 1 << 13, uart: 1 << 13 };

/** Longest time in ms that anything may take, also on a loaded machine: nothing may wait for ever. */
const TIMEOUT = 240_000;
const UART: EmulatorOptions = { baudRate: 921_600, uart: { baudRate: 921_600, rtscts: true } };

/** Bytes that tell their place. */
function noise(size: number): Buffer {
  return Buffer.from(
    Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8) * 13 + (at >> 16)) % 256),
  );
}

interface Scene extends Route {
  readonly modem: StayingOnline;
  readonly hangUp: () => void;
}

/** Does one thing with one client. Rejects with what went wrong. */
export async function play(client: Client, scenario: Scenario, volume: Volume): Promise<void> {
  const open = new Subscription();
  const modem = await stayingOnline(scenario === 'uart' ? UART : {}, { receive: client.receive });
  try {
    const server = await client.serve(open);
    const way =
      client.datagrams || client.role === 'server'
        ? { port: server, hangUp: () => {} }
        : await relay(open, server);
    const scene = {
      modem,
      connect: modemConnect(modem.networks$),
      networks$: modem.networks$,
      host: '127.0.0.1',
      ...way,
    };
    await inTime(PLAYS[scenario](client, scene, volume), scenario);
  } finally {
    await modem.close();
    open.unsubscribe();
  }
}

const PLAYS: Record<Scenario, (client: Client, scene: Scene, volume: Volume) => Promise<void>> = {
  async volume(client, scene, { one }) {
    await using session = disposable(await client.session(scene));
    await echoed(session, cut(client, one));
  },

  async ten(client, scene, { each }) {
    const size = cut(client, each);
    if (client.role === 'server') {
      await using session = disposable(await client.session(scene));
      await Promise.all(Array.from({ length: client.single ? 1 : 10 }, () => echoed(session, size)));
      return;
    }
    await Promise.all(
      Array.from({ length: client.single ? 1 : Math.floor(10 / (client.links ?? 1)) }, async () => {
        await using session = disposable(await client.session(scene));
        await echoed(session, size);
      }),
    );
  },

  async outage(client, scene, volume) {
    const back = firstValueFrom(scene.networks$.pipe(skip(1)));
    await interrupted(client, scene, volume.one, () => scene.modem.module.control.loseBearer(50));
    await back;
    await this.volume(client, scene, { ...volume, one: volume.each });
  },

  async abort(client, scene, volume) {
    const session = await client.session(scene);
    session.roundTrip(noise(cut(client, volume.one))).catch(() => {});
    await midway(scene.modem.module, cut(client, volume.one));
    session.abort();
    await allFree(scene);
    await this.volume(client, scene, { ...volume, one: volume.each });
  },

  async 'hang-up'(client, scene, volume) {
    await interrupted(client, scene, volume.one, scene.hangUp);
    await this.volume(client, scene, { ...volume, one: volume.each });
  },

  async uart(client, scene, volume) {
    await this.volume(client, scene, { ...volume, one: volume.uart });
    await this.outage(client, scene, { ...volume, one: volume.uart, each: volume.uart });
  },
};

/** What is under way when something happens fails, or succeeds with every byte. */
async function interrupted(client: Client, scene: Scene, wanted: number, strike: () => void): Promise<void> {
  const size = cut(client, wanted);
  const session = await client.session(scene);
  const result = session.roundTrip(noise(size)).then(
    (back) => assertSame(back, noise(size)),
    () => {},
  );
  await midway(scene.modem.module, size);
  strike();
  await result;
  await session.abort();
}

/** Resolves when a part of that many bytes has gone over the line to the module. */
async function midway(module: Emulator, size: number): Promise<void> {
  let sent = 0;
  await firstValueFrom(
    module.control.events$.pipe(
      filter((event) => {
        if (event.kind === 'received') sent += event.bytes.length;
        return sent >= size / 4;
      }),
    ),
  );
}

/** Resolves when the module has no link any more. */
async function allFree({ networks$ }: Route): Promise<void> {
  const network = await firstValueFrom(networks$);
  await firstValueFrom(
    network.links$.pipe(
      filter(({ length }) => length === 0),
      timeout(TIMEOUT),
    ),
  );
}

async function echoed(session: Session, size: number): Promise<void> {
  const bytes = noise(size);
  assertSame(await session.roundTrip(bytes), bytes);
}

function assertSame(back: Buffer, sent: Buffer): void {
  const [is, should] = [back, sent].map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  if (is !== should)
    throw new Error(`${back.length} bytes with checksum ${is} came back of ${sent.length} with ${should}.`);
}

function cut({ limit = Number.POSITIVE_INFINITY }: Client, size: number): number {
  return Math.min(limit, size);
}

function disposable(session: Session): Session & AsyncDisposable {
  return Object.assign(Object.create(session) as Session, {
    [Symbol.asyncDispose]: async () => void (await session.close()),
  });
}

async function inTime(work: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} is not over after ${TIMEOUT} ms.`)), TIMEOUT);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
