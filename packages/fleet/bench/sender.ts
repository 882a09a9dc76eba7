// The agent's side of the streams, without modems: `sender.ts URL`. A connection to port 1 is sent bytes as fast as there
// is credit, in chunks as a module gives them; one to port 2 in large ones; one to another port is sent ten times that many
// bytes a second. Also plain TCP servers that send chunks of both sizes as fast as they can.
import { createServer } from 'node:net';
import type { LinkEnd } from '@a7600/transport';
import { connect } from '@nats-io/transport-node';
import { asyncScheduler, EMPTY, NEVER, Observable, type Observer } from 'rxjs';
import { listening } from '../../tcpip/test/online.js';
import { AgentStreams } from '../src/agent/agent-streams.js';
import { LeaseDesk } from '../src/agent/lease-desk.js';
import type { ModemHost } from '../src/agent/modem-host.js';
import { RequestDesk } from '../src/agent/request-desk.js';
import { natsEngine } from '../src/nats/nats-engine.js';
import { jsonBytes } from '../src/protocol/record.js';
import { beatOf, framesOf, keyOf, partsOf, ROLL_CALL } from '../src/protocol/subjects.js';

const NAME = 'SENDER';
const INSTANCE = 'sender-sender-sender-1';
/** What a module gives at a time (AT+CIPRXGET), and what a program with large buffers does. */
const CHUNKS = [1_460, 16_384].map((size) => new Uint8Array(size).fill(0x61));
const PACE = 20;
const [url = ''] = process.argv.slice(2);

const engine = natsEngine(await connect({ servers: url }));
const clock = () => performance.now();

/** A link that sends. */
function source(port: number) {
  const chunk = CHUNKS[port - 1];
  let isPaused = false;
  let resumed = () => {};
  const paced = (subscriber: Observer<Uint8Array>, rate: number) => {
    const start = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - start) / 1_000) * rate) - sent;
      if (isPaused || due <= 0) return;
      sent += due;
      subscriber.next(new Uint8Array(due));
    }, PACE);
    return () => clearInterval(timer);
  };
  const unpaced = (subscriber: Observer<Uint8Array>, bytes: Uint8Array) => {
    let isOver = false;
    const pump = () => {
      while (!isPaused && !isOver) subscriber.next(bytes);
    };
    resumed = () => setImmediate(pump);
    setImmediate(pump);
    return () => {
      isOver = true;
    };
  };
  return {
    received$: new Observable<Uint8Array>((subscriber) =>
      chunk === undefined ? paced(subscriber, 10 * port) : unpaced(subscriber, chunk),
    ),
    ended$: NEVER as Observable<LinkEnd>,
    write: () => EMPTY,
    close: () => EMPTY,
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      resumed();
    },
    link: 0,
  };
}

const host = {
  name: 'none',
  report: { state: 'online', links: [] },
  online: () => ({
    connect: ({ port }: { port: number }) => new Observable((subscriber) => subscriber.next(source(port))),
  }),
} as unknown as ModemHost;
const newId = () => crypto.randomUUID().slice(0, 22);
const streams = new AgentStreams(engine, asyncScheduler, clock, newId, undefined);
const leases = new LeaseDesk(engine, NAME, clock, newId, asyncScheduler, {
  changed() {},
  ended() {},
  record() {},
});
const desk = new RequestDesk(
  engine,
  { agent: NAME, instance: INSTANCE },
  clock,
  new Map([['none', host]]),
  streams,
  leases,
);
desk.serve().subscribe();
engine.messages$(framesOf(NAME, INSTANCE)).subscribe(({ subject, data }) => {
  const { modem, last } = partsOf(subject);
  streams.receive({ agent: NAME, instance: INSTANCE, modem }, last, data);
});
const beat = () =>
  engine.publish(
    beatOf(NAME),
    jsonBytes({ protocol: '1.0', instance: INSTANCE, clock: Math.floor(clock()), modems: 1, dropped: 0 }),
  );
engine.messages$(ROLL_CALL).subscribe(beat);
setInterval(beat, 2_000);
engine
  .put(
    keyOf(NAME, 'none', 'state'),
    jsonBytes({ protocol: '1.0', instance: INSTANCE, serial: 1, state: 'online', links: [] }),
  )
  .subscribe();

/** A server that sends chunks as fast as it can; resolves with its port. */
function direct(chunk: Uint8Array): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const pump = () => {
      while (socket.writable && socket.write(chunk)) {}
    };
    socket.on('drain', pump);
    pump();
  });
  return listening(server);
}
const [small, large] = await Promise.all(CHUNKS.map(direct));
console.log(JSON.stringify({ small, large }));
