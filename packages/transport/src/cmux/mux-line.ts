import {
  defer,
  EMPTY,
  filter,
  ignoreElements,
  type Observable,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  Subscription,
  take,
  throwError,
  timer,
} from 'rxjs';
import type { ByteLink, LinkEnd } from '../byte-link.js';
import { lineClosed, notReady } from './errors.js';
import { type FrameDecoder, frameDecoder } from './frame-decoder.js';
import { FrameSender } from './frame-sender.js';
import type { Signals } from './message.js';
import { beginMultiplexing, multiplexer } from './multiplexer.js';
import type {
  EndReason,
  MultiplexerEffect,
  MultiplexerEvent,
  MultiplexerState,
  Step,
  TimerName,
} from './state.js';
import { CONTROL } from './steps.js';

/** N1 where nothing else was agreed (3GPP TS 27.010, 5.7.2); messages of the control channel need that much. */
export const DEFAULT_FRAME_SIZE = 31;
/** Silence in the middle of a frame, in ms, after which its length is taken for damaged. */
const FRAME_TIMEOUT = 100;
/**
 * Time in ms after which a channel that the module holds back is asked whether it still does: the message that
 * releases it may be lost.
 */
const HOLD_CONFIRMED_AFTER = 60_000;
/** Bytes that wait in a channel while its consumer is away; at twice as many the port is paused. */
export const HIGH_WATER = 16_384;

/** What a {@link MuxLine} is made with. Times are in ms. */
export interface MuxLineOptions {
  readonly frameSize: number;
  /** The longest payload of a frame that is read while the module has not agreed to a size. */
  readonly receiveSize: number;
  readonly onDiscarded?: ((bytes: Uint8Array) => void) | undefined;
  readonly limits: Readonly<Record<'T1' | 'T2', number>>;
  readonly scheduler: SchedulerLike;
}

/** One channel's side of what happens on the line. */
export interface ChannelHandler {
  opened(): void;
  data(bytes: Uint8Array): void;
  signals(signals: Signals): void;
  /** The channel is gone; an error is the line's. */
  closed(reason: EndReason | Error): void;
  /** Bytes that its consumer has not taken yet. */
  readonly queuedBytes: number;
}

/** Carries out what the multiplexer decides: frames on the port, timers, calls to the channels. */
export class MuxLine {
  private readonly port: ByteLink;
  private readonly options: MuxLineOptions;
  private readonly decoder: FrameDecoder;
  private readonly sender: FrameSender;
  private readonly handlers = new Map<number, ChannelHandler>();
  private readonly closedChannels = new Subject<number>();
  private readonly timers = new Map<TimerName, Subscription>();
  private readonly life = new Subscription();
  private readonly readiness = new ReplaySubject<void>(1);
  private readonly ended = new ReplaySubject<EndReason>(1);
  private state: MultiplexerState;
  private partial: Subscription | undefined;
  /** Chunks that are being read, and wait to be. */
  private readonly arrived: Uint8Array[] = [];
  /** By channel: emits the size of frames that the module agrees to. */
  private readonly negotiations = new Map<number, Subject<number | undefined>>();
  private throttled = false;

  /** Emits once the module has acknowledged the multiplexer; errors when it does not. Replays. */
  readonly ready$: Observable<void> = this.readiness.asObservable();
  /** Emits why the multiplexer ended, errors when the line was lost. Replays. */
  readonly ended$: Observable<EndReason> = this.ended.asObservable();

  constructor(port: ByteLink, options: MuxLineOptions) {
    this.port = port;
    this.options = options;
    const { scheduler } = options;
    this.sender = new FrameSender({
      port,
      scheduler,
      frameSize: (dlci) => this.state.sizes.get(dlci) ?? options.frameSize,
      maySend: (dlci) => this.maySend(dlci),
    });
    this.decoder = frameDecoder(
      () => this.longestFrame,
      (frame) => this.handle({ kind: 'received', frame }),
      options.onDiscarded,
    );
    this.life.add(() => this.sender.stop());
    const first = beginMultiplexing();
    this.state = first.state;
    this.life.add(port.received$.subscribe({ next: (chunk) => this.receive(chunk), error: () => {} }));
    this.life.add(port.ended$.subscribe((end) => this.lose(end)));
    this.enter(first);
    this.sender.pump();
  }

  get faults() {
    return this.decoder.faults;
  }

  /** Asks for a channel. False while the multiplexer has ended, or has that channel already. */
  open(dlci: number, handler: ChannelHandler): boolean {
    if (this.state.phase !== 'open' || this.handlers.has(dlci)) return false;
    this.handlers.set(dlci, handler);
    this.handle({ kind: 'open', dlci });
    return true;
  }

  /** Completes when a channel that is being closed is closed; at once for any other one. */
  free(dlci: number): Observable<never> {
    return defer(() =>
      this.state.channels.get(dlci)?.phase === 'closing'
        ? this.closedChannels.pipe(
            filter((closed) => closed === dlci),
            take(1),
            ignoreElements(),
          )
        : EMPTY,
    );
  }

  /** Gives an event to the multiplexer and does what it decides. */
  handle(event: MultiplexerEvent): void {
    this.enter(multiplexer(this.state, event, this.options.frameSize));
    this.sender.pump();
  }

  /** Asks the module for a size of frames on a channel; see `Multiplexed.negotiate`. */
  negotiate(dlci: number): Observable<number | undefined> {
    return defer(() => {
      if (this.state.phase !== 'open') return throwError(lineClosed);
      const known = this.negotiations.get(dlci);
      if (known !== undefined) return known;
      const answer = new ReplaySubject<number | undefined>(1);
      this.negotiations.set(dlci, answer);
      this.handle({ kind: 'negotiate', dlci });
      return answer;
    });
  }

  /** Queues bytes on an open channel. Returns a function that removes what was not sent yet. */
  write(dlci: number, bytes: Uint8Array, accepted: () => void): () => void {
    return this.sender.write(dlci, bytes, accepted);
  }

  /** Reconsiders whether the port has to be paused, after a consumer has taken bytes. */
  settle(): void {
    const isFull = [...this.handlers.values()].some(({ queuedBytes }) => queuedBytes > 2 * HIGH_WATER);
    if (isFull === this.throttled) return;
    this.throttled = isFull;
    if (isFull) this.port.pause();
    else this.port.resume();
  }

  /** What arrives while frames are being read (a consumer may write, and be answered at once) waits for its turn. */
  private receive(chunk: Uint8Array): void {
    this.arrived.push(chunk);
    if (this.arrived.length > 1) return;
    for (let next: Uint8Array | undefined = chunk; next !== undefined; next = this.arrived[0]) {
      this.decoder.push(next);
      this.arrived.shift();
    }
    this.awaitRest();
  }

  /** A frame that has begun is given up when nothing follows. */
  private awaitRest(): void {
    this.partial?.unsubscribe();
    this.partial = undefined;
    if (!this.decoder.isPartial || this.life.closed) return;
    this.partial = timer(FRAME_TIMEOUT, this.options.scheduler).subscribe(() => this.decoder.resynchronize());
    this.life.add(this.partial);
  }

  private enter({ state, effects }: Step): void {
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: MultiplexerEffect): void {
    switch (effect.kind) {
      case 'send':
        this.sender.command(effect.frame);
        return;
      case 'start':
        this.start(effect.timer, effect.limit);
        return;
      case 'stop':
        this.timers.get(effect.timer)?.unsubscribe();
        return;
      case 'ready':
        this.readiness.next();
        this.readiness.complete();
        return;
      case 'negotiated': {
        const answer = this.negotiations.get(effect.dlci);
        this.negotiations.delete(effect.dlci);
        answer?.next(effect.frameSize);
        answer?.complete();
        return;
      }
      case 'opened':
        this.handlers.get(effect.dlci)?.opened();
        return;
      case 'data':
        this.handlers.get(effect.dlci)?.data(effect.bytes);
        this.settle();
        return;
      case 'signals':
        this.handlers.get(effect.dlci)?.signals(effect.signals);
        return;
      case 'held':
        return;
      case 'closed':
        this.closed(effect.dlci, effect.reason);
        return;
      case 'ended':
        this.finish(effect.reason);
        return;
    }
  }

  private start(name: TimerName, limit: 'T1' | 'T2' | 'hold'): void {
    this.timers.get(name)?.unsubscribe();
    const { limits, scheduler } = this.options;
    const time = limit === 'hold' ? HOLD_CONFIRMED_AFTER : limits[limit];
    const running = timer(time, scheduler).subscribe(() => {
      this.timers.delete(name);
      // A channel on which nothing waits may be held back for as long as the module likes.
      if (limit === 'hold' && !this.isWaitingFor(name)) this.start(name, limit);
      else this.handle({ kind: 'expired', timer: name });
    });
    this.timers.set(name, running);
    this.life.add(running);
  }

  private isWaitingFor(name: TimerName): boolean {
    const dlci = Number(name.split(' ')[1]);
    const channels = dlci === CONTROL ? [...this.handlers.keys()] : [dlci];
    return channels.some((each) => this.sender.isWaiting(each));
  }

  /** The longest payload in bytes that the module may send now. */
  private get longestFrame(): number {
    const { channels, sizes } = this.state;
    const agreed = [...channels.keys()].map((dlci) => sizes.get(dlci));
    const { receiveSize } = this.options;
    const longest =
      agreed.length === 0 ? receiveSize : Math.max(...agreed.map((size) => size ?? receiveSize));
    return Math.max(longest, DEFAULT_FRAME_SIZE);
  }

  private maySend(dlci: number): boolean {
    const channel = this.state.channels.get(dlci);
    return !this.state.isHeld && channel?.phase === 'open' && channel.remote?.fc === false;
  }

  private closed(dlci: number, reason: EndReason | Error): void {
    const handler = this.handlers.get(dlci);
    this.handlers.delete(dlci);
    this.sender.clear(dlci);
    handler?.closed(reason);
    this.settle();
    this.closedChannels.next(dlci);
  }

  private finish(reason: EndReason): void {
    // From now on the line carries no frames; what comes waits in the port for its next user.
    this.life.unsubscribe();
    this.readiness.error(notReady(reason));
    this.abandonNegotiations(lineClosed());
    this.ended.next(reason);
    this.ended.complete();
  }

  private lose(end: LinkEnd): void {
    const error = end.by === 'lost' ? end.error : lineClosed();
    this.life.unsubscribe();
    this.state = { ...this.state, phase: 'closed', channels: new Map() };
    for (const dlci of [...this.handlers.keys()]) this.closed(dlci, error);
    this.readiness.error(error);
    this.abandonNegotiations(error);
    this.ended.error(error);
  }

  private abandonNegotiations(error: Error): void {
    for (const answer of this.negotiations.values()) answer.error(error);
    this.negotiations.clear();
  }
}
