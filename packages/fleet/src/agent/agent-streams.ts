import type { TcpSocket } from '@a7600/tcpip';
import type { ByteLink, LinkEnd } from '@a7600/transport';
import { Observable, type SchedulerLike, Subscription } from 'rxjs';
import { FleetError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import { encodeFrame, RESET } from '../protocol/frame.js';
import { framedRecord, recordReader } from '../protocol/record.js';
import { checked, type OpenRequest, peerSchema } from '../protocol/schemas.js';
import { type ModemAddress, outOf } from '../protocol/subjects.js';
import { errorToJson } from '../protocol/wire-error.js';
import type { StreamMachine } from '../stream/machine.js';
import { type StreamOptions, StreamTable } from '../stream/stream-table.js';
import type { ModemHost } from './modem-host.js';

/** Bytes from a socket that wait for credit of the controller, over which the socket is paused. */
const HIGH_WATER = 262_144;

/** The part of a socket that streams need. */
type Link = Pick<ByteLink, 'received$' | 'ended$' | 'write' | 'pause' | 'resume' | 'close'>;

/** What an open stream is asked from outside. */
interface OpenStream {
  readonly machine: StreamMachine;
  /** Needs the lease of its modem. */
  readonly exclusive: string | undefined;
  /** What reports deliveries, once there is a socket that does. */
  socket: { delivered(): Observable<never> } | undefined;
}

/** What is given to that which feeds a stream. */
interface OpeningStream {
  readonly machine: StreamMachine;
  /** There is a socket; `json` is what the controller learns of it. */
  link(link: Link, json: object): void;
  /** There will be no socket, or there are no more clients. */
  closed(): void;
}

/** The sockets of an agent that controllers use. */
export class AgentStreams {
  private readonly engine: Engine;
  private readonly table: StreamTable;
  private readonly streams = new Map<string, OpenStream>();
  private readonly now: () => number;
  private readonly newId: () => string;

  constructor(
    engine: Engine,
    scheduler: SchedulerLike,
    now: () => number,
    newId: () => string,
    options: StreamOptions | undefined,
  ) {
    this.engine = engine;
    this.now = now;
    this.newId = newId;
    this.table = new StreamTable('agent', engine, scheduler, now, options);
  }

  /** Opens what was asked for. Its outcome comes on the stream. */
  open(host: ModemHost, at: ModemAddress, request: OpenRequest): void {
    if (this.table.has(request.stream)) throw new FleetError('PROTOCOL', 'There is a stream of that name.');
    if (request.kind === 'record') this.record(host, at, request.stream);
    else if (request.kind === 'listen') this.listen(host, at, request.stream, request.port);
    else if (request.kind === 'bind') this.bind(host, at, request);
    else {
      const network = host.online();
      const { kind, host: peer, port } = request;
      const link$: Observable<Link & { readonly link?: number }> =
        kind === 'connect'
          ? network.connect({ host: peer, port, localPort: request.localPort })
          : network.transparent({ host: peer, port });
      this.carry(at, request.stream, kind === 'transparent' ? host.name : undefined, (open) =>
        link$.subscribe({
          next: (link) => open.link(link, { remote: { host: peer, port }, link: link.link }),
          error: (error: Error) => open.machine.finish({ by: 'lost', error }),
          complete: open.closed,
        }),
      );
    }
  }

  /** Whether the peer of a stream has acknowledged everything. */
  delivered(id: string): Observable<never> {
    const { socket } = this.streams.get(id) ?? {};
    if (socket !== undefined) return socket.delivered();
    throw new FleetError('STREAM_LOST', 'The agent has no such stream, or it does not report deliveries.');
  }

  /** A frame of a controller. */
  receive(at: ModemAddress, id: string, data: Uint8Array): void {
    let known: boolean;
    try {
      known = this.table.receive(id, data);
    } catch (error) {
      this.streams.get(id)?.machine.reset({ by: 'lost', error: error as Error });
      return;
    }
    // A RESET is not answered, or two sides that have both forgotten a stream would go on for ever.
    if (known || data[0] === RESET) return;
    const error = new FleetError(
      'STREAM_LOST',
      'The agent does not have this stream: it has ended or was lost.',
    );
    this.engine.publish(
      outOf(at, id),
      encodeFrame({ kind: 'reset', json: { by: 'lost', error: errorToJson(error) } }),
    );
  }

  /** The lease of a modem is over, and with it what needed it. */
  leaseEnded(modem: string): void {
    const error = new FleetError('LEASE_LOST', 'The lease of this modem is over, and with it the session.');
    for (const { machine, exclusive } of [...this.streams.values()]) {
      if (exclusive === modem) machine.reset({ by: 'lost', error });
    }
  }

  close(): void {
    this.table.close({ by: 'lost', error: new FleetError('AGENT_GONE', 'The agent stops.') });
  }

  /** Starts a stream, and what feeds it. */
  private carry(
    at: ModemAddress,
    id: string,
    exclusive: string | undefined,
    start: (open: OpeningStream) => Subscription,
  ): void {
    const held = new Subscription();
    let taken: Link | undefined;
    let isPaused = false;
    /** The controller wants the end. */
    let isAsked = false;
    const early: Uint8Array[] = [];
    const write = (link: Link, bytes: Uint8Array) => {
      held.add(
        link.write(bytes).subscribe({
          complete: () => machine.consume(bytes.length, this.now()),
          // The socket says itself why it ended.
          error: () => {},
        }),
      );
    };
    const machine: StreamMachine = this.table.start(id, outOf(at, id), {
      deliver: (bytes) => {
        if (taken === undefined) early.push(bytes);
        else write(taken, bytes);
      },
      drained: () => {
        if (!isPaused || machine.waiting > HIGH_WATER / 2) return;
        isPaused = false;
        taken?.resume();
      },
      peerEnded: () => {
        isAsked = true;
        if (taken === undefined) machine.finish({ by: 'local' });
        else held.add(taken.close().subscribe({ error: () => {} }));
      },
      over: () => {
        this.streams.delete(id);
        held.unsubscribe();
      },
    });
    const open: OpenStream = { machine, exclusive, socket: undefined };
    this.streams.set(id, open);
    const link = (socket: Link, json: object) => {
      taken = socket;
      if ('delivered' in socket) open.socket = socket as TcpSocket;
      machine.open(json);
      let end: LinkEnd = { by: 'remote' };
      held.add(
        socket.ended$.subscribe((reason) => {
          // What ends from this machine and was not asked for is a loss at the other side.
          end = reason.by === 'local' && !isAsked ? closedHere() : reason;
          if (end.by !== 'local') machine.announce(end);
        }),
      );
      for (const bytes of early.splice(0)) write(socket, bytes);
      held.add(
        socket.received$.subscribe({
          next: (bytes) => {
            machine.write(bytes);
            if (isPaused || machine.waiting < HIGH_WATER) return;
            isPaused = true;
            socket.pause();
          },
          error: (error: Error) => machine.finish({ by: 'lost', error }),
          complete: () => machine.finish(end),
        }),
      );
    };
    machine.consume(0, this.now());
    const closed = () => {
      // A socket says itself how it ends, after its last bytes.
      if (taken === undefined) machine.finish(isAsked ? { by: 'local' } : closedHere());
    };
    held.add(start({ machine, link, closed }));
  }

  private listen(host: ModemHost, at: ModemAddress, id: string, port: number): void {
    const network = host.online();
    this.carry(at, id, undefined, ({ machine, closed }) => {
      const clients = network.listen({ port }).subscribe({
        next: (client) => {
          const { remote, link, server } = client;
          host.inbound(port, remote);
          const stream = this.newId();
          this.carry(at, stream, undefined, (open) => {
            open.link(client, { remote, link, server });
            return new Subscription(() => client.close().subscribe({ error: () => {} }));
          });
          machine.write(framedRecord({ stream, remote, link, server }));
        },
        error: (error: Error) => machine.finish({ by: 'lost', error }),
        complete: closed,
      });
      machine.open({ localPort: port });
      return clients;
    });
  }

  private bind(host: ModemHost, at: ModemAddress, request: Extract<OpenRequest, { kind: 'bind' }>): void {
    const { stream, port, host: peer, peerPort } = request;
    const remote = peer === undefined || peerPort === undefined ? undefined : { host: peer, port: peerPort };
    const network = host.online();
    this.carry(at, stream, undefined, (open) =>
      network.bind({ port, remote }).subscribe({
        next: (socket) => {
          let sending = 0;
          let consumed: (() => void) | undefined;
          const read = recordReader(({ json, bytes }) => {
            const to = checked(peerSchema, json, 'The receiver of a datagram');
            const target =
              to.host === undefined || to.port === undefined ? undefined : { host: to.host, port: to.port };
            sending += 1;
            const done = () => {
              sending -= 1;
              if (sending === 0) consumed?.();
            };
            // A datagram that cannot be sent is lost, as datagrams are.
            socket.send(bytes, target).subscribe({ error: done, complete: done });
          });
          const link: Link = {
            received$: new Observable((subscriber) =>
              socket.datagrams$.subscribe({
                next: ({ bytes, from }) => subscriber.next(framedRecord(from ?? {}, bytes)),
                error: (error: unknown) => subscriber.error(error),
                complete: () => subscriber.complete(),
              }),
            ),
            ended$: socket.ended$,
            write: (data) =>
              new Observable((subscriber) => {
                read(data as Uint8Array);
                const before = consumed;
                consumed = () => {
                  before?.();
                  consumed = undefined;
                  subscriber.complete();
                };
                if (sending === 0) consumed();
              }),
            pause: () => socket.pause(),
            resume: () => socket.resume(),
            close: () => socket.close(),
          };
          open.link(link, { link: socket.link, localPort: socket.localPort, remote: socket.remote });
        },
        error: (error: Error) => open.machine.finish({ by: 'lost', error }),
        complete: open.closed,
      }),
    );
  }

  private record(host: ModemHost, at: ModemAddress, id: string): void {
    const encoder = new TextEncoder();
    this.carry(at, id, undefined, ({ machine }) => {
      machine.open({});
      return host.trace$.subscribe((entry) => {
        // A reader that is too slow misses lines rather than holding the modem back.
        if (machine.waiting < HIGH_WATER) machine.write(encoder.encode(`${JSON.stringify(entry)}\n`));
      });
    });
  }
}

function closedHere(): LinkEnd {
  const error = new FleetError(
    'STREAM_LOST',
    'The agent has closed the connection: its modem was stopped, or brought up again.',
  );
  return { by: 'lost', error };
}

/** The error for a modem that the agent does not have. */
export function unknownModem(name: string): FleetError {
  return new FleetError('MODEM_UNKNOWN', `The agent has no modem ${name}.`);
}
