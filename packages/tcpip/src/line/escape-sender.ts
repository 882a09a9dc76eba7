import { commandBytes } from '@a7600/at-codec';
import { concat, type Observable } from 'rxjs';
import { GUARD_TIME } from '../base/guard-time.js';
import type { LeaveBy } from './connection.js';
import type { LineOptions } from './line-options.js';
import { dropDtr, hasModemLines } from './modem-signals.js';
import type { Output } from './output.js';
import type { Proof } from './proof.js';
import { DTR_TIME } from './times.js';

const PLUSES = Uint8Array.of(0x2b, 0x2b, 0x2b);

/** Called when something has left the port at `silentFrom`; `guard` ms of silence have to follow. */
export type OnSent = (silentFrom: number, guard: number) => void;

/** Sends what leads out of data mode: the escape, and the question after it. */
export class EscapeSender {
  private readonly options: Pick<LineOptions, 'port' | 'scheduler' | 'trace'>;
  private readonly output: Output;
  private readonly proof: Proof;
  private readonly onSent: OnSent;

  constructor(options: EscapeSender['options'], output: Output, proof: Proof, onSent: OnSent) {
    this.options = options;
    this.output = output;
    this.proof = proof;
    this.onSent = onSent;
  }

  /** Writes `+++`, or drops DTR. */
  escape(leaveBy: LeaveBy | undefined): void {
    const { port } = this.options;
    this.tell('+++');
    if (leaveBy === 'dtr' && hasModemLines(port)) this.send(dropDtr(port), DTR_TIME);
    else this.send(this.output.write(PLUSES), GUARD_TIME);
  }

  /** Asks for what only the module knows. */
  ask(): void {
    const { question } = this.proof;
    this.tell(question.label);
    this.send(this.output.write(commandBytes(question)), 0);
  }

  /** A port that fails ends its `received$` too, which is where the failure is dealt with. */
  private send(write$: Observable<never>, guard: number): void {
    concat(write$, this.output.whenSent()).subscribe({
      next: (silentFrom) => this.onSent(silentFrom, guard),
      error: () => {},
    });
  }

  private tell(text: string): void {
    const { trace, scheduler } = this.options;
    trace?.({ at: scheduler.now(), kind: 'command', text });
  }
}
