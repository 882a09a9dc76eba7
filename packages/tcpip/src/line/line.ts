/**
 * The state of the serial line: whether it carries commands, or the data of one transparent connection. A pure
 * reducer decides, the interpreter carries out its effects, and the other files are parts of it.
 *
 * @module
 */

import { defer, EMPTY, ignoreElements, type Observable, Subject, take } from 'rxjs';
import type { Connection } from './connection.js';
import type { DataWriter } from './data-writer.js';
import type { Outcome } from './effects.js';
import type { LineEvent } from './events.js';
import { type Happening, Interpreter } from './interpreter.js';
import type { LineOptions } from './line-options.js';
import { reduce } from './reduce.js';
import { initialState, type LineMode, type LineState, type OperationKind, takesCommands } from './state.js';

/**
 * The one place that knows what the line carries: takes events, has {@link reduce} decide what they mean, and an
 * {@link Interpreter} carry that out.
 */
export class Line {
  private readonly options: LineOptions;
  private readonly interpreter: Interpreter;
  private state: LineState = initialState;
  /** Commands may be sent once the module has said everything, which is not asked for yet. */
  private isToAlign = false;
  private readonly freed = new Subject<void>();

  constructor(options: LineOptions) {
    this.options = options;
    this.interpreter = new Interpreter(options, {
      state: () => this.state,
      dispatch: (happening) => this.dispatch(happening),
    });
  }

  get mode(): LineMode {
    return this.state.mode;
  }

  /** Whether the lane may send commands. */
  get takesCommands(): boolean {
    return !this.isToAlign && takesCommands(this.state);
  }

  /** Prepares the module for a connection on this line. Cold; completes when that can be made. */
  prepare(): Observable<never> {
    return this.options.use === 'dedicated' ? EMPTY : this.interpreter.proof.renew();
  }

  /** Makes what writes the payload of a connection; `onWritten` is called with what the port has accepted. */
  writer(onWritten: (bytes: Uint8Array) => void): DataWriter {
    return this.interpreter.writer(onWritten);
  }

  /** A command that connects is about to be sent, or the module `announced` a client. */
  connecting(connection: Connection, announced: boolean): void {
    this.dispatch({ kind: 'connecting', announced });
    this.interpreter.connection = connection;
  }

  /** Whether the line carries, or is to carry, this connection. */
  carries(connection: Connection): boolean {
    return this.interpreter.connection === connection;
  }

  /** Completes when the line carries no connection. Cold. */
  whenFree(): Observable<never> {
    return defer(() => (this.isFree ? EMPTY : this.freed.pipe(take(1), ignoreElements())));
  }

  /** `CONNECT`, whichever caller asked for it. */
  connected(): void {
    this.dispatch({ kind: 'connected' });
  }

  /** The command that connects was refused. */
  refused(carrier: boolean): void {
    this.dispatch({ kind: 'refused', carrier });
  }

  /** The command that connects was not answered in time. */
  unanswered(): void {
    this.dispatch({ kind: 'unanswered' });
  }

  /** A command waits. */
  wanted(): void {
    if (this.interpreter.connection?.yields) this.dispatch({ kind: 'wanted' });
  }

  /** Bytes that arrived in data mode. */
  receive(bytes: Uint8Array): void {
    this.interpreter.receive(bytes);
  }

  /** Begins an operation and calls `done` once, with how it ended. */
  operate(connection: Connection, kind: OperationKind, done: (outcome: Outcome) => void): void {
    if (!this.carries(connection)) {
      done(kind === 'close' || kind === 'abort' ? 'done' : 'gone');
      return;
    }
    this.dispatch({ kind, id: this.interpreter.begin(done) });
  }

  /** Received bytes are wanted, or not wanted any more. */
  throttle(connection: Connection): void {
    if (this.carries(connection)) this.interpreter.throttle();
  }

  /** The module reports the end of the connection. */
  linkClosed(connection: Connection): void {
    if (this.carries(connection)) this.dispatch({ kind: 'linkClosed' });
  }

  /** The connection is lost. */
  lost(connection: Connection): void {
    if (this.carries(connection)) this.dispatch({ kind: 'lost' });
  }

  /** The modem is gone. */
  end(): void {
    this.dispatch({ kind: 'ended' });
    this.interpreter.end();
  }

  private dispatch(happening: Happening): void {
    const event = { ...happening, now: this.options.scheduler.now() } as LineEvent;
    const { state, effects } = reduce(this.state, event, this.options.use);
    this.state = state;
    // What is read or told before that may make the lane look for work: its answer would be taken for an earlier one.
    if (effects.some((effect) => effect.kind === 'commandMode' && effect.resync)) this.isToAlign = true;
    for (const effect of effects) {
      if (effect.kind === 'commandMode') this.isToAlign = false;
      this.interpreter.carryOut(effect);
    }
    // Who waits for the line connects at once: only when everything else is done.
    if (this.isFree && effects.some(({ kind }) => kind === 'freeLink')) this.freed.next();
  }

  private get isFree(): boolean {
    return this.state.mode === 'command';
  }
}
