import type { LinkState } from '@a7600/at-codec';
import { type LinkEnd, receiveQueue, writing } from '@a7600/transport';
import { Observable, ReplaySubject } from 'rxjs';
import { ModemError, sentence } from '../base/errors.js';
import type { Connection, LeaveBy } from '../line/connection.js';
import type { DataWriter } from '../line/data-writer.js';
import type { Ending, Outcome } from '../line/effects.js';
import { TRANSPARENT_LINK } from '../line/online-commands.js';
import type { OperationKind } from '../line/state.js';
import type { Endpoint, LinkHandler, LinkInfo } from '../links/link-handler.js';
import { sameEndpoint } from '../links/link-handler.js';
import type { Session } from '../session/session.js';
import type { TransparentSession } from './transparent-session.js';

/** How a transparent connection is used; see `TransparentOptions`. */
export type TransparentSettings = Pick<Connection, 'leaveBy' | 'confirmInterval' | 'yields'>;

/** What a {@link TransparentLink} is made with. */
export interface TransparentLinkOptions extends TransparentSettings {
  readonly remote: Endpoint;
  readonly server: number | undefined;
  /** Whether the connection is given up, and will be closed. */
  readonly isReleased: () => boolean;
  /** Called once, when data mode begins for the first time. */
  readonly onOpened: (link: TransparentLink) => void;
  /** Called when the module did not confirm that it entered data mode. */
  readonly onUnconfirmed?: () => void;
}

/** Link 0 in transparent mode: a {@link TransparentSession}, whose states are those of the line. */
export class TransparentLink implements TransparentSession, LinkHandler, Connection {
  readonly remote: Endpoint;
  readonly leaveBy: LeaveBy;
  readonly confirmInterval: number | undefined;
  readonly yields: boolean;
  readonly writer: DataWriter;
  private readonly session: Session;
  private readonly options: TransparentLinkOptions;
  private readonly queue = receiveQueue(() => this.session.line.throttle(this));
  private readonly gone = new ReplaySubject<never>(0);
  private state: LinkInfo['state'] = 'opening';
  /** Why the link is lost, from the caller that found out. */
  private loss: Error | undefined;
  private reason: number | undefined;

  readonly received$ = this.queue.received$;
  readonly ended$ = this.queue.ended$;
  /** Completes when the link is closed on the module. */
  readonly gone$: Observable<never> = this.gone.asObservable();

  constructor(session: Session, options: TransparentLinkOptions) {
    this.session = session;
    this.options = options;
    this.remote = options.remote;
    this.leaveBy = options.leaveBy;
    this.confirmInterval = options.confirmInterval;
    this.yields = options.yields;
    this.writer = session.line.writer(({ length }) => session.meter.observeData('sent', length));
  }

  get info(): LinkInfo {
    const { state, remote } = this;
    return { link: TRANSPARENT_LINK, kind: 'transparent', state, remote, server: this.options.server };
  }

  /** Whether the connection is given up: its link will be free. */
  get isReleased(): boolean {
    return this.options.isReleased();
  }

  get isAccepted(): boolean {
    return this.options.server !== undefined;
  }

  isCarriedBy({ host, port }: LinkState): boolean {
    return !this.isAccepted || sameEndpoint(this.remote, { host, port });
  }

  get hasDemand(): boolean {
    return this.queue.hasDemand;
  }

  readonly write = writing((bytes) => this.writer.write(bytes));

  pause(): void {
    this.queue.pause();
  }

  resume(): void {
    this.queue.resume();
  }

  enterCommandMode(): Observable<never> {
    return this.operation('enterCommandMode');
  }

  enterDataMode(): Observable<never> {
    return this.operation('enterDataMode');
  }

  close(): Observable<never> {
    return this.operation('close');
  }

  /** Closes without waiting for what is not accepted yet. Begins at once. */
  abort(): Observable<never> {
    const aborted = new ReplaySubject<never>(0);
    this.session.line.operate(this, 'abort', () => aborted.complete());
    return aborted;
  }

  entered(): void {
    if (this.state !== 'opening') return;
    this.state = 'open';
    this.session.links.changed();
    this.options.onOpened(this);
  }

  deliver(bytes: Uint8Array): void {
    this.session.meter.observeData('received', bytes.length);
    this.queue.push(bytes);
  }

  ended(how: Ending): void {
    if (this.state === 'closing') return;
    this.state = 'closing';
    if (how === 'unconfirmed') this.options.onUnconfirmed?.();
    const error = this.loss ?? this.errorOf(how);
    this.writer.end(error);
    this.queue.end(this.endOf(how, error));
    this.session.links.changed();
  }

  freed(): void {
    this.session.links.free(TRANSPARENT_LINK, this);
    this.session.watch.resume();
    this.gone.complete();
  }

  closedByModule(reason: number): void {
    this.reason = reason;
    this.session.line.linkClosed(this);
  }

  lost(error: Error): void {
    this.loss = error;
    const { line } = this.session;
    if (line.carries(this)) {
      line.lost(this);
      return;
    }
    this.ended('lost');
    this.freed();
  }

  replacedBy(): void {
    this.lost(this.errorOf('replaced'));
  }

  private operation(kind: OperationKind): Observable<never> {
    return new Observable((subscriber) => {
      this.session.line.operate(this, kind, (outcome) => {
        if (outcome === 'done') subscriber.complete();
        else subscriber.error(this.failure(outcome));
      });
    });
  }

  private failure(outcome: Exclude<Outcome, 'done'>): ModemError {
    const { name } = this;
    switch (outcome) {
      case 'gone':
        return this.error('LINK_CLOSED', `${name} has ended. Open another one.`);
      case 'stuck':
        return this.error(
          'TIMEOUT',
          `The module did not leave data mode: it answered no escape of ${name}. The session still carries data.`,
        );
      case 'refused':
        return this.error(
          'TIMEOUT',
          `The module did not return to data mode (ATO). Commands can be sent; call enterDataMode again.`,
        );
      case 'superseded':
        return this.error('WRONG_MODE', `${name} was asked for command mode before data mode was entered.`);
    }
  }

  private endOf(how: Ending, error: Error): LinkEnd {
    if (this.loss === undefined && how === 'closedHere') return { by: 'local' };
    if (this.loss === undefined && how === 'closedByModule' && this.reason !== 2) return { by: 'remote' };
    return { by: 'lost', error };
  }

  private errorOf(how: Ending): ModemError {
    return this.error('LINK_CLOSED', this.reasonFor(how), this.reason);
  }

  private reasonFor(how: Ending): string {
    const { name, reason } = this;
    switch (how) {
      case 'closedHere':
        return `${name} was closed from this side.`;
      case 'closedByModule':
        return reason === 2 ? `${name} ended: DTR went off.` : `The other side closed ${name}.`;
      case 'replaced':
        return `The module gave the link of ${name} to another client.`;
      case 'unconfirmed':
        return `${name} ended: the module did not confirm that it entered data mode.`;
      case 'restarted':
        return `${name} ended: the module restarted.`;
      case 'silent':
        return `${name} ended: the module does not answer.`;
      case 'lost':
        return `${name} was lost.`;
    }
  }

  private get name(): string {
    return `the transparent session with ${this.remote.host}:${this.remote.port}`;
  }

  private error(
    code: 'LINK_CLOSED' | 'TIMEOUT' | 'WRONG_MODE',
    message: string,
    reason?: number,
  ): ModemError {
    return new ModemError(code, sentence(message), { link: TRANSPARENT_LINK, reason });
  }
}
