import { cipAck, joinChunks, type LinkProgress } from '@a7600/at-codec';
import { type WriteData, writing } from '@a7600/transport';
import { defer, ignoreElements, mergeMap, Observable, throwError } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import { until } from '../base/until.js';
import type { Endpoint } from '../links/link-handler.js';
import type { Session } from '../session/session.js';
import type { Acknowledging } from '../watch/acknowledgements.js';
import type { Finding } from './byte-counts.js';
import { CountCheck } from './count-check.js';
import { neverSent } from './link-messages.js';
import { LinkSocket } from './link-socket.js';
import type { SocketOrigin } from './socket-origin.js';
import type { TcpSocket } from './tcp-socket.js';

const FINDINGS = {
  'bytes are missing':
    'bytes that the module has received for it are missing (AT+CIPACK): another program has read them',
  'bytes are added':
    'the module has sent more than this program wrote (AT+CIPACK): another program writes to it',
};

/** A {@link TcpSocket} over a link. */
export class TcpLink extends LinkSocket<Uint8Array> implements TcpSocket, Acknowledging {
  readonly remote: Endpoint;
  readonly received$ = this.receiveQueue.received$;

  private readonly check: CountCheck;
  /** Bytes that the module gave. */
  private read = 0;
  /** Stops asking what its peer has acknowledged. */
  private readonly forget: Disposer;

  constructor(session: Session, origin: Omit<SocketOrigin, 'kind'> & { readonly remote: Endpoint }) {
    super(session, { ...origin, kind: 'tcp' }, (bytes) => bytes.length);
    this.remote = origin.remote;
    const { lane, scheduler } = session;
    this.check = new CountCheck({
      ...{ link: this.link, lane, scheduler },
      isPushed: origin.receive === 'push',
      isOpen: () => this.isOpen,
      own: () => ({ read: this.read, confirmed: this.writer.confirmed, submitted: this.writer.submitted }),
      onLost: () => this.framingLost(),
      onFound: (found) => this.spoiled(found),
    });
    this.forget = session.acknowledgements.add(this);
  }

  protected override forgotten(): void {
    this.forget();
  }

  /** Where it is connected to, for the watch. */
  get host(): string {
    return this.remote.host;
  }

  /** Bytes that the module has taken. */
  get written(): number {
    return this.writer.confirmed;
  }

  readonly write = (data: WriteData): Observable<never> =>
    this.session.noticed(this.send(data), () => neverSent(`write() of ${this.name}`));
  private readonly send = writing((bytes) => this.writer.write({ bytes }));

  delivered(): Observable<never> {
    const { lane, scheduler } = this.session;
    const written$ = new Observable<number>((subscriber) =>
      this.writer.whenIdle(() => {
        subscriber.next(this.writer.confirmed);
        subscriber.complete();
      }),
    );
    const progress$ = defer(() =>
      this.isOpen
        ? lane.run(cipAck({ link: this.link }))
        : throwError(() => this.ended(`${this.name} has ended before everything was acknowledged.`)),
    );
    return written$.pipe(
      mergeMap((bytes) => progress$.pipe(until(({ acknowledged }) => acknowledged >= bytes, scheduler))),
      ignoreElements(),
    );
  }

  protected deliver(chunks: readonly Uint8Array[]): void {
    // As one, however the line has cut it: programs that take what comes at a time for a message,
    // which TCP does not promise and a computer's own network nearly always gives, are common.
    const bytes = joinChunks(chunks);
    this.read += bytes.length;
    this.receiveQueue.push(bytes);
  }

  protected take(chunk: Uint8Array): void {
    this.read += chunk.length;
    this.receiveQueue.push(chunk);
  }

  counted(progress: LinkProgress): Observable<unknown> {
    return this.check.counted(progress);
  }

  protected override compareHeld(held: number): Observable<unknown> {
    return this.check.held(held);
  }

  /** The counters of the module show that the connection is not what it should be. */
  private spoiled(found: Finding): void {
    if (found === 'another connection') this.session.links.lose(this, this.ended(this.replaced));
    else this.fail(new Error(FINDINGS[found]));
  }

  private get replaced(): string {
    const { name, link } = this;
    return `${name} has ended unheard: link ${link} has the counters of another connection (AT+CIPACK).`;
  }

  protected cutShort(): void {
    this.framingLost();
  }
}
