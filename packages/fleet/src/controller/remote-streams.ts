import type { Datagram, Endpoint, TcpSocket, UdpSocket } from '@a7600/tcpip';
import { type ByteLink, bytesOf, receiveQueueOf } from '@a7600/transport';
import { concat, defer, ignoreElements, Observable, type SchedulerLike, Subscription } from 'rxjs';
import { FleetError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import { framedRecord, recordReader } from '../protocol/record.js';
import { checked, clientSchema, openedSchema, peerSchema } from '../protocol/schemas.js';
import { inOf, type ModemAddress, outOf } from '../protocol/subjects.js';
import type { StreamMachine } from '../stream/machine.js';
import { type StreamOptions, StreamTable, type TableEffects } from '../stream/stream-table.js';
import type { Directory, FleetEntry } from './directory.js';
import { type RemoteLink, remoteLink } from './remote-link.js';
import type { Requester } from './requester.js';

/** What is opened through an agent. */
export interface Opening {
  readonly entry: FleetEntry;
  readonly json: { readonly kind: string } & Readonly<Record<string, unknown>>;
  readonly lease?: string | undefined;
  /** Called once when the agent holds nothing of it any more, or is gone. */
  readonly onReleased?: (() => void) | undefined;
}

/** Time in ms for an agent to take a request to open something; the module's time comes after it. */
const TAKE_TIME = 15_000;

/** The sockets that a controller has open through agents. */
export class RemoteStreams {
  private readonly engine: Engine;
  private readonly directory: Directory;
  private readonly requester: Requester;
  private readonly clock: () => number;
  private readonly newId: () => string;
  private readonly table: StreamTable;

  constructor(
    engine: Engine,
    directory: Directory,
    requester: Requester,
    scheduler: SchedulerLike,
    clock: () => number,
    newId: () => string,
    options: StreamOptions | undefined,
  ) {
    this.engine = engine;
    this.directory = directory;
    this.requester = requester;
    this.clock = clock;
    this.newId = newId;
    this.table = new StreamTable('controller', engine, scheduler, clock, options);
  }

  /** Opens a TCP connection or a session. Cold; emits it once. */
  link(opening: Opening): Observable<TcpSocket> {
    return this.open(opening, (subscriber, link, json, { stream }) =>
      subscriber.next(this.socketOf(opening, stream, link, json)),
    );
  }

  /** Listens. Cold; emits a socket for each client. */
  listen(opening: Opening): Observable<TcpSocket> {
    return this.open(opening, (subscriber, link, _, { at, clients }) => {
      const read = recordReader(({ json }) => {
        const client = checked(clientSchema, json, 'An accepted client');
        clients.add(
          this.adopt(at, client.stream, (socket) =>
            subscriber.next(this.socketOf(opening, client.stream, socket, client)),
          ),
        );
      });
      clients.add(link.received$.subscribe({ next: read, error: () => {} }));
    });
  }

  /** Opens a UDP socket. Cold; emits it once. */
  bind(opening: Opening): Observable<UdpSocket> {
    return this.open(opening, (subscriber, link, json) => subscriber.next(udpOf(link, json)));
  }

  /** Ends all streams. */
  close(): void {
    this.table.close({ by: 'lost', error: new FleetError('CLOSED', 'The fleet was closed from this side.') });
  }

  private open<T>(
    { entry, json, lease, onReleased }: Opening,
    opened: (
      subscriber: { next(value: T): void },
      link: RemoteLink,
      json: unknown,
      of: { readonly at: ModemAddress; readonly stream: string; readonly clients: Subscription },
    ) => void,
  ): Observable<T> {
    return new Observable<T>((subscriber) => {
      let at: ModemAddress;
      try {
        at = this.directory.address(entry);
      } catch (error) {
        subscriber.error(error);
        onReleased?.();
        return;
      }
      const clients = new Subscription();
      const stream = this.newId();
      let isTaken = false;
      const { machine, link, frames } = this.start(at, stream, {
        isTaken: () => isTaken,
        opened: (said) => opened(subscriber, link, said, { at, stream, clients }),
        over: (end) => {
          if (end.by === 'lost') subscriber.error(end.error);
          else subscriber.complete();
          onReleased?.();
        },
      });
      const asked = this.requester
        .ask(entry, { verb: 'open', json: { stream, ...json }, timeout: TAKE_TIME, lease })
        .subscribe({
          next: () => {
            isTaken = true;
            machine.consume(0, this.clock());
          },
          error: (error: Error) => machine.reset({ by: 'lost', error }),
        });
      return () => {
        clients.unsubscribe();
        machine.reset({ by: 'local' });
        frames.unsubscribe();
        asked.unsubscribe();
      };
    });
  }

  /** Takes over a stream that the agent began. */
  private adopt(at: ModemAddress, stream: string, emit: (link: RemoteLink) => void): Subscription {
    const { machine, link, frames } = this.start(at, stream, {
      opened: () => emit(link),
      over: () => frames.unsubscribe(),
    });
    machine.consume(0, this.clock());
    return new Subscription(() => {
      machine.reset({ by: 'local' });
      frames.unsubscribe();
    });
  }

  private start(
    at: ModemAddress,
    stream: string,
    effects: Required<Pick<TableEffects, 'opened' | 'over'>> & Pick<TableEffects, 'isTaken'>,
  ): { machine: StreamMachine; link: RemoteLink; frames: Subscription } {
    const link = remoteLink(() => machine, this.clock);
    const machine: StreamMachine = this.table.start(stream, inOf(at, stream), {
      deliver: (bytes) => link.deliver(bytes),
      drained: () => link.drained(),
      peerEnding: (end) => link.ending(end),
      ...effects,
      over: (end) => {
        link.over(end);
        effects.over(end);
      },
    });
    const frames = this.engine.messages$(outOf(at, stream)).subscribe({
      next: ({ data }) => {
        try {
          this.table.receive(stream, data);
        } catch (error) {
          machine.reset({ by: 'lost', error: error as Error });
        }
      },
      error: (error: Error) => machine.reset({ by: 'lost', error }),
    });
    return { machine, link, frames };
  }

  private socketOf({ entry }: Opening, stream: string, link: RemoteLink, json: unknown): TcpSocket {
    const said = checked(openedSchema, json, 'What the agent says of a socket');
    const { received$, ended$, write, pause, resume, close } = link;
    return {
      link: said.link ?? 0,
      remote: said.remote ?? { host: '', port: 0 },
      server: said.server,
      received$,
      ended$,
      write,
      pause,
      resume,
      close,
      delivered: () => this.delivered(entry, stream, link),
    };
  }

  /** Waits until the peer has everything that the link was given. */
  private delivered(entry: FleetEntry, stream: string, link: RemoteLink): Observable<never> {
    return concat(
      link.flushed(),
      this.requester.ask(entry, { verb: 'delivered', json: { stream }, timeout: 120_000 }),
    ).pipe(ignoreElements());
  }
}

/** Gives the records of a stream the form of a UDP socket. */
function udpOf(link: ByteLink, json: unknown): UdpSocket {
  const {
    link: number = 0,
    localPort = 0,
    remote,
  } = checked(openedSchema, json, 'What the agent says of a socket');
  const queue = receiveQueueOf<Datagram>(
    ({ bytes }) => bytes.length,
    (hasDemand) => (hasDemand ? link.resume() : link.pause()),
  );
  const read = recordReader((record) => {
    const { host, port } = checked(peerSchema, record.json, 'The sender of a datagram');
    const from = host === undefined || port === undefined ? undefined : { host, port };
    queue.push({ bytes: record.bytes, from });
  });
  link.ended$.subscribe((end) => queue.announce(end));
  link.pause();
  link.received$.subscribe({
    next: read,
    error: (error: Error) => queue.fail(error),
    complete: () => queue.finish(),
  });
  return {
    link: number,
    localPort,
    remote,
    datagrams$: queue.received$,
    ended$: link.ended$,
    send: (data, to?: Endpoint) =>
      defer(() =>
        link.write(framedRecord(to === undefined ? {} : { host: to.host, port: to.port }, bytesOf(data))),
      ),
    pause: () => queue.pause(),
    resume: () => queue.resume(),
    close: () => link.close(),
  };
}
