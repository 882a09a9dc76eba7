import {
  type AtEvent,
  a7600,
  type Command,
  commandBytes,
  createDecoder,
  type Decoder,
  type Exchange,
  exchange,
  type TimeLimit,
} from '@a7600/at-codec';
import { type ByteLink, TransportError } from '@a7600/transport';
import { asyncScheduler, Observable, type SchedulerLike, Subject, type Subscriber, Subscription } from 'rxjs';
import { DialogueError } from './errors.js';

/** What a command was answered. */
export interface Reply<R = unknown> {
  /** The command, secrets hidden. */
  readonly label: string;
  /** What the module printed for it, the final result included, without the echo. */
  readonly lines: readonly string[];
  /** The value of the answer; undefined if it failed. */
  readonly value: R | undefined;
  /** Why it failed: an `AtError`, or `TIMEOUT` if nothing more came. */
  readonly error: Error | undefined;
  /** Time from sending to the end of the answer, in ms. */
  readonly elapsed: number;
  /** Whether the module sent the command line back. */
  readonly echoed: boolean;
}

/**
 * The conversation with a module that may be in any state: commands one after the other, nothing sent that
 * was not asked for. `modem()` of the SDK brings a module into order first; this one only looks.
 */
export interface Dialogue {
  /**
   * Sends a command when those before it are answered. Cold; emits the reply and completes, also for a command
   * that failed or was not answered in time. Errors when the link ends.
   *
   * @param timeout in ms, by default that of the command
   */
  ask<R>(command: Command<R>, timeout?: number): Observable<Reply<R>>;
  /** Everything that comes, in order. Hot, no replay; completes and errors as the link does. */
  readonly events$: Observable<AtEvent>;
  /** What neither a command claimed nor the module prints by itself: lines that are damaged or unknown. Hot. */
  readonly unclaimed$: Observable<AtEvent>;
  /** What the module prints without being asked: {@link unclaimed$} and URCs. Hot. */
  readonly others$: Observable<AtEvent>;
  /** What the module waits for; payload and data only where the dialogue is interactive. */
  readonly wants: 'command' | 'payload' | 'data';
  /** Sends payload or data. */
  payload(bytes: Uint8Array): Observable<never>;
  /** The module has left data mode. */
  lineMode(): void;
  /** Chunks as they come, before they are decoded. Hot. */
  readonly received$: Observable<Uint8Array>;
}

interface Job {
  readonly command: Command<unknown>;
  readonly timeout: number | undefined;
  readonly subscriber: Subscriber<Reply<never>>;
}

/** What ends a payload that was not wanted: the module is back to commands. */
const ESCAPE = Uint8Array.of(0x1b);

/** Settings of {@link dialogueOf}. */
export interface DialogueOptions {
  readonly scheduler?: SchedulerLike;
  /**
   * Whether a person answers a prompt and types in data mode. Otherwise a command that asks for payload is called
   * off, and `CONNECT` is only seen.
   */
  readonly interactive?: boolean;
}

/** Makes a {@link Dialogue} on an open link, whose `received$` it subscribes to until the link ends. */
export function dialogueOf(link: ByteLink, options: DialogueOptions = {}): Dialogue {
  return new LinkDialogue(link, options);
}

/** Time in ms that a person has to type payload. */
const TYPING = 600_000;
/** Lines with which a module ends data mode by itself. */
const DATA_ENDS = /\r\n(?:CLOSED|NO CARRIER)\r\n$/;

class LinkDialogue implements Dialogue {
  private readonly link: ByteLink;
  private readonly scheduler: SchedulerLike;
  private readonly decoder: Decoder;
  private readonly events = new Subject<AtEvent>();
  private readonly unclaimed = new Subject<AtEvent>();
  private readonly chunks = new Subject<Uint8Array>();
  private readonly others = new Subject<AtEvent>();
  private readonly queue: Job[] = [];
  private readonly interactive: boolean;
  private current: Turn | undefined;
  private mode: Dialogue['wants'] = 'command';

  constructor(link: ByteLink, { scheduler = asyncScheduler, interactive = false }: DialogueOptions) {
    this.link = link;
    this.scheduler = scheduler;
    this.interactive = interactive;
    this.decoder = createDecoder(a7600, (event) => this.receive(event));
    link.received$.subscribe({
      next: (bytes) => {
        this.chunks.next(bytes);
        this.decoder.push(bytes);
      },
      error: (error: unknown) => this.end(error),
      complete: () =>
        this.end(new TransportError('TRANSPORT_LOST', 'The other side closed the link to the module.')),
    });
  }

  get events$(): Observable<AtEvent> {
    return this.events.asObservable();
  }

  get unclaimed$(): Observable<AtEvent> {
    return this.unclaimed.asObservable();
  }

  get others$(): Observable<AtEvent> {
    return this.others.asObservable();
  }

  get wants(): Dialogue['wants'] {
    return this.mode;
  }

  payload(bytes: Uint8Array): Observable<never> {
    return this.link.write(bytes);
  }

  lineMode(): void {
    this.decoder.lineMode();
    this.mode = 'command';
  }

  get received$(): Observable<Uint8Array> {
    return this.chunks.asObservable();
  }

  ask<R>(command: Command<R>, timeout?: number): Observable<Reply<R>> {
    return new Observable((subscriber) => {
      const job: Job = { command, timeout, subscriber: subscriber as Subscriber<Reply<never>> };
      this.queue.push(job);
      this.advance();
      return () => {
        const at = this.queue.indexOf(job);
        if (at >= 0) this.queue.splice(at, 1);
      };
    });
  }

  private advance(): void {
    if (this.current !== undefined) return;
    const job = this.queue.shift();
    if (job === undefined) return;
    const turn = new Turn(job, this.scheduler, () => {
      this.decoder.awaitPrompt(false);
      this.current = undefined;
      if (this.mode === 'payload') this.mode = 'command';
      turn.settle();
      this.advance();
    });
    this.current = turn;
    this.decoder.awaitPrompt(true);
    this.send(commandBytes(job.command));
    turn.watch();
  }

  private receive(event: AtEvent): void {
    const turn = this.current;
    if (this.interactive && turn !== undefined && this.interacts(event, turn)) return;
    if (turn?.offer(event)) {
      if (event.kind === 'prompt') this.send(turn.payload ?? ESCAPE);
      turn.watch();
    } else {
      if (event.kind !== 'urc') this.unclaimed.next(event);
      this.others.next(event);
      if (event.kind === 'data' && DATA_ENDS.test(String.fromCharCode(...event.raw.subarray(-20))))
        this.lineMode();
    }
    this.events.next(event);
  }

  /** A prompt for payload, and the begin of data mode, where a person types. */
  private interacts(event: AtEvent, turn: Turn): boolean {
    if (event.kind === 'prompt' && turn.payload === undefined) {
      this.mode = 'payload';
      turn.allow(TYPING);
      return true;
    }
    if (event.kind !== 'result' || event.result?.connects !== true || !event.result.ok) return false;
    this.mode = 'data';
    this.decoder.dataMode();
    turn.connect(event.text);
    return true;
  }

  private send(bytes: Uint8Array): void {
    // The end of the link is reported by `received$`.
    this.link.write(bytes).subscribe({ error: () => {} });
  }

  private end(error: unknown): void {
    const jobs = [...(this.current === undefined ? [] : [this.current.job]), ...this.queue.splice(0)];
    this.current?.cancel();
    this.current = undefined;
    for (const { subscriber } of jobs) subscriber.error(error);
    this.events.error(error);
    this.unclaimed.error(error);
    this.others.error(error);
    this.chunks.error(error);
  }
}

const CONNECTED = { ok: true, value: undefined } as const;

/** The command on the wire. */
class Turn {
  readonly job: Job;
  private readonly scheduler: SchedulerLike;
  private readonly exchange: Exchange<unknown>;
  private readonly done: () => void;
  private readonly started: number;
  private readonly lines: string[] = [];
  private timeLimit: TimeLimit | undefined;
  private deadline = Subscription.EMPTY;
  private connected = false;
  private isOver = false;

  constructor(job: Job, scheduler: SchedulerLike, done: () => void) {
    this.job = job;
    this.scheduler = scheduler;
    this.exchange = exchange(job.command);
    this.done = done;
    this.started = scheduler.now();
  }

  get payload(): Uint8Array | undefined {
    return this.job.command.payload;
  }

  offer(event: AtEvent): boolean {
    if (event.kind === 'prompt' && this.payload === undefined) {
      this.exchange.fail(new DialogueError('WANTS_PAYLOAD', `${this.job.command.label} asks for payload.`));
      return true;
    }
    const taken = this.exchange.offer(event);
    if (taken && 'text' in event && event.kind !== 'echo') this.lines.push(event.text);
    return taken;
  }

  /** Ends the turn when it is settled, else sets its deadline. */
  watch(): void {
    if (this.exchange.phase === 'done') {
      // A link that answers within the write has ended the turn before it is watched.
      if (this.isOver) return;
      this.isOver = true;
      this.cancel();
      this.done();
      return;
    }
    if (this.exchange.timeLimit === this.timeLimit) return;
    const first = this.timeLimit === undefined;
    this.timeLimit = this.exchange.timeLimit;
    const ms = first ? (this.job.timeout ?? this.timeLimit.ms) : this.timeLimit.ms;
    this.deadline.unsubscribe();
    this.deadline = this.scheduler.schedule(() => this.expire(ms), ms);
  }

  /** Data mode has begun: the command is answered. */
  connect(text: string): void {
    this.lines.push(text);
    this.connected = true;
    this.cancel();
    this.done();
  }

  /** Gives a person so many ms from now on. */
  allow(ms: number): void {
    this.deadline.unsubscribe();
    this.deadline = this.scheduler.schedule(() => this.expire(ms), ms);
  }

  settle(): void {
    const { echoed } = this.exchange;
    const { command, subscriber } = this.job;
    const settled = this.connected ? CONNECTED : this.exchange.settled;
    if (settled === undefined || subscriber.closed) return;
    subscriber.next({
      label: command.label,
      lines: this.lines,
      value: (settled.ok ? settled.value : undefined) as undefined,
      error: settled.ok ? undefined : settled.error,
      elapsed: this.scheduler.now() - this.started,
      echoed,
    });
    subscriber.complete();
  }

  cancel(): void {
    this.deadline.unsubscribe();
  }

  private expire(ms: number): void {
    const { label } = this.job.command;
    this.exchange.expire(
      new DialogueError('TIMEOUT', `${label} was not answered within ${(ms / 1000).toFixed(1)} s.`),
    );
    this.watch();
  }
}
