import { Subscription } from 'rxjs';
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
import { type LineState, takesCommands } from './state.js';

/** An event without its time. */
export type Happening = LineEvent extends infer Event
  ? Event extends LineEvent
    ? Omit<Event, 'now'>
    : never
  : never;

/** The state of the line, and what changes it. */
export interface Machine {
  state(): LineState;
  dispatch(happening: Happening): void;
}

/**
 * Carries out the effects of the line: sets the decoder's mode, lets the lane send or not, throttles the port, writes
 * and withholds payload, runs the timer.
 *
 * An effect may bring about the next event before it returns, so that later effects of the same step
 * are outdated; those that depend on the state look at it.
 */
export class Interpreter {
  readonly proof: Proof;
  /** The connection that the line carries or is to carry. */
  connection: Connection | undefined;
  private readonly options: LineOptions;
  private readonly machine: Machine;
  private readonly output: Output;
  private readonly sender: EscapeSender;
  private readonly commands: OnlineCommands;
  private data: DataSide | undefined;
  /** Lines of the module that came after the last data. */
  private kept: Uint8Array | undefined;
  private timer = Subscription.EMPTY;
  private readonly waiting = new Map<number, (outcome: Outcome) => void>();
  private operations = 0;

  constructor(options: LineOptions, machine: Machine) {
    this.options = options;
    this.machine = machine;
    this.output = new Output(options.port, options.scheduler);
    this.proof = new Proof(options.lane, options.random);
    this.commands = new OnlineCommands(options.asking, this.proof);
    this.sender = new EscapeSender(options, this.output, this.proof, (silentFrom, guard) =>
      machine.dispatch({ kind: 'sent', silentFrom, guard }),
    );
  }

  /** Makes what writes the payload of a connection; `onWritten` is called with what the port has accepted. */
  writer(onWritten: (bytes: Uint8Array) => void): DataWriter {
    return new DataWriter({
      output: this.output,
      scheduler: this.options.scheduler,
      onWritten: (bytes) => {
        this.data?.wrote(bytes);
        onWritten(bytes);
      },
    });
  }

  /** Bytes that arrived in data mode. */
  receive(bytes: Uint8Array): void {
    this.data?.receive(bytes);
  }

  /** Returns the number of a new operation; `done` is called when it is settled. */
  begin(done: (outcome: Outcome) => void): number {
    const id = this.operations++;
    this.waiting.set(id, done);
    return id;
  }

  /** Received bytes are wanted, or not wanted any more. */
  throttle(): void {
    const { mode, unwanted } = this.machine.state();
    if ((mode !== 'data' && mode !== 'draining') || unwanted || this.connection === undefined) return;
    if (this.connection.hasDemand) this.options.port.resume();
    else this.options.port.pause();
  }

  /** Nothing is done any more. */
  end(): void {
    this.timer.unsubscribe();
    this.data?.end();
  }

  /** Carries one effect out. */
  carryOut(effect: LineEffect): void {
    const { lane, decoder, port, target } = this.options;
    const { connection } = this;
    const state = this.machine.state();
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
        if (connection?.hasDemand !== false) this.machine.dispatch({ kind: 'exhausted' });
        return;
      case 'drainPayload':
        connection?.writer.whenIdle(() => this.machine.dispatch({ kind: 'drained' }));
        return;
      case 'withhold':
        this.data?.withhold();
        return;
      case 'trust':
        this.replay(this.data?.trust());
        if (mode === 'data') this.data?.watch();
        return;
      case 'replaced':
        this.data?.replaced();
        return;
      case 'distrust':
        this.kept = this.data?.distrust();
        return;
      case 'replay':
        decoder.lineMode();
        this.replay(this.kept);
        this.kept = undefined;
        return;
      case 'carriesNext':
        if (mode === 'command') this.machine.dispatch({ kind: 'connected' });
        return;
      case 'escape':
        if (mode === 'escaping' && state.step === 'sending') this.escape();
        return;
      case 'ask':
        if (mode === 'escaping' && state.step === 'asking') this.ask();
        return;
      case 'verify':
        if (mode === 'verifying' || mode === 'data') this.verify();
        return;
      case 'return':
        if (mode === 'returning')
          this.commands.return(() => this.machine.dispatch({ kind: 'refused', carrier: true }));
        return;
      case 'cancelReturn':
        this.commands.cancelReturn();
        return;
      case 'closeLink':
        if (mode === 'hangingUp') port.resume();
        if (mode === 'closing' || mode === 'hangingUp')
          target.closeLink().subscribe({ complete: () => this.machine.dispatch({ kind: 'freed' }) });
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
      reportsNext: this.connection?.isAccepted === true,
      port,
      scheduler,
      flowControl,
      connection: this.connection,
      target: {
        doubted: (doubt) => this.machine.dispatch({ kind: 'doubted', doubt }),
        trusted: () => this.machine.dispatch({ kind: 'trusted' }),
        heard: () => {
          if (this.machine.state().mode !== 'data') this.machine.dispatch({ kind: 'heard' });
        },
        proven: () => this.machine.dispatch({ kind: 'proven' }),
        answered: (contradicts) => this.machine.dispatch({ kind: 'answered', contradicts }),
      },
    });
  }

  private verify(): void {
    const { connection } = this;
    this.commands.verify(
      (link) => connection?.isCarriedBy(link) !== false,
      (link) => this.machine.dispatch({ kind: 'verified', link }),
    );
  }

  private hold(): void {
    const { connection, output } = this;
    const held = (silentFrom: number) => this.machine.dispatch({ kind: 'held', silentFrom });
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
    this.throttle();
    connection.writer.release();
    if (options.lane.isWaiting && connection.yields) this.machine.dispatch({ kind: 'wanted' });
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
    this.data?.awaitAnswer(this.proof.numbers, this.machine.state().questions === 1);
    this.sender.ask();
  }

  private wake(): void {
    const { scheduler } = this.options;
    const { due } = this.machine.state();
    this.timer.unsubscribe();
    if (due === Number.POSITIVE_INFINITY) return;
    const time = () => this.machine.dispatch({ kind: 'time' });
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
