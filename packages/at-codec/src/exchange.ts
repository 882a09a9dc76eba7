import type { Command } from './command.js';
import { Conversation } from './conversation.js';
import type { AtEvent } from './decoder/events.js';
import type { Line } from './decoder/line.js';
import { isAtError } from './errors.js';
import type { Phase, Settled } from './settled.js';

/** How long to wait for what comes next, in ms from the moment at which the exchange named it. */
export interface TimeLimit {
  /** The time in ms. */
  readonly ms: number;
}

/** The conversation about one command, as a state machine without a clock. */
export interface Exchange<R = unknown> {
  /** The command that the conversation is about. */
  readonly command: Command<R>;
  /** How far it has come. */
  readonly phase: Phase;
  /** How it ended; undefined until `phase` is `done`. */
  readonly settled: Settled<R> | undefined;
  /** The module asked for the payload. */
  readonly prompted: boolean;
  /** The module sent the command line back. */
  readonly echoed: boolean;
  /** The lines of the answer that have come so far, in order. */
  readonly heard: readonly Line[];
  /** The outcome line came, so that only the final result can still be missing. */
  readonly hasOutcome: boolean;
  /** Another object as soon as the time begins again. When it has passed, call {@link expire}. */
  readonly timeLimit: TimeLimit;
  /**
   * Takes an event if it belongs to this command.
   *
   * @param event - What the decoder emitted.
   * @param sinceRefusal - Time in ms since the module last refused a command. Default: it never did.
   * @returns Whether the event belongs to this command.
   */
  offer(event: AtEvent, sinceRefusal?: number): boolean;
  /**
   * Ends the conversation, unless it has ended.
   *
   * @param error - How the command fails.
   */
  fail(error: Error): void;
  /**
   * Ends the conversation because nothing more is expected. If the outcome or the whole block came, the
   * final result was lost and the command succeeded; if it was refused without a reason, and nothing
   * else came, the refusal counts; otherwise it fails with `error`, or with `FRAMING_LOST` if the block
   * is incomplete or holds the final result.
   *
   * @param error - How the command fails if it was not answered.
   * @returns Whether the module had answered it whole with a refusal.
   */
  expire(error: Error): boolean;
}

/**
 * Time for `OK`, `ERROR` or the prompt of a command whose outcome comes later: the manual has one
 * limit for all of it, but what it names first takes milliseconds.
 */
const ACCEPT_TIME = 15_000;
/** Time for the final result after an outcome that came before it. */
const AFTER_OUTCOME = 2_000;
/** Time after a refusal in which its `ERROR` may be printed once more. */
const REPEAT_TIME = 200;
/**
 * Time for something else after an `ERROR` that nothing explains and that may be an earlier
 * command's. If it counted for this command, its prompt or its block would be taken for something
 * else.
 */
const DOUBT_TIME = 5_000;

/**
 * Starts the conversation about a command.
 *
 * @param command - The command that is about to be sent.
 * @returns The conversation, which takes the events that the decoder emits from then on.
 */
export function exchange<R>(command: Command<R>): Exchange<R> {
  return new DoubtingExchange(command);
}

/**
 * A conversation that begins again when an `ERROR` may be the second one of an earlier refusal
 * (results may come twice): the module always gives a reason with the first.
 */
class DoubtingExchange<R> implements Exchange<R> {
  readonly command: Command<R>;
  echoed = false;
  timeLimit: TimeLimit;
  private conversation: Conversation<R>;
  /** The `ERROR` that nothing explains: it counts if nothing else comes. */
  private doubtful: Settled<R> | undefined = undefined;
  private over: Settled<R> | undefined = undefined;

  constructor(command: Command<R>) {
    this.command = command;
    this.conversation = new Conversation(command);
    const comesLater = command.outcome !== undefined || command.payload !== undefined;
    this.timeLimit = { ms: comesLater ? ACCEPT_TIME : command.timeout };
  }

  get phase(): Phase {
    return this.over === undefined ? this.conversation.phase : 'done';
  }

  get settled(): Settled<R> | undefined {
    return this.over ?? this.conversation.settled;
  }

  get prompted(): boolean {
    return this.conversation.prompted;
  }

  get heard(): readonly Line[] {
    return this.conversation.heard;
  }

  get hasOutcome(): boolean {
    return this.conversation.hasOutcome;
  }

  offer(event: AtEvent, sinceRefusal = Number.POSITIVE_INFINITY): boolean {
    if (this.over !== undefined || !this.conversation.offer(event)) return false;
    this.echoed ||= this.conversation.echoed;
    if (event.kind !== 'result') this.trust();
    else if (this.isDoubtful(sinceRefusal)) this.doubt();
    this.limit(event);
    return true;
  }

  fail(error: Error): void {
    if (this.over === undefined) this.conversation.fail(error);
  }

  expire(error: Error): boolean {
    this.over = this.doubtful;
    if (this.over === undefined) this.conversation.expire(error);
    return this.over !== undefined;
  }

  /** Whether a final result is an `ERROR` without the reason that is always given with it. */
  private isDoubtful(sinceRefusal: number): boolean {
    const { settled, command } = this.conversation;
    const explains = command.payload ?? command.outcome ?? command.answersWithLine;
    if (explains === undefined || settled?.ok !== false || !isAtError(settled.error, 'REFUSED')) return false;
    return sinceRefusal < REPEAT_TIME || this.doubtful !== undefined;
  }

  private doubt(): void {
    if (this.doubtful === undefined) this.timeLimit = { ms: DOUBT_TIME };
    this.doubtful = this.conversation.settled;
    this.conversation = new Conversation(this.command);
  }

  /** Something else came after the doubtful `ERROR`, which therefore was an earlier command's. */
  private trust(): void {
    if (this.doubtful === undefined) return;
    this.doubtful = undefined;
    this.timeLimit = { ms: ACCEPT_TIME };
  }

  private limit({ kind }: AtEvent): void {
    const { phase, hasOutcome } = this.conversation;
    if (kind === 'prompt' && this.command.outcome) this.timeLimit = { ms: ACCEPT_TIME };
    // Without an outcome, the final result tells of the payload, and takes its time: a message is sent.
    else if (phase === 'outcome' || kind === 'prompt') this.timeLimit = { ms: this.command.timeout };
    else if (phase === 'answer' && hasOutcome) this.timeLimit = { ms: AFTER_OUTCOME };
  }
}
