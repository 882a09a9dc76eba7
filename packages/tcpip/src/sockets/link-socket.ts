/**
 * TCP and UDP sockets and servers over links, in buffer access and direct push.
 *
 * @module
 */

import { AtError, cipAck, isAtError, LinkCloseReason, type Payload } from '@a7600/at-codec';
import { type LinkEnd, type ReceiveQueue, receiveQueueOf } from '@a7600/transport';
import { EMPTY, map, Observable, ReplaySubject } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import { ModemError, type ModemErrorDetails, sentence } from '../base/errors.js';
import { isUnanswered } from '../base/refusals.js';
import { held } from '../links/link-commands.js';
import type { Doubt, Endpoint, LinkHandler, LinkInfo } from '../links/link-handler.js';
import type { Session } from '../session/session.js';
import { BufferReader } from './buffer-reader.js';
import { closeMessage, linkName } from './link-messages.js';
import { PushedBlocks } from './pushed-blocks.js';
import type { SocketOrigin } from './socket-origin.js';
import { Writer } from './writer.js';

/** Bytes that a slow consumer may leave here in direct push mode, which cannot be held back. */
const PUSH_LIMIT = 1_048_576;
const NOT_CONSUMED =
  `more than ${PUSH_LIMIT} bytes wait to be consumed, and direct push cannot be held back; ` +
  'open the network with receive: "buffer"';

/** Time in ms without progress after which `close` does not wait for what is not sent yet: a peer may never read it. */
const CLOSE_TIMEOUT = 120_000;

/** The module gave the link to another connection while it was being opened. */
export class LinkTaken extends Error {}

/**
 * A socket over a link.
 *
 * It is `opening` until its connection is made, then `open`, then `closing` (no more can be sent;
 * what was received is being fetched, or the module is being asked to close), then `gone`.
 */
export abstract class LinkSocket<T> implements LinkHandler {
  readonly link: number;
  readonly server: number | undefined;
  protected readonly session: Session;
  protected readonly receiveQueue: ReceiveQueue<T>;
  protected readonly writer: Writer;
  private readonly origin: SocketOrigin;
  /** In buffer access. */
  private readonly reader: BufferReader | undefined;
  private readonly gone = new ReplaySubject<never>(0);
  private state: LinkInfo['state'] | 'gone';
  /** In direct push mode. */
  private readonly blocks: PushedBlocks | undefined;
  /** Something was on its way when the number of the link was contested. */
  private wroteInQuestion = false;
  /** Stops asking whether something waits in the module that was not notified. */
  private readonly forgetHeld: Disposer | undefined;

  readonly ended$: Observable<LinkEnd>;
  /** Completes when the link is closed on the module and can be used again. */
  readonly gone$: Observable<never> = this.gone.asObservable();

  protected constructor(session: Session, origin: SocketOrigin, sizeOf: (chunk: T) => number) {
    const { lane, scheduler } = session;
    const { link, server, receive } = origin;
    this.session = session;
    this.origin = origin;
    this.link = link;
    this.server = server;
    this.state = server === undefined ? 'opening' : 'open';
    this.receiveQueue = receiveQueueOf(sizeOf, (hasDemand) => {
      if (hasDemand) this.reader?.wake();
    });
    this.ended$ = this.receiveQueue.ended$;
    if (receive === 'push') {
      this.blocks = new PushedBlocks({
        scheduler,
        isMidFrame: () => session.isMidFrame,
        take: (...chunk) => this.take(...chunk),
        onCutShort: () => {
          session.counters.count('framingErrors');
          this.cutShort();
        },
      });
    } else {
      this.reader = new BufferReader({
        link,
        lane,
        receiveQueue: this.receiveQueue,
        hex: receive === 'hex',
        scheduler,
        deliver: (chunks) => this.deliver(chunks),
        onLost: (error) => this.fail(error),
      });
    }
    this.forgetHeld =
      this.reader &&
      session.linkQuestions.add({
        command: held(link),
        found: (count) => {
          if (count > 0) this.reader?.notify();
          return this.compareHeld(count);
        },
        applies: () => this.isOpen,
      });
    this.writer = new Writer({
      link,
      lane,
      scheduler,
      isOurs: () => session.links.has(link, this),
      taken:
        origin.kind === 'tcp' ? () => lane.run(cipAck({ link })).pipe(map(({ sent }) => sent)) : undefined,
      onDown: (error) => this.down(error),
      onMisdirected: () => session.links.get(link)?.misdelivered?.(),
    });
  }

  /** Hands on what one read gave. */
  protected abstract deliver(chunks: readonly Uint8Array[]): void;
  /** Called with a chunk that the module pushed; see `LinkHandler.pushed`. */
  protected abstract take(chunk: Uint8Array, remaining: number, from: Endpoint | undefined): void;
  /** The block that was pushed last is not completed any more. */
  protected abstract cutShort(): void;
  /** The link is closed on the module and can be used again. */
  protected forgotten(): void {}
  /** Compares what the module holds with what it counts; what it returns is subscribed to. */
  protected compareHeld(_held: number): Observable<unknown> {
    return EMPTY;
  }

  get info(): LinkInfo {
    const { link, kind, remote, server } = this.origin;
    return { link, kind, state: this.state === 'gone' ? 'closing' : this.state, remote, server };
  }

  /** The connection is made. */
  opened(): void {
    if (this.state !== 'opening') return;
    this.state = 'open';
    this.session.links.changed();
    this.session.links.doubts.opened(this);
  }

  pause(): void {
    this.receiveQueue.pause();
  }

  resume(): void {
    this.receiveQueue.resume();
  }

  close(): Observable<never> {
    return new Observable((subscriber) => {
      const giveUp = this.writer.onStalled(CLOSE_TIMEOUT, () => this.abort());
      this.gone$.subscribe({ complete: giveUp });
      this.writer.whenIdle(() => this.whenRead(() => this.abort()));
      return this.gone$.subscribe(subscriber);
    });
  }

  /** Closes without waiting for what is not sent yet. */
  abort(): Observable<never> {
    this.closeOnModule({ by: 'local' }, this.ended(`${this.name} was closed from this side.`));
    return this.gone$;
  }

  /** Closes it because the observable that emitted it has no subscriber any more. */
  release(): Observable<never> {
    const message =
      `${this.name} was released because its subscription ended. Keep the subscription for as long as the socket ` +
      'is used (with promises: open() of @a7600/transport/async instead of firstValueFrom).';
    this.closeOnModule({ by: 'local' }, this.ended(message));
    return this.gone$;
  }

  dataWaiting(): void {
    this.reader?.notify();
  }

  pushed(chunk: Uint8Array, remaining: number, from: Endpoint | undefined): boolean {
    // In a buffered mode the watch finds out what this means.
    if (this.blocks === undefined) return false;
    this.blocks.begins(chunk.length, remaining);
    if (this.state === 'open' || this.state === 'opening') {
      this.blocks.push(chunk, remaining, from);
      if (this.receiveQueue.queuedBytes > PUSH_LIMIT) this.fail(new Error(NOT_CONSUMED));
    }
    return true;
  }

  blockAbandoned(): void {
    this.blocks?.abandoned();
  }

  orphanedRead(chunks: readonly Payload[]): void {
    // What is read before the connection is made is of the one that had the link before.
    if (this.state !== 'opening') this.reader?.orphanedRead(chunks);
  }

  replacedBy(successor: LinkHandler): void {
    if (successor instanceof LinkSocket && successor.reader !== undefined)
      this.reader?.handOver(successor.reader);
    this.lost(
      this.state === 'opening'
        ? new LinkTaken()
        : this.ended(`The module gave the link of ${this.name} away before all was read.`),
    );
  }

  framingLost(): void {
    this.blocks?.discard();
    this.fail(new AtError('FRAMING_LOST', 'bytes of a block that the module pushed were lost on the line'));
  }

  misdelivered(): void {
    this.fail(new Error('the module sent to it what was meant for the connection that had its link before'));
  }

  inQuestion(doubt: Doubt | undefined): void {
    const isContested = doubt === 'contested';
    this.wroteInQuestion = isContested && this.writer.isSending;
    this.writer.hold(doubt !== undefined);
    this.reader?.hold(isContested);
  }

  get wasUsed(): boolean {
    return this.wroteInQuestion || this.reader?.hasKept === true;
  }

  closedByModule(reason: number): void {
    if (this.state === 'open' && this.blocks?.isIncomplete) this.blocks.cutShort();
    else this.blocks?.close();
    if (this.state !== 'open') return;
    const error = this.ended(closeMessage(this.name, reason), { reason });
    // Only the other side ends a connection in good order: what it sent is complete then.
    const byPeer = reason !== LinkCloseReason.TIMEOUT_OR_DTR && reason !== LinkCloseReason.LOCAL;
    this.conclude(byPeer ? { by: 'remote' } : { by: 'lost', error }, error);
    const finish = () => {
      this.receiveQueue.finish();
      // The module still reports on what it took before, and only this link knows for whom.
      this.writer.whenIdle(() => this.finish());
    };
    if (this.reader === undefined) finish();
    else this.reader.drain(finish);
  }

  unlisted(error: Error): void {
    if (this.state === 'open' && this.blocks?.isIncomplete) this.blocks.cutShort();
    else this.lost(error);
  }

  lost(error: Error): void {
    if (this.state === 'gone') return;
    this.blocks?.discard();
    this.conclude({ by: 'lost', error }, error);
    this.receiveQueue.fail(error);
    this.finish();
  }

  /** Calls `done` when what the module holds by now has been read, if anybody wants it. */
  private whenRead(done: () => void): void {
    const isWanted = this.state === 'open' && this.receiveQueue.hasDemand;
    if (isWanted && this.reader !== undefined) this.reader.drainHeld(done);
    else done();
  }

  /** Whether something can be sent. */
  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** What the socket is, for messages. */
  protected get name(): string {
    return linkName(this.origin);
  }

  protected ended(message: string, details: Pick<ModemErrorDetails, 'cause' | 'reason'> = {}): ModemError {
    return new ModemError('LINK_CLOSED', sentence(message), { ...details, link: this.link });
  }

  /** The module says that the link is down, or what was sent or received is not certain any more. */
  protected fail(cause: Error | undefined): void {
    const code = isAtError(cause, 'FRAMING_LOST') ? 'FRAMING_LOST' : 'LINK_CLOSED';
    const message = `${this.name} broke${cause === undefined ? '.' : `: ${cause.message}`}`;
    const error = new ModemError(code, sentence(message), { cause, link: this.link });
    this.session.links.refused(cause);
    if (this.state === 'closing') this.giveUp(error);
    else this.closeOnModule({ by: 'lost', error }, error);
  }

  /** The module did not take what was to be sent: the end that it has reported is true, if it has. */
  private down(cause: Error | undefined): void {
    const reason = this.session.links.doubts.reportedEnd(this);
    if (reason === undefined || isUnanswered(cause)) this.fail(cause);
    else this.closedByModule(reason);
  }

  /** The bytes that a closed connection left in the module cannot be read. */
  private giveUp(error: Error): void {
    this.receiveQueue.fail(error);
    this.closeLink();
  }

  private closeOnModule(reason: LinkEnd, error: Error): void {
    if (this.state !== 'open' && this.state !== 'opening') return;
    this.conclude(reason, error);
    this.blocks?.discard();
    this.receiveQueue.finish();
    this.closeLink();
  }

  private closeLink(): void {
    this.session.links.close(this.link).subscribe({ complete: () => this.finish() });
  }

  private conclude(reason: LinkEnd, error: Error): void {
    this.state = 'closing';
    // The module reports on what it took before the other side closed.
    this.writer.end(error, reason.by === 'remote' ? 'is awaited' : 'fails');
    this.receiveQueue.announce(reason);
    this.session.links.changed();
  }

  private finish(): void {
    if (this.state === 'gone') return;
    this.state = 'gone';
    this.reader?.stop();
    this.forgetHeld?.();
    this.forgotten();
    this.session.links.free(this.link, this);
    this.gone.complete();
  }
}
