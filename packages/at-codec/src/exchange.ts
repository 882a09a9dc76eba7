import { type Answer, type Command, unreadable } from './command.js';
import type { AtEvent, Line } from './decoder/events.js';
import { failure } from './failure.js';

/**
 * How far the conversation about one command has come.
 *
 * - `answer`: the final result is still to come; the line belongs to this command.
 * - `outcome`: the final result was good and the outcome line is still to come; other commands may
 *   run meanwhile.
 * - `done`: `settled` says how it ended.
 */
export type Phase = 'answer' | 'outcome' | 'done';

/** How a command ended. */
export type Settled<R> =
  | { readonly ok: true; readonly value: R }
  | { readonly ok: false; readonly error: Error };

/** The conversation about one command, as a state machine without a clock. */
export interface Exchange<R = unknown> {
  readonly command: Command<R>;
  readonly phase: Phase;
  readonly settled: Settled<R> | undefined;
  /** The module asked for the payload. */
  readonly prompted: boolean;
  /** The module sent the command line back. */
  readonly echoed: boolean;
  /** Takes an event if it belongs to this command, and says whether it did. */
  offer(event: AtEvent): boolean;
  /** Ends the conversation with `error`, unless it has ended. */
  fail(error: Error): void;
}

/** Starts the conversation about `command`, which is about to be sent. */
export function exchange<R>(command: Command<R>): Exchange<R> {
  return new Conversation(command);
}

class Conversation<R> implements Exchange<R>, Answer {
  readonly command: Command<R>;
  phase: Phase = 'answer';
  settled: Settled<R> | undefined = undefined;
  prompted = false;
  echoed = false;
  readonly lines: Line[] = [];
  readonly payload: Uint8Array[] = [];
  outcome: Line | undefined = undefined;
  /** `+IP ERROR: …` or `+CIPERROR: …`, which an `ERROR` follows. */
  private reason: Line | undefined = undefined;

  constructor(command: Command<R>) {
    this.command = command;
  }

  get line(): Line {
    const first = this.lines[0];
    if (first === undefined) throw unreadable('OK without the line that was asked for');
    return first;
  }

  offer(event: AtEvent): boolean {
    switch (this.phase) {
      case 'answer':
        return this.offerAnswer(event);
      case 'outcome':
        return isLine(event) && this.offerOutcome(event);
      case 'done':
        return false;
    }
  }

  fail(error: Error): void {
    if (this.phase === 'done') return;
    this.phase = 'done';
    this.settled = { ok: false, error };
  }

  private offerAnswer(event: AtEvent): boolean {
    switch (event.kind) {
      case 'result':
        return this.offerResult(event);
      case 'prompt':
        if (this.command.payload === undefined || this.prompted) return false;
        this.prompted = true;
        return true;
      case 'payload':
        if (!this.lines.includes(event.header)) return false;
        this.payload.push(event.raw);
        return true;
      case 'payload-echo':
        return this.prompted;
      case 'echo':
        this.echoed ||= event.text === this.command.text;
        return true;
      case 'urc':
      case 'text':
        return this.offerLine(event);
      case 'data':
      case 'noise':
        return false;
    }
  }

  private offerLine(line: Line): boolean {
    if (this.offerOutcome(line)) return true;
    if (this.command.claims(line)) {
      this.lines.push(line);
      return true;
    }
    if (line.name === '+IP ERROR' || line.name === '+CIPERROR') {
      this.reason = line;
      return true;
    }
    return false;
  }

  private offerOutcome(line: Line): boolean {
    if (this.outcome !== undefined || this.command.outcome?.claims(line) !== true) return false;
    this.outcome = line;
    if (this.phase === 'outcome') this.finish();
    return true;
  }

  private offerResult(line: Line): boolean {
    const ok = line.result?.ok === true;
    // An OK in front of the prompt answers something that was asked earlier.
    if (ok && this.command.payload !== undefined && !this.prompted) return false;
    if (!ok) this.fail(failure(this.command, this.reason ?? this.outcome ?? line, line));
    else if (this.command.outcome !== undefined && this.outcome === undefined) this.phase = 'outcome';
    else this.finish();
    return true;
  }

  private finish(): void {
    const { command, outcome } = this;
    if (outcome !== undefined && command.outcome?.error(outcome) !== 0) {
      this.fail(failure(command, outcome, outcome));
      return;
    }
    try {
      const value = command.read(this);
      this.phase = 'done';
      this.settled = { ok: true, value };
    } catch (error) {
      this.fail(error instanceof Error ? error : unreadable(String(error)));
    }
  }
}

function isLine(event: AtEvent): event is Line {
  return event.kind === 'text' || event.kind === 'urc';
}
