import { ato, cipOpen, isAtError } from '@a7600/at-codec';
import { type ByteLink, type LinkEnd, receiveQueue, type SerialLink, writing } from '@a7600/transport';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  map,
  Observable,
  of,
  ReplaySubject,
  Subscription,
  throwError,
} from 'rxjs';
import { ModemError, sentence } from '../base/errors.js';
import type { Endpoint, LinkHandler, LinkInfo } from '../links/link-handler.js';
import type { Session } from '../session/session.js';
import { DataReader } from './data-reader.js';
import { DataWriter } from './data-writer.js';
import type { TransparentSession } from './transparent-session.js';

/** The only link that can be transparent (application note, 1.6). */
export const TRANSPARENT_LINK = 0;

/** How data mode is left. */
export type LeaveBy = 'plus' | 'dtr';

/** Time in ms for the module to answer an escape, and how often it is tried. */
const ESCAPE_TIMEOUT = 3_000;
const ESCAPES = 3;

const PLUSES = Uint8Array.of(0x2b, 0x2b, 0x2b);

/**
 * A {@link TransparentSession}. It is `opening` until `CONNECT`, then in `data` mode; `leaving`
 * while it waits for the answer to an escape, then in `command` mode; `returning` while `ATO` is in
 * flight; `closing` while the module is being asked to close, then `gone`.
 */
export class TransparentLink implements TransparentSession, LinkHandler {
  readonly remote: Endpoint;
  private readonly session: Session;
  private readonly server: number | undefined;
  private readonly leaveBy: LeaveBy;
  private readonly receiveQueue = receiveQueue((hasDemand) => this.throttle(hasDemand));
  private readonly writer: DataWriter;
  private readonly reader: DataReader;
  private readonly gone = new ReplaySubject<never>(0);
  private mode: 'opening' | 'data' | 'leaving' | 'command' | 'returning' | 'closing' | 'gone' = 'opening';
  /** Of the last return to data mode: how it ended. */
  private returned: Observable<never> = EMPTY;
  private timer = Subscription.EMPTY;
  /** What to do once the module answers the escape, or does not. */
  private leaving: { readonly done: () => void; readonly failed: () => void } | undefined;

  readonly received$ = this.receiveQueue.received$;
  readonly ended$ = this.receiveQueue.ended$;
  /** Completes when the link is closed on the module. */
  readonly gone$: Observable<never> = this.gone.asObservable();

  constructor(session: Session, remote: Endpoint, server: number | undefined, leaveBy: LeaveBy) {
    this.session = session;
    this.remote = remote;
    this.server = server;
    this.leaveBy = leaveBy;
    this.writer = new DataWriter(session.port, session.scheduler);
    this.reader = new DataReader(session.scheduler, {
      deliver: (bytes) => this.receiveQueue.push(bytes),
      suspicious: () => this.suspect(),
      escaped: () => this.escaped(),
    });
    // Data may stand right behind a CONNECT, before anybody was told of that.
    session.onData = ({ raw }) => this.reader.receive(raw);
  }

  get info(): LinkInfo {
    const { mode, remote, server } = this;
    const state = mode === 'opening' ? 'opening' : mode === 'closing' || mode === 'gone' ? 'closing' : 'open';
    return { link: TRANSPARENT_LINK, kind: 'transparent', state, remote, server };
  }

  /** `CONNECT` was there: what follows is data. */
  enterData(): void {
    if (this.mode === 'gone') return;
    this.mode = 'data';
    this.session.links.changed();
    this.throttle(this.receiveQueue.hasDemand);
    this.writer.release();
  }

  readonly write = writing((bytes) => this.writer.write(bytes));

  pause(): void {
    this.receiveQueue.pause();
  }

  resume(): void {
    this.receiveQueue.resume();
  }

  suspend(): Observable<never> {
    return new Observable((subscriber) => {
      if (this.mode === 'command') {
        subscriber.complete();
      } else if (this.mode === 'data') {
        this.leave(
          () => subscriber.complete(),
          () => {
            if (this.reader.suspects) this.confirmClosed();
            else this.enterData();
            subscriber.error(
              this.error(
                'TIMEOUT',
                `The module did not leave data mode: ${ESCAPES} escapes went unanswered.`,
              ),
            );
          },
        );
      } else {
        subscriber.error(this.error('WRONG_MODE', 'The transparent session is not in data mode.'));
      }
    });
  }

  proceed(): Observable<never> {
    return defer(() => {
      if (this.mode === 'data') return EMPTY;
      if (this.mode === 'command') return this.comeBack();
      return this.mode === 'returning'
        ? this.returned
        : throwError(() => this.error('LINK_CLOSED', `${this.name} has ended.`));
    });
  }

  close(): Observable<never> {
    return new Observable((subscriber) => {
      if (this.mode === 'data') this.writer.whenIdle(() => this.abort());
      else this.abort();
      return this.gone$.subscribe(subscriber);
    });
  }

  /** Closes without waiting for what is not taken yet. */
  abort(): Observable<never> {
    const end = () => {
      if (this.mode === 'gone' || this.mode === 'closing') return;
      this.mode = 'closing';
      this.session.links.changed();
      this.conclude({ by: 'local' }, this.error('LINK_CLOSED', `${this.name} was closed from this side.`));
      this.session.links.close(TRANSPARENT_LINK).subscribe({ complete: () => this.finish() });
    };
    // Whether or not the escape is answered: the lane finds out whether the module listens.
    if (this.mode === 'data') this.leave(end, () => this.toCommandMode(end));
    else if (this.mode === 'leaving') this.leaving = { done: end, failed: () => this.toCommandMode(end) };
    else if (this.mode === 'returning') {
      const again = () => this.abort();
      this.returned.subscribe({ error: again, complete: again });
    } else end();
    return this.gone$;
  }

  closedByModule(reason: number): void {
    if (this.mode !== 'command') return;
    const error = this.error(
      'LINK_CLOSED',
      reason === 2 ? `${this.name} ended: DTR went off.` : `The other side closed ${this.name}.`,
      reason,
    );
    this.mode = 'closing';
    this.conclude(reason === 2 ? { by: 'lost', error } : { by: 'remote' }, error);
    this.finish();
  }

  lost(error: Error): void {
    if (this.mode === 'gone') return;
    this.timer.unsubscribe();
    this.reader.end();
    this.conclude({ by: 'lost', error }, error);
    this.finish();
  }

  replacedBy(): void {
    this.lost(this.error('LINK_CLOSED', `The module gave the link of ${this.name} away.`));
  }

  /** Leaves data mode, then calls one of the two. */
  private leave(done: () => void, failed: () => void): void {
    this.mode = 'leaving';
    this.leaving = { done, failed };
    this.session.port.resume();
    this.tryEscape(ESCAPES);
  }

  private tryEscape(left: number): void {
    const again = () => {
      if (this.mode !== 'leaving') return;
      if (left > 1) {
        this.tryEscape(left - 1);
        return;
      }
      const { leaving } = this;
      this.leaving = undefined;
      leaving?.failed();
    };
    this.writer.hold(() => {
      this.reader.awaitEscape();
      const { port, scheduler } = this.session;
      const send$ = this.leaveBy === 'dtr' && hasLines(port) ? dropDtr(port) : port.write(PLUSES);
      send$.subscribe({ error: () => {} });
      this.timer.unsubscribe();
      this.timer = scheduler.schedule(again, ESCAPE_TIMEOUT);
    });
  }

  /** The module has left data mode. */
  private escaped(): void {
    if (this.mode !== 'leaving') return;
    const { leaving } = this;
    this.leaving = undefined;
    this.toCommandMode(() => leaving?.done());
  }

  private toCommandMode(then: () => void): void {
    this.timer.unsubscribe();
    this.mode = 'command';
    this.session.lane.enterCommandMode();
    then();
  }

  /** Goes on in data mode, whether or not anybody waits for it. */
  private comeBack(): Observable<never> {
    const returned = new ReplaySubject<never>(0);
    this.returned = returned;
    this.mode = 'returning';
    const ended = (settle: () => void) => {
      if (this.mode === 'returning') settle();
      else this.session.lane.enterCommandMode();
    };
    this.session.lane
      .run(ato())
      .pipe(ignoreElements())
      .subscribe({
        error: (error: unknown) => {
          ended(() => {
            this.mode = 'command';
            if (isAtError(error, 'NO_CARRIER')) this.closedByModule(1);
          });
          returned.error(error);
        },
        complete: () => {
          ended(() => this.enterData());
          returned.complete();
        },
      });
    return returned;
  }

  /** There may have been a `CLOSED`: the answer to an escape tells. One may be under way already. */
  private suspect(): void {
    if (this.mode !== 'data') return;
    this.leave(
      () => this.comeBack(),
      () => this.confirmClosed(),
    );
  }

  /** There was a `CLOSED`, and no answer to an escape: asks the module whether the link is there. */
  private confirmClosed(): void {
    const { lane } = this.session;
    this.toCommandMode(() => {});
    const open$ = lane.run(cipOpen.read()).pipe(
      map((links) => links.some(({ link }) => link === TRANSPARENT_LINK)),
      catchError(() => of(false)),
    );
    open$.subscribe((open) => {
      if (open) {
        this.reader.trust();
        this.comeBack();
        return;
      }
      const { lines } = this.reader.end();
      this.closedByModule(1);
      this.session.replay(lines);
    });
  }

  private throttle(hasDemand: boolean): void {
    if (this.mode !== 'data') return;
    if (hasDemand) this.session.port.resume();
    else this.session.port.pause();
  }

  private conclude(reason: LinkEnd, error: Error): void {
    this.writer.end(error);
    this.receiveQueue.end(reason);
  }

  private finish(): void {
    if (this.mode === 'gone') return;
    if (this.mode === 'data' || this.mode === 'leaving') this.toCommandMode(() => {});
    this.mode = 'gone';
    this.session.onData = undefined;
    this.session.port.resume();
    this.session.links.free(TRANSPARENT_LINK, this);
    this.gone.complete();
  }

  private get name(): string {
    return `the transparent session with ${this.remote.host}:${this.remote.port}`;
  }

  private error(
    code: 'LINK_CLOSED' | 'TIMEOUT' | 'WRONG_MODE',
    message: string,
    reason?: number,
  ): ModemError {
    return new ModemError(code, sentence(message), {
      link: TRANSPARENT_LINK,
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

/** Whether a link has the lines of a serial port. */
export function hasLines(link: ByteLink): link is SerialLink {
  return 'setLines' in link;
}

/** `AT&D1`: DTR going off leaves data mode. */
function dropDtr(link: SerialLink): Observable<never> {
  return concat(link.setLines({ dtr: false }), link.setLines({ dtr: true }));
}
