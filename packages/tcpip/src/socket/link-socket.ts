import { inlet, type LinkEnd } from '@a7600/transport';
import { Observable, ReplaySubject } from 'rxjs';
import { ModemError } from '../errors.js';
import type { LinkOwner } from '../links.js';
import type { Session } from '../session.js';
import { BufferReader } from './reader.js';
import type { TcpSocket } from './tcp-socket.js';
import { Writer } from './writer.js';

/** What is known of a link when it becomes a socket. */
export interface SocketOrigin {
  readonly link: number;
  readonly remote: TcpSocket['remote'];
  readonly server: number | undefined;
}

/**
 * A socket over a link in buffer access mode.
 *
 * It is `open`, then `ending` (no more can be sent; what was received is being fetched, or the
 * module is being asked to close), then `gone`.
 */
export class LinkSocket implements TcpSocket, LinkOwner {
  readonly link: number;
  readonly remote: TcpSocket['remote'];
  readonly server: number | undefined;
  private readonly session: Session;
  private readonly inlet = inlet((flowing) => {
    if (flowing) this.reader.wake();
  });
  private readonly reader: BufferReader;
  private readonly writer: Writer;
  private state: 'open' | 'ending' | 'gone' = 'open';
  private readonly gone = new ReplaySubject<never>(0);

  readonly received$ = this.inlet.received$;
  readonly ended$ = this.inlet.ended$;
  /** Completes when the link is closed on the module and can be used again. */
  readonly gone$: Observable<never> = this.gone.asObservable();

  constructor(session: Session, { link, remote, server }: SocketOrigin) {
    const { lane, scheduler } = session;
    this.session = session;
    this.link = link;
    this.remote = remote;
    this.server = server;
    this.reader = new BufferReader(link, lane, this.inlet, (error) => this.fail(error));
    this.writer = new Writer(link, lane, scheduler, (error) => this.fail(error));
  }

  write(bytes: Uint8Array): Observable<never> {
    return this.writer.write(bytes);
  }

  pause(): void {
    this.inlet.pause();
  }

  resume(): void {
    this.inlet.resume();
  }

  close(): Observable<never> {
    return new Observable((subscriber) => {
      this.writer.whenIdle(() => this.abort());
      return this.gone$.subscribe(subscriber);
    });
  }

  /** Closes without waiting for what is not sent yet. */
  abort(): Observable<never> {
    const message = `The connection to ${this.peer()} was closed from this side.`;
    this.closeOnModule({ by: 'local' }, new ModemError('LINK_CLOSED', message, { link: this.link }));
    return this.gone$;
  }

  dataWaiting(): void {
    this.reader.notify();
  }

  poll(): void {
    if (this.inlet.flowing) this.reader.notify();
  }

  closedByModule(reason: number): void {
    if (this.state !== 'open') return;
    const timedOut = reason === 2;
    const error = new ModemError(
      'LINK_CLOSED',
      timedOut
        ? `The module gave up the connection to ${this.peer()}: sending timed out.`
        : `${this.peer()} closed the connection.`,
      { link: this.link },
    );
    this.conclude(timedOut ? { by: 'lost', error } : { by: 'remote' }, error);
    this.reader.drain(() => {
      this.inlet.finish();
      this.finish();
    });
  }

  lost(error: Error): void {
    if (this.state === 'gone') return;
    this.conclude({ by: 'lost', error }, error);
    this.inlet.finish();
    this.finish();
  }

  /** The module says that the link is down, or what was sent or received is not certain any more. */
  private fail(cause: Error | undefined): void {
    const error = new ModemError(
      'LINK_CLOSED',
      `The connection to ${this.peer()} broke${cause === undefined ? '' : `: ${cause.message}`}`,
      { link: this.link, cause },
    );
    this.closeOnModule({ by: 'lost', error }, error);
  }

  private closeOnModule(reason: LinkEnd, error: Error): void {
    if (this.state !== 'open') return;
    this.conclude(reason, error);
    this.inlet.finish();
    this.session.links.close(this.link).subscribe({ complete: () => this.finish() });
  }

  private conclude(reason: LinkEnd, error: Error): void {
    if (this.state === 'open') this.state = 'ending';
    this.writer.end(error);
    this.inlet.announce(reason);
  }

  private peer(): string {
    return `${this.remote.host}:${this.remote.port}`;
  }

  private finish(): void {
    this.state = 'gone';
    this.session.links.free(this.link, this);
    this.gone.complete();
  }
}
