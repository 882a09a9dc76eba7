import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type ByteLink, linkPair, type PairEnd, shapedPair, type Transport } from '@a7600/transport';
import { fromDuplex, toDuplex } from '@a7600/transport/node';
import { serial } from '@a7600/transport/serialport';
import { tcp } from '@a7600/transport/tcp';
import { fromWebStreams, toWebStreams } from '@a7600/transport/web';
import { webSerial } from '@a7600/transport/web-serial';
import { BehaviorSubject, firstValueFrom, Observable, Subscription } from 'rxjs';
import { describe, test } from 'vitest';
import { openPty, type Pty } from '../node/pty.js';
import { webPort } from '../web/web-port.js';
import { type LinkUnderTest, linkCompliance, type Setting } from './index.js';

/** A transport under test and the far end of the link that it opens next. */
interface Wiring {
  readonly transport: Transport;
  readonly far: () => ByteLink | Promise<ByteLink>;
  readonly cleanUp?: () => void;
}

/** A setting of wirings that are made afresh for each opening. */
function setting(
  wire: () => Wiring | Promise<Wiring>,
  more: Omit<Setting, 'open' | 'abandon' | 'cleanUp'> = {},
): Setting {
  let open = new Subscription();
  return {
    ...more,
    async open() {
      const { transport, far, cleanUp } = await wire();
      const state: { completed: boolean; error: Error | undefined } = { completed: false, error: undefined };
      const opened = new Subscription();
      open.add(opened);
      const link = await new Promise<ByteLink>((resolve, reject) => {
        const subscription = transport.subscribe({
          next: resolve,
          complete: () => {
            state.completed = true;
          },
          error: (error: Error) => {
            state.error = error;
            reject(error);
          },
        });
        opened.add(subscription);
        open.add(cleanUp);
      });
      const release = () => opened.unsubscribe();
      return { link, far: await far(), transport: state, release } satisfies LinkUnderTest;
    },
    async abandon() {
      const { transport, cleanUp } = await wire();
      transport.subscribe().unsubscribe();
      open.add(cleanUp);
    },
    cleanUp() {
      open.unsubscribe();
      open = new Subscription();
    },
  };
}

/** A transport over an end of a pair that is there already: released by closing it. */
function over(end: ByteLink): Transport {
  return new Observable((subscriber) => {
    end.ended$.subscribe((reason) => {
      if (reason.by === 'lost') subscriber.error(reason.error);
      else subscriber.complete();
    });
    subscriber.next(end);
    return () => end.close().subscribe({ error: () => {} });
  });
}

const severPair = ({ far }: LinkUnderTest) => (far as PairEnd).lose(new Error('cut'));

/** Real sockets on loopback: a listening server, and the sockets that it accepted. */
async function loopback() {
  const sockets: Socket[] = [];
  const server = createServer({ pauseOnConnect: true }, (socket) => sockets.push(socket)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const accepted = async () => {
    if (sockets.length === 0) await once(server, 'connection');
    return sockets.shift() as Socket;
  };
  const { port } = server.address() as AddressInfo;
  return { port, accepted, close: () => void server.close() };
}

async function tcpWiring(): Promise<Wiring & { reset: () => void }> {
  const { port, accepted, close } = await loopback();
  let socket: Socket | undefined;
  return {
    transport: tcp({ host: '127.0.0.1', port }),
    far: async () => {
      socket = await accepted();
      resetTcp = () => socket?.resetAndDestroy();
      return fromDuplex(socket);
    },
    reset: () => socket?.resetAndDestroy(),
    cleanUp: () => {
      socket?.destroy();
      close();
    },
  };
}

let resetTcp = () => {};

async function serialWiring(): Promise<Wiring> {
  const open = new Subscription();
  const pty = await new Promise<Pty>((resolve, reject) => {
    open.add(openPty().subscribe({ next: resolve, error: reject }));
  });
  return { transport: serial({ path: pty.path }), far: () => pty, cleanUp: () => open.unsubscribe() };
}

const links: Readonly<Record<string, Setting>> = {
  'a pair in memory': setting(
    () => {
      const [link, far] = linkPair();
      return { transport: over(link), far: () => far };
    },
    { sever: severPair, capacity: 0 },
  ),
  'a pair with latency, bandwidth and cuts': setting(
    () => {
      const shape = { latency: 1, bandwidth: 50_000_000, chunk: (rest: number) => 1 + (rest % 997) };
      const [link, far] = shapedPair(shape);
      return { transport: over(link), far: () => far };
    },
    { sever: severPair, capacity: 131_072 },
  ),
  'a TCP connection': setting(tcpWiring, { sever: () => resetTcp() }),
  'a Node stream over a link': setting(
    () => {
      const [link, far] = linkPair();
      return { transport: over(fromDuplex(toDuplex(link))), far: () => far };
    },
    { sever: severPair, capacity: 131_072 },
  ),
  'Web Streams over a link': setting(
    () => {
      const [link, far] = linkPair();
      return { transport: over(fromWebStreams(toWebStreams(link))), far: () => far };
    },
    { sever: severPair, capacity: 131_072 },
  ),
  'a Web Serial port': setting(
    () => {
      const [link, far] = linkPair();
      return { transport: webSerial(webPort(new BehaviorSubject<ByteLink>(link))), far: () => far };
    },
    { sever: severPair, capacity: 131_072, farCloseIs: 'lost' },
  ),
  'a serial port': setting(serialWiring, { farCloseIs: 'lost', capacity: 262_144 }),
};

for (const [name, under] of Object.entries(links)) {
  describe(name, () => {
    for (const { name: part, run } of linkCompliance(under)) test(part, run);
  });
}

test('the pseudo-terminal of a serial port goes away with it', async () => {
  const { far } = await serialWiring();
  const pty = await far();
  const ended = firstValueFrom(pty.ended$);
  pty.close().subscribe();
  await ended;
});
