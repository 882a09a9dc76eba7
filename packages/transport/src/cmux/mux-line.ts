import { type Observable, ReplaySubject, type SchedulerLike, Subscription, timer } from 'rxjs';
import type { ByteLink, LinkEnd } from '../byte-link.js';
import { lineClosed, notReady } from './errors.js';
import { encodeFrame } from './frame.js';
import { type FrameDecoder, frameDecoder } from './frame-decoder.js';
import type { Signals } from './message.js';
import { beginMultiplexing, multiplexer } from './multiplexer.js';
import { Outbox } from './outbox.js';
import { Pacer } from './pacer.js';
import type {
  EndReason,
  MultiplexerEffect,
  MultiplexerEvent,
  MultiplexerState,
  Step,
  TimerName,
} from './state.js';

/**
 * Frames that may be unsent in the port: enough to keep it busy, few enough that a command does not wait long. A
 * port accepts more than it has sent, so what has left it is reckoned from its rate, where it has one.
 */
const MOST_UNSENT = 2;
/** N1 where nothing else was agreed (3GPP TS 27.010, 5.7.2); messages of the control channel need that much. */
export const DEFAULT_FRAME_SIZE = 31;
/** Silence in the middle of a frame, in ms, after which its length is taken for damaged. */
const FRAME_TIMEOUT = 100;
/** Bytes that wait in a channel while its consumer is away; at twice as many the port is paused. */
export const HIGH_WATER = 16_384;

/** What a {@link MuxLine} is made with. Times are in ms. */
export interface MuxLineOptions {
  readonly frameSize: number;
  /** The longest payload of a frame that is read. */
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
  private readonly outbox: Outbox;
  private readonly handlers = new Map<number, ChannelHandler>();
  private readonly timers = new Map<TimerName, Subscription>();
  private readonly life = new Subscription();
  private readonly readiness = new ReplaySubject<void>(1);
  private readonly ended = new ReplaySubject<EndReason>(1);
  private state: MultiplexerState;
  private partial: Subscription | undefined;
  /** Frames that the port has not accepted. */
  private unaccepted = 0;
  private readonly pacer: Pacer;
  private pumping = false;
  private throttled = false;

  /** Emits once the module has acknowledged the multiplexer; errors when it does not. Replays. */
  readonly ready$: Observable<void> = this.readiness.asObservable();
  /** Emits why the multiplexer ended, errors when the line was lost. Replays. */
  readonly ended$: Observable<EndReason> = this.ended.asObservable();

  constructor(port: ByteLink, options: MuxLineOptions) {
    this.port = port;
    this.options = options;
    this.outbox = new Outbox(options.frameSize);
    this.decoder = frameDecoder(
      Math.max(options.receiveSize, DEFAULT_FRAME_SIZE),
      (frame) => this.handle({ kind: 'received', frame }),
      options.onDiscarded,
    );
    this.pacer = new Pacer({
      port,
      scheduler: options.scheduler,
      limit: MOST_UNSENT,
      onRoom: () => this.pump(),
    });
    this.life.add(() => this.pacer.stop());
    const first = beginMultiplexing();
    this.state = first.state;
    this.life.add(port.received$.subscribe({ next: (chunk) => this.receive(chunk), error: () => {} }));
    this.life.add(port.ended$.subscribe((end) => this.lose(end)));
    this.enter(first);
    this.pump();
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

  /** Gives an event to the multiplexer and does what it decides. */
  handle(event: MultiplexerEvent): void {
    this.enter(multiplexer(this.state, event, this.options.frameSize));
    this.pump();
  }

  /** Queues bytes on an open channel. Returns a function that removes what was not sent yet. */
  write(dlci: number, bytes: Uint8Array, accepted: () => void): () => void {
    const cancel = this.outbox.write(dlci, { bytes, accepted });
    this.pump();
    return cancel;
  }

  /** Reconsiders whether the port has to be paused, after a consumer has taken bytes. */
  settle(): void {
    const isFull = [...this.handlers.values()].some(({ queuedBytes }) => queuedBytes > 2 * HIGH_WATER);
    if (isFull === this.throttled) return;
    this.throttled = isFull;
    if (isFull) this.port.pause();
    else this.port.resume();
  }

  private receive(chunk: Uint8Array): void {
    this.decoder.push(chunk);
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
        this.outbox.command(effect.frame);
        return;
      case 'start':
        this.start(effect.timer, this.options.limits[effect.limit]);
        return;
      case 'stop':
        this.timers.get(effect.timer)?.unsubscribe();
        return;
      case 'ready':
        this.readiness.next();
        this.readiness.complete();
        return;
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

  private start(name: TimerName, limit: number): void {
    this.timers.get(name)?.unsubscribe();
    const running = timer(limit, this.options.scheduler).subscribe(() =>
      this.handle({ kind: 'expired', timer: name }),
    );
    this.timers.set(name, running);
    this.life.add(running);
  }

  /** Sends what may be sent, as long as the port has little unsent. */
  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    while (this.unaccepted < MOST_UNSENT && this.pacer.hasRoom) {
      const outgoing = this.outbox.next((dlci) => this.maySend(dlci));
      if (outgoing === undefined) break;
      const bytes = encodeFrame(outgoing.frame);
      this.unaccepted += 1;
      this.pacer.sent(bytes.length);
      this.port.write(bytes).subscribe({
        // The end of the port says more about the cause than the failure of one write.
        error: () => {},
        complete: () => {
          this.unaccepted -= 1;
          outgoing.accepted();
          this.pump();
        },
      });
    }
    this.pumping = false;
  }

  private maySend(dlci: number): boolean {
    const channel = this.state.channels.get(dlci);
    return !this.state.isHeld && channel?.phase === 'open' && !channel.remote.fc;
  }

  private closed(dlci: number, reason: EndReason | Error): void {
    const handler = this.handlers.get(dlci);
    this.handlers.delete(dlci);
    this.outbox.clear(dlci);
    handler?.closed(reason);
    this.settle();
  }

  private finish(reason: EndReason): void {
    // From now on the line carries no frames; what comes waits in the port for its next user.
    this.life.unsubscribe();
    this.readiness.error(notReady(reason));
    this.ended.next(reason);
    this.ended.complete();
  }

  private lose(end: LinkEnd): void {
    const error = end.by === 'lost' ? end.error : lineClosed();
    this.life.unsubscribe();
    this.state = { ...this.state, phase: 'closed', channels: new Map() };
    for (const dlci of [...this.handlers.keys()]) this.closed(dlci, error);
    this.readiness.error(error);
    this.ended.error(error);
  }
}
