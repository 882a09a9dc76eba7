import { get } from 'node:http';
import { csq } from '@a7600/at-codec';
import { modemConnect } from '@a7600/tcpip/node';
import { filter, firstValueFrom, lastValueFrom, type Observable, Subscription, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listening } from '../../../tcpip/test/online.js';
import { bundle } from '../../test/processes/bundle.js';
import { natsServer, program, ready, type Server, type Talking } from '../../test/processes/programs.js';
import { online, transferred } from '../../test/transfers.js';
import { type Fleet, fleet as openFleet } from '../index.js';

const AGENTS = 4;
const MODEMS = 16;
const CARRYING = 16;
/** The benchmark carries five, which takes a minute. */
const MEGABYTES = 1;

const open = new Subscription();
let server: Server;
let fleet: Fleet;
let agents: Talking[];
let listedIn: number;

/** The first value of something that is open until the end of the tests. */
function held<T>(source: Observable<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    open.add(source.subscribe({ next: resolve, error: reject }));
  });
}

beforeAll(async () => {
  server = await natsServer(open);
  const connection = await ready(open, server.url);
  const file = await bundle(open, new URL('../../test/processes/agent.ts', import.meta.url));
  agents = Array.from({ length: AGENTS }, (_, index) =>
    program(open, file, server.url, `ROOF-${index}`, String(MODEMS)),
  );
  const first = await held(openFleet(connection));
  await online(first, AGENTS * MODEMS);
  // A controller that comes when all are there.
  const later = await ready(open, server.url);
  const start = performance.now();
  fleet = await held(openFleet(later));
  await online(fleet, AGENTS * MODEMS);
  listedIn = performance.now() - start;
});
afterAll(() => open.unsubscribe());

describe(`${AGENTS} agents with ${MODEMS} modems each, as processes, and a real nats-server`, () => {
  test('every modem is listed soon', () => {
    // In 3 s on an idle machine, which the benchmark checks; this one may be ten times slower.
    expect(listedIn).toBeLessThan(30_000);
  });

  test('commands are decoded here, by name and by IMEI', async () => {
    const [entry] = await firstValueFrom(fleet.modems$);
    const signal = await firstValueFrom(fleet.modem(entry?.id ?? '').run(csq()));
    expect(signal.rssi).toBe(23);
    // Each process has the emulator's first IMEI: it takes the agent's name to tell them apart.
    await expect(firstValueFrom(fleet.modem(entry?.imei ?? '').raw('AT'))).rejects.toMatchObject({
      code: 'MODEM_AMBIGUOUS',
    });
  });

  test('a Node client works over a remote modem', async () => {
    const http = await import('node:http');
    const web = http.createServer((_, response) => response.end('over a modem elsewhere'));
    const port = await listening(web);
    open.add(() => void web.close());
    const connect = modemConnect(fleet.modem('ROOF-1/m3'));
    const body = await new Promise<string>((resolve, reject) => {
      get({ host: '127.0.0.1', port, createConnection: connect }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      }).on('error', reject);
    });
    expect(body).toBe('over a modem elsewhere');
  });

  test(`${MEGABYTES} MB each way through ${CARRYING} modems at a time, by checksum`, async () => {
    const names = Array.from({ length: CARRYING }, (_, index) => `ROOF-${index % AGENTS}/m${index >> 2}`);
    const { sent, atPeer, here } = await transferred(fleet, names, MEGABYTES * 2 ** 20);
    expect(here).toEqual(names.map(() => sent));
    expect(atPeer).toEqual(names.map(() => sent));
  });

  test('history reads the stored events, from any of them on, and ends at the newest', async () => {
    const all = await lastValueFrom(fleet.history().pipe(toArray()));
    const online = all.filter(
      ({ kind, data }) => kind === 'state' && (data as { to: string }).to === 'online',
    );
    expect(new Set(online.map(({ agent, modem }) => `${agent}/${modem}`)).size).toBe(AGENTS * MODEMS);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const later = await lastValueFrom(fleet.history(11).pipe(toArray()));
    expect(later.slice(0, all.length - 10)).toEqual(all.slice(10));
    expect(await lastValueFrom(fleet.history(1_000_000).pipe(toArray()))).toEqual([]);
  });

  test('a killed agent is gone soon and its streams end, the others stay', async () => {
    const socket = await held(fleet.modem('ROOF-3/m9').record());
    const end = firstValueFrom(socket.ended$);
    agents[3]?.process.kill('SIGKILL');
    const gone$ = fleet.modems$.pipe(
      filter((all) => all.filter(({ presence }) => presence === 'gone').length === MODEMS),
    );
    const start = performance.now();
    await firstValueFrom(gone$);
    // After 6 s, in virtual time; this machine may be ten times slower.
    expect(performance.now() - start).toBeLessThan(60_000);
    expect(await end).toMatchObject({ by: 'lost', error: { code: 'STREAM_LOST' } });
    await expect(firstValueFrom(fleet.modem('ROOF-3/m9').raw('AT'))).rejects.toMatchObject({
      code: 'AGENT_GONE',
    });
  });

  test('a server that is killed is unknown, and then true again', async () => {
    const presence = (wanted: string) =>
      firstValueFrom(fleet.modems$.pipe(filter((all) => all.some((each) => each.presence === wanted))));
    server.process.kill('SIGKILL');
    await presence('unknown');
    await server.restart();
    await online(fleet, (AGENTS - 1) * MODEMS);
    expect(await firstValueFrom(fleet.modem('ROOF-0/m0').raw('AT+CSQ'))).toEqual(['+CSQ: 23,0']);
  });
});
