/**
 * The state of the serial line: whether it carries commands, or the data of one transparent connection. A pure
 * reducer decides, `Line` carries out its effects, and the other files are parts of it.
 *
 * @module
 */

import { defer, EMPTY, ignoreElements, type Observable, Subject, Subscription, take } from 'rxjs';
import type { Connection } from './connection.js';
import { DataSide } from './data-side.js';
import { DataWriter } from './data-writer.js';
import type { LineEffect, Outcome } from './effects.js';
import { EscapeSender } from './escape-sender.js';
import type { LineEvent } from './events.js';
import type { LineOptions } from './line-options.js';
import { OnlineCommands } from './online-commands.js';
import { Output } from './output.js';
import { Proof } from './proof.js';
import { reduce } from './reduce.js';
import { initialState, type LineMode, type LineState, type OperationKind, takesCommands } from './state.js';

/** An event without its time. */
type Happening = LineEvent extends infer Event
  ? Event extends LineEvent
    ? Omit<Event, 'now'>
    : never
  : never;

/**
 * Carries out what {@link reduce} decides: the one place that knows what the line carries. It sets
 * the decoder's mode, lets the lane send or not, throttles the port and runs the timers.
 *
 * An effect may bring about the next event before it returns, so that later effects of the same step
 * are outdated; those that depend on the state look at it.
 */
export class Line {
  readonly proof: Proof;
  private readonly options: LineOptions;
  private readonly output: Output;
  private readonly sender: EscapeSender;
  private readonly commands: OnlineCommands;
  private state: LineState = initialState;
  private connection: Connection | undefined;
  /** Lines of the module that came after the last data. */
  private kept: Uint8Array | undefined;
  private data: DataSide | undefined;
  private timer = Subscription.EMPTY;
  private readonly waiting = new Map<number, (outcome: Outcome) => void>();
  private readonly freed = new Subject<void>();
  private operations = 0;

  constructor(options: LineOptions) {
    this.options = options;
    this.output = new Output(options.port, options.scheduler);
    this.proof = new Proof(options.lane, options.random);
    this.commands = new OnlineCommands(options.asking, this.proof);
    this.sender = new EscapeSender(options, this.output, this.proof, (silentFrom, guard) =>
      this.dispatch({ kind: 'sent', silentFrom, guard }),
    );
  }

  get mode(): LineMode {
    return this.state.mode;
  }

  /** Whether the lane may send commands. */
  get takesCommands(): boolean {
    return takesCommands(this.state);
  }

  /** Prepares the module for a connection on this line. Cold; completes when that can be made. */
  prepare(): Observable<never> {
    return this.options.use === 'dedicated' ? EMPTY : this.proof.renew();
  }

  /** Makes what writes the payload of a connection; `onWritten` is called with what the port has accepted. */
  writer(onWritten: (bytes: Uint8Array) => void): DataWriter {
    const { output, options } = this;
    return new DataWriter({
      output,
      scheduler: options.scheduler,
      onWritten: (bytes) => {
        this.data?.wrote(bytes);
        onWritten(bytes);
      },
    });
  }

  /** A command that connects is about to be sent, or the module `announced` a client. */
  connecting(connection: Connection, announced: boolean): void {
    this.dispatch({ kind: 'connecting', announced });
    this.connection = connection;
  }

  /** Whether the line carries, or is to carry, this connection. */
  carries(connection: Connection): boolean {
    return this.connection === connection;
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
    if (this.connection?.yields) this.dispatch({ kind: 'wanted' });
  }

  /** Bytes that arrived in data mode. */
  receive(bytes: Uint8Array): void {
    this.data?.receive(bytes);
  }

  /** Begins an operation and calls `done` once, with how it ended. */
  operate(connection: Connection, kind: OperationKind, done: (outcome: Outcome) => void): void {
    if (!this.carries(connection)) {
      done(kind === 'close' || kind === 'abort' ? 'done' : 'gone');
      return;
    }
    const id = this.operations++;
    this.waiting.set(id, done);
    this.dispatch({ kind, id });
  }

  /** Received bytes are wanted, or not wanted any more. */
  throttle(connection: Connection): void {
    const { mode, unwanted } = this.state;
    if ((mode !== 'data' && mode !== 'draining') || unwanted || !this.carries(connection)) return;
    if (connection.hasDemand) this.options.port.resume();
    else this.options.port.pause();
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
    this.timer.unsubscribe();
    this.data?.end();
  }

  private dispatch(happening: Happening): void {
    const event = { ...happening, now: this.options.scheduler.now() } as LineEvent;
    const { state, effects } = reduce(this.state, event, this.options.use);
    this.state = state;
    for (const effect of effects) this.carryOut(effect);
    // Who waits for the line connects at once: only when everything else is done.
    if (this.isFree && effects.some(({ kind }) => kind === 'freeLink')) this.freed.next();
  }

  private get isFree(): boolean {
    return this.state.mode === 'command';
  }

  private carryOut(effect: LineEffect): void {
    const { lane, decoder, port, target } = this.options;
    const { connection, state } = this;
    const { mode } = state;
    switch (effect.kind) {
      case 'commandMode':
        if (!takesCommands(state)) return;
        decoder.lineMode();
        port.resume();
        lane.resume(effect.resync);
        target.leftDataMode();
        return;
      case 'holdCommands':
        lane.interrupt();
        return;
      case 'dataMode':
        this.data ??= this.dataSide();
        decoder.dataMode();
        lane.interrupt();
        return;
      case 'holdPayload':
        if (mode === 'escaping' || mode === 'emptying') this.hold();
        return;
      case 'releasePayload':
        if (mode === 'data') this.release();
        return;
      case 'reportExhausted':
        if (connection?.hasDemand !== false) this.dispatch({ kind: 'exhausted' });
        return;
      case 'drainPayload':
        connection?.writer.whenIdle(() => this.dispatch({ kind: 'drained' }));
        return;
      case 'withhold':
        this.data?.withhold();
        return;
      case 'trust':
        this.replay(this.data?.trust());
        if (mode === 'data') this.data?.watch();
        return;
      case 'distrust':
        this.kept = this.data?.distrust();
        return;
      case 'replay':
        decoder.lineMode();
        this.replay(this.kept);
        this.kept = undefined;
        return;
      case 'escape':
        if (mode === 'escaping' && state.step === 'sending') this.escape();
        return;
      case 'ask':
        if (mode === 'escaping' && state.step === 'asking') this.ask();
        return;
      case 'verify':
        if (mode === 'verifying' || mode === 'data')
          this.commands.verify((open) => this.dispatch({ kind: 'verified', open }));
        return;
      case 'return':
        if (mode === 'returning') this.commands.return(() => this.refused(true));
        return;
      case 'cancelReturn':
        this.commands.cancelReturn();
        return;
      case 'closeLink':
        if (mode === 'hangingUp') port.resume();
        if (mode === 'closing' || mode === 'hangingUp')
          target.closeLink().subscribe({ complete: () => this.dispatch({ kind: 'freed' }) });
        return;
      case 'wake':
        this.wake();
        return;
      case 'settle':
        this.settle(effect.id, effect.outcome);
        return;
      case 'endConnection':
        connection?.ended(effect.ending);
        return;
      case 'freeLink':
        this.free();
        return;
      case 'endModem':
        target.endModem(effect.why);
    }
  }

  private dataSide(): DataSide {
    const { port, scheduler, flowControl } = this.options;
    return new DataSide({
      port,
      scheduler,
      flowControl,
      connection: this.connection,
      target: {
        doubted: (doubt) => this.dispatch({ kind: 'doubted', doubt }),
        trusted: () => this.dispatch({ kind: 'trusted' }),
        heard: () => {
          if (this.state.mode !== 'data') this.dispatch({ kind: 'heard' });
        },
        proven: () => this.dispatch({ kind: 'proven' }),
        answered: (contradicts) => this.dispatch({ kind: 'answered', contradicts }),
      },
    });
  }

  private hold(): void {
    const { connection, output } = this;
    const held = (silentFrom: number) => this.dispatch({ kind: 'held', silentFrom });
    this.options.port.resume();
    this.data?.stop();
    if (connection === undefined) output.whenSent().subscribe(held);
    else connection.writer.hold(held);
  }

  private release(): void {
    const { connection, data, options } = this;
    if (connection === undefined) return;
    data?.start();
    connection.entered();
    this.throttle(connection);
    connection.writer.release();
    if (options.lane.isWaiting) this.wanted();
  }

  private replay(lines: Uint8Array | undefined): void {
    const { lane, decoder } = this.options;
    if (lines === undefined || lines.length === 0) return;
    lane.chunkBegins();
    decoder.push(lines);
    lane.chunkEnds();
  }

  private escape(): void {
    this.data?.awaitEscape();
    this.sender.escape(this.connection?.leaveBy);
  }

  private ask(): void {
    this.data?.awaitAnswer(this.proof.numbers, this.state.questions === 1);
    this.sender.ask();
  }

  private wake(): void {
    const { scheduler } = this.options;
    const { due } = this.state;
    this.timer.unsubscribe();
    if (due === Number.POSITIVE_INFINITY) return;
    const time = () => this.dispatch({ kind: 'time' });
    this.timer = scheduler.schedule(time, Math.max(0, due - scheduler.now()));
  }

  private settle(id: number, outcome: Outcome): void {
    const done = this.waiting.get(id);
    this.waiting.delete(id);
    done?.(outcome);
  }

  private free(): void {
    const { connection, data } = this;
    this.connection = undefined;
    this.data = undefined;
    data?.end();
    this.options.port.resume();
    connection?.freed();
  }
}
