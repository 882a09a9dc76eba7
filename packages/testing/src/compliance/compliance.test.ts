import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type ByteLink, bridge, linkPair, reconnect, type Transport } from '@a7600/transport';
import { cmux } from '@a7600/transport/cmux';
import { fromDuplex, toDuplex } from '@a7600/transport/node';
import { record } from '@a7600/transport/recording';
import { serial } from '@a7600/transport/serialport';
import { rfc2217, tcp } from '@a7600/transport/tcp';
import { fromWebStreams, toWebStreams } from '@a7600/transport/web';
import { webSerial } from '@a7600/transport/web-serial';
import {
  BehaviorSubject,
  concat,
  first,
  firstValueFrom,
  ignoreElements,
  map,
  merge,
  Observable,
  of,
  Subscription,
  scan,
  switchMap,
  tap,
} from 'rxjs';
import { describe, test } from 'vitest';
import { comPortServer } from '../../test/com-port-server.js';
import { bareLine } from '../../test/line-end.js';
import { heardBy, over, setting, severPair, type Wiring } from '../../test/wiring.js';
import { emulator } from '../emulator/emulator.js';
import { openPty, type Pty } from '../node/pty.js';
import { webPort } from '../web/web-port.js';
import { linkCompliance, type Setting } from './index.js';

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

let reset = () => {};

/** A transport over TCP, and what the server makes of its connection. */
async function connectionWiring(
  transport: (where: { host: string; port: number }) => Transport,
  serve: (socket: Socket) => ByteLink,
): Promise<Wiring> {
  const { port, accepted, close } = await loopback();
  const socket$ = accepted();
  let socket: Socket | undefined;
  const far$ = socket$.then((connected) => {
    socket = connected;
    reset = () => connected.resetAndDestroy();
    return serve(connected);
  });
  return {
    transport: transport({ host: '127.0.0.1', port }),
    far: () => far$,
    cleanUp: () => {
      socket?.destroy();
      close();
    },
  };
}

/** A pair followed by another one, and a bridge in between that closes what is left over. */
function bridgedWiring(): Wiring {
  const [link, a] = linkPair();
  const [b, far] = linkPair();
  const joined = bridge(a, b).subscribe({
    complete: () => {
      a.close().subscribe();
      b.close().subscribe();
    },
    error: (error: Error) => {
      a.lose(error);
      b.lose(error);
    },
  });
  return { transport: over(link), far: () => far, cleanUp: () => joined.unsubscribe() };
}

async function serialWiring(): Promise<Wiring> {
  const open = new Subscription();
  const pty = await new Promise<Pty>((resolve, reject) => {
    open.add(openPty().subscribe({ next: resolve, error: reject }));
  });
  return { transport: serial({ path: pty.path }), far: () => pty, cleanUp: () => open.unsubscribe() };
}

let unplugLine = () => {};

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
      const [link, far] = linkPair(shape);
      return { transport: over(link), far: () => far };
    },
    { sever: severPair, capacity: 131_072 },
  ),
  'a TCP connection': setting(() => connectionWiring(tcp, fromDuplex), { sever: () => reset() }),
  'a port over RFC 2217': setting(() => connectionWiring(rfc2217, comPortServer), { sever: () => reset() }),
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
  'a link that is recorded': setting(
    () => {
      const [link, far] = linkPair();
      return { transport: over(link).pipe(map((open) => record(open, () => {}))), far: () => far };
    },
    { sever: severPair, capacity: 0 },
  ),
  // Without an attempt to spare, so that the end of the link is the end of the transport.
  'a link that may reconnect': setting(
    () => {
      const [link, far] = linkPair();
      return { transport: over(link).pipe(reconnect({ attempts: 0 })), far: () => far };
    },
    { sever: severPair, capacity: 0 },
  ),
  'a bridge between two pairs': setting(bridgedWiring, { sever: severPair, capacity: 131_072 }),
  'the serial line of the emulator': setting(
    () => {
      const { host, module, unplug } = bareLine();
      unplugLine = unplug;
      return { transport: over(host), far: () => module };
    },
    { sever: () => unplugLine(), capacity: 131_072 },
  ),
};

/** The parts that say how a link opens and ends; a module answers what it is sent, it is no pipe. */
const OF_A_MODULE = [
  'opens, and is released by unsubscribing',
  'unsubscribed while it opens, releases everything',
  'completes its transport when it was closed from this side',
  'an empty write completes',
  'closing completes received$, for those who come later too',
  'closing a closed link completes',
  'writing to a closed link fails',
  'when it breaks, received$ errors, the transport errors, and writing fails',
];

describe('the emulator', () => {
  let module = emulator();
  const wire = () => {
    module = emulator();
    return heardBy(module);
  };
  for (const { name, run } of linkCompliance(setting(wire, { sever: () => module.control.unplug() }))) {
    if (OF_A_MODULE.includes(name)) test(name, run);
  }
});

/** A channel of a module's line, once it has answered `AT+CMUX=0` (3GPP TS 27.010). */
function channelOf(module: Transport, dlci: number): Transport {
  const line$ = module.pipe(
    switchMap((port) => {
      const answered$ = port.received$.pipe(
        scan((said, bytes) => said + new TextDecoder().decode(bytes), ''),
        first((said) => said.endsWith('OK\r\n')),
        ignoreElements(),
      );
      const asked$ = port.write(new TextEncoder().encode('AT+CMUX=0\r'));
      return concat(merge(answered$, asked$), of(port));
    }),
  );
  return new Observable((subscriber) => {
    const complete = () => subscriber.complete();
    const channel$ = cmux(line$).pipe(switchMap((line) => line.channel(dlci).pipe(tap({ complete }))));
    return channel$.subscribe(subscriber);
  });
}

describe.each([1, 2, 3, 4])('channel %i of a multiplexed line', (dlci) => {
  let module = emulator();
  const wire = () => {
    module = emulator();
    return heardBy(channelOf(module, dlci));
  };
  for (const { name, run } of linkCompliance(setting(wire, { sever: () => module.control.unplug() }))) {
    if (OF_A_MODULE.includes(name)) test(name, run);
  }
});

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
