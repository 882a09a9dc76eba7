import { type LinkEnd, writing } from '@a7600/transport';
import { Observable, type SchedulerLike, Subscription } from 'rxjs';
import { type Connection, type Endpoint, NetworkError } from '../network.js';
import type { HostConditions } from './conditions.js';
import type { Path } from './path.js';
import { streamEnded, TcpStream } from './tcp-stream.js';

/** One end of a TCP connection in a memory internet. */
export interface MemoryConnection extends Connection {
  /** This end. */
  readonly local: Endpoint;
  /**
   * Ends only what is sent from here, and goes on receiving (half-close). Cold; completes when the
   * peer has learnt of it.
   */
  end(): Observable<never>;
}

/** An end of a connection, and how its host hears of it. */
export interface TcpParty {
  readonly endpoint: Endpoint;
  readonly conditions: HostConditions;
  /** The path to the other end. */
  readonly path: Path;
}

/** What {@link tcpPair} tells about a connection apart from its two ends. */
export interface TcpPair {
  readonly ends: readonly [MemoryConnection, MemoryConnection];
  /** One of the hosts has vanished: probes begin to fail. */
  cut(): void;
  /** Both hosts are there again: what was lost is sent again. */
  restore(): void;
}

/** A TCP connection that has just been made. `onEnd` is told once when nothing of it is left. */
export function tcpPair(scheduler: SchedulerLike, a: TcpParty, b: TcpParty, onEnd: () => void): TcpPair {
  const stream = (from: TcpParty, to: TcpParty, writer: () => TcpEnd) =>
    new TcpStream({
      there: from.path,
      back: to.path,
      sender: from.conditions,
      receiver: to.conditions,
      onUnwanted: () => to.path.transmit(0, () => writer().broken('reset')),
      onUnanswered: () => writer().unanswered(),
    });
  const there = stream(a, b, () => near);
  const back = stream(b, a, () => far);
  let open = 2;
  const ended = () => {
    open -= 1;
    if (open === 0) onEnd();
  };
  const near: TcpEnd = new TcpEnd({ scheduler, here: a, peer: b, sending: there, receiving: back }, ended);
  const far: TcpEnd = new TcpEnd({ scheduler, here: b, peer: a, sending: back, receiving: there }, ended);
  near.meet(far);
  far.meet(near);
  return {
    ends: [near.connection, far.connection],
    cut() {
      for (const end of [near, far]) end.probe();
      for (const stream of [there, back]) stream.cut();
    },
    restore() {
      near.answered();
      far.answered();
      a.path.retry();
      b.path.retry();
    },
  };
}

interface TcpEndOptions {
  readonly scheduler: SchedulerLike;
  readonly here: TcpParty;
  readonly peer: TcpParty;
  readonly sending: TcpStream;
  readonly receiving: TcpStream;
}

class TcpEnd {
  readonly connection: MemoryConnection;
  private readonly options: TcpEndOptions;
  private readonly onEnd: () => void;
  private other: TcpEnd | undefined;
  private probing: number | undefined;
  /** Time in ms that the peer has to acknowledge, where it was set. */
  private limit: number | undefined;
  private givingUp = Subscription.EMPTY;
  private over = false;

  constructor(options: TcpEndOptions, onEnd: () => void) {
    this.options = options;
    this.onEnd = onEnd;
    const { here, peer, sending, receiving } = options;
    const { received$, ended$, pause, resume } = receiving.receiveQueue;
    this.connection = {
      local: here.endpoint,
      remote: peer.endpoint,
      received$,
      ended$,
      pause,
      resume,
      write: writing((bytes) => sending.write(bytes)),
      end: () => sending.finish(() => sending.receiveQueue.finish()),
      close: () => this.close(),
      reset: () => this.reset(),
      giveUpAfter: (time) => {
        this.limit = time;
      },
      keepAlive: ({ idle, interval, count }) => {
        this.probing = idle + interval * count;
      },
    };
  }

  meet(other: TcpEnd): void {
    this.other = other;
  }

  /** The connection is lost for this end. */
  broken(failure: 'reset' | 'timeout'): void {
    const { host, port } = this.options.peer.endpoint;
    const what = failure === 'reset' ? 'broke the connection off' : 'does not answer any more';
    this.finish({ by: 'lost', error: new NetworkError(failure, `${host}:${port} ${what}.`) });
  }

  /** Something sent from here has not reached the peer: its time to answer begins. */
  unanswered(): void {
    this.giveUpAfter(this.limit ?? this.options.here.conditions.timeout);
  }

  /** The peer cannot be reached: where probes are sent, they begin to fail. */
  probe(): void {
    if (this.probing !== undefined) this.giveUpAfter(this.probing);
  }

  answered(): void {
    this.givingUp.unsubscribe();
    this.givingUp = Subscription.EMPTY;
  }

  private giveUpAfter(delay: number): void {
    if (this.over || this.givingUp !== Subscription.EMPTY) return;
    this.givingUp = this.options.scheduler.schedule(() => this.broken('timeout'), delay);
  }

  private close(): Observable<never> {
    const { sending } = this.options;
    return new Observable<never>((subscriber) => {
      if (this.over) {
        subscriber.complete();
        return undefined;
      }
      const told = sending.finish(() => this.other?.closedByPeer());
      return told.subscribe({
        error: () => subscriber.complete(),
        complete: () => {
          this.finish({ by: 'local' });
          subscriber.complete();
        },
      });
    });
  }

  private closedByPeer(): void {
    this.finish({ by: 'remote' });
  }

  private reset(): void {
    if (this.over) return;
    const { host, port } = this.options.peer.endpoint;
    this.finish({
      by: 'lost',
      error: new NetworkError('reset', `The connection to ${host}:${port} was broken off here.`),
    });
    this.options.here.path.transmit(0, () => this.other?.broken('reset'));
  }

  private finish(reason: LinkEnd): void {
    if (this.over) return;
    this.over = true;
    this.answered();
    const { sending, receiving } = this.options;
    receiving.shut();
    receiving.receiveQueue.end(reason);
    sending.refuse(reason.by === 'lost' ? reason.error : streamEnded());
    this.onEnd();
  }
}
