import { type Answer, type Command, firstLine, unreadable } from './command.js';
import type { AtEvent, Overrun, Payload } from './decoder/events.js';
import type { Line, ResultCode } from './decoder/line.js';
import { failure, saysIpError, saysNoCall } from './failure.js';
import { framingLost, holdsResult } from './framing.js';
import type { Phase, Settled } from './settled.js';

/** What one command was answered, in order, until it is settled. */
export class Conversation<R> implements Answer {
  readonly command: Command<R>;
  phase: Phase = 'answer';
  settled: Settled<R> | undefined = undefined;
  prompted = false;
  echoed = false;
  readonly lines: Line[] = [];
  private readonly chunks: Payload[] = [];
  outcome: Line | undefined = undefined;
  /** `+IP ERROR: …` or `+CIPERROR: …`, which an `ERROR` follows. */
  private reason: Line | undefined = undefined;
  /** An `OK` where a CONNECT should be. */
  private plainOk = false;
  /** The claimed header whose block comes. */
  private header: Line | undefined = undefined;

  constructor(command: Command<R>) {
    this.command = command;
  }

  get line(): Line {
    return firstLine(this.lines);
  }

  offer(event: AtEvent): boolean {
    switch (this.phase) {
      case 'answer':
        return this.offerAnswer(event);
      case 'outcome':
        return this.offerLate(event);
      case 'done':
        return false;
    }
  }

  fail(error: Error): void {
    if (this.phase === 'done') return;
    this.phase = 'done';
    this.settled = { ok: false, error, answer: this };
  }

  /** What the command has claimed, and what would explain its refusal. */
  get heard(): readonly Line[] {
    const { lines, outcome, reason } = this;
    return [...lines, outcome, reason].filter((line) => line !== undefined);
  }

  get payload(): readonly Uint8Array[] {
    return this.chunks.map(({ raw }) => raw);
  }

  payloadOf(header: Line): readonly Uint8Array[] {
    return this.chunks.filter((chunk) => chunk.header === header).map(({ raw }) => raw);
  }

  get hasOutcome(): boolean {
    return this.outcome !== undefined;
  }

  /** The block of {@link header} came to its end, and did not take the module's result instead of payload. */
  private get hasWholeBlock(): boolean {
    const { header } = this;
    return (
      this.chunks.at(-1)?.remaining === 0 && header !== undefined && !holdsResult(this.payloadOf(header))
    );
  }

  expire(error: Error): void {
    if (this.phase === 'answer' && this.header !== undefined && !this.hasWholeBlock) {
      this.fail(framingLost(this.command, this.header, error));
    } else if (this.phase === 'answer' && (this.hasOutcome || this.header !== undefined)) this.finish();
    else this.fail(error);
  }

  private offerAnswer(event: AtEvent): boolean {
    switch (event.kind) {
      case 'result':
        return this.offerResult(event);
      case 'prompt':
        if (this.command.payload === undefined || this.prompted) return false;
        this.prompted = true;
        return true;
      case 'payload-echo':
        return this.prompted;
      case 'echo':
        return this.offerEcho(event) || this.offerLine(event);
      case 'urc':
      case 'text':
        return (
          this.offerNoCall(event) ||
          this.offerOutcome(event) ||
          this.offerLine(event) ||
          this.offerReason(event)
        );
      case 'payload':
        return this.offerPayload(event);
      case 'overrun':
        return this.offerOverrun(event);
      case 'data':
      case 'noise':
        return false;
    }
  }

  /** What comes after the `OK` of a command whose outcome is still to come. */
  private offerLate(event: AtEvent): boolean {
    if (event.kind === 'payload') return this.offerPayload(event);
    if (event.kind === 'overrun') return this.offerOverrun(event);
    if (event.kind !== 'text' && event.kind !== 'urc') return false;
    return this.offerOutcome(event) || this.offerLine(event);
  }

  private offerEcho(line: Line): boolean {
    if (this.echoed || line.text !== this.command.text) return false;
    this.echoed = true;
    return true;
  }

  private offerLine(line: Line): boolean {
    if (!this.command.claims(line)) return false;
    this.lines.push(line);
    if (line.payloadLength > 0) this.header = line;
    return true;
  }

  /** `BUSY` and the like come by themselves, too: only to a command that dials they are its result. */
  private offerNoCall(line: Line): boolean {
    if (this.command.dials !== true || !saysNoCall(line)) return false;
    this.fail(failure(this.command, line, line));
    return true;
  }

  private offerReason(line: Line): boolean {
    if (line.name !== '+IP ERROR' && line.name !== '+CIPERROR') return false;
    this.reason = line;
    return true;
  }

  private offerPayload(chunk: Payload): boolean {
    if (chunk.header !== this.header) return false;
    this.chunks.push(chunk);
    return true;
  }

  private offerOverrun({ header }: Overrun): boolean {
    if (header !== this.header) return false;
    this.fail(framingLost(this.command, header));
    return true;
  }

  private offerOutcome(line: Line): boolean {
    if (this.outcome !== undefined || this.command.outcome?.claims(line) !== true) return false;
    // A report before the prompt is the repeated one of an earlier send.
    if (this.command.payload !== undefined && !this.prompted) return false;
    this.outcome = line;
    if (this.phase === 'outcome' || this.connectedPlainly) this.finish();
    return true;
  }

  /** Instead of CONNECT; where an outcome shows whose it was, the OK may belong to something earlier. */
  private offerPlainOk(): boolean {
    if (this.command.outcome === undefined) this.fail(unreadable('OK instead of CONNECT'));
    else this.plainOk = true;
    return this.phase === 'done';
  }

  /** `OK` and then an outcome: the module did what was asked, but not for data mode. */
  private get connectedPlainly(): boolean {
    return this.plainOk && this.hasOutcome;
  }

  private offerResult(line: Line): boolean {
    const { command } = this;
    const { ok, connects = false } = line.result as ResultCode;
    // CONNECT, NO CARRIER and the like are about data mode, which this command does not lead to.
    if (connects && command.connects !== true && command.dials !== true) return false;
    if (!ok) this.fail(failure(command, this.whyRefused() ?? line, line, this.lines));
    else if (command.connects === true && !connects) return this.offerPlainOk();
    // An OK before the prompt, or of the line that is the answer, belongs to something earlier.
    else if (command.payload !== undefined && !this.prompted) return false;
    else if (command.answersWithLine === true && this.lines.length === 0) return false;
    else if (!connects && command.outcome !== undefined && this.outcome === undefined) this.phase = 'outcome';
    else this.finish();
    return true;
  }

  /** The line that says why the `ERROR` after it came, if there is one. */
  private whyRefused(): Line | undefined {
    const { outcome, command } = this;
    if (this.reason !== undefined) return this.reason;
    if (outcome !== undefined && command.outcome?.error(outcome) !== 0) return outcome;
    return this.lines.find(saysIpError);
  }

  private finish(): void {
    const { command, outcome } = this;
    if (outcome !== undefined && command.outcome?.error(outcome) !== 0) {
      this.fail(failure(command, outcome, outcome));
      return;
    }
    if (this.connectedPlainly) {
      this.fail(unreadable('OK instead of CONNECT'));
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
