import type { Printed } from '../events.js';
import type { Faults } from '../faults/faults.js';
import { faultyBlock, faultyLine, faultyParts } from '../faults/lines.js';
import type { Line } from '../line/line.js';
import {
  type LineEnd,
  type PrintFormat,
  printPrompt,
  printResult,
  printUnit,
  printUnsolicited,
  resultLine,
} from './printer.js';
import type { Part, Result, Unit } from './reply.js';

/** Bytes on the way to the host at which received data waits in its link. */
const HIGH_WATER = 4096;

/** Why unsolicited lines wait. */
export type Hold = 'payload' | 'data mode';

/** What an {@link Output} is made of. */
export interface OutputOptions {
  readonly faults: Faults;
  readonly format: () => PrintFormat;
  readonly lineEnd: () => LineEnd;
  printed(what: Printed, bytes: Uint8Array): void;
  /** Called when unsolicited units no longer wait. */
  released(): void;
}

interface Frame {
  readonly what: Printed;
  readonly bytes: Uint8Array;
}

/** Everything that the module prints, unit by unit, in order. */
export class Output {
  private line: Line | undefined;
  private readonly options: OutputOptions;
  private readonly waiting: Uint8Array[] = [];
  private readonly holds = new Set<Hold>();
  private readonly queue: Frame[] = [];
  /** A frame that the next one overtakes. */
  private overtaken: readonly Frame[] = [];
  private printing = false;

  constructor(options: OutputOptions) {
    this.options = options;
  }

  /** Sets where it goes; nothing is printed while there is no line. */
  connect(line: Line | undefined): void {
    this.line = line;
  }

  /** The host takes less than there is. */
  get congested(): boolean {
    return this.backlog >= HIGH_WATER;
  }

  /** Bytes that were printed and have not reached the host. */
  get backlog(): number {
    return this.line?.backlog ?? 0;
  }

  /** Unsolicited units wait. */
  get holding(): boolean {
    return this.holds.size > 0;
  }

  echo(bytes: Uint8Array): void {
    this.put('echo', bytes);
  }

  /** Information text and the final result. */
  answer(units: readonly Unit[], result: Result): void {
    const format = this.options.format();
    for (const { parts, ...unit } of units) {
      this.chatter();
      const heard = faultyParts(this.options.faults, parts);
      if (heard.length > 0) this.put('answer', printUnit({ ...unit, parts: heard }, format));
    }
    this.chatter();
    this.result(result);
  }

  /** A final result alone. */
  result(result: Result): void {
    const format = this.options.format();
    const line = resultLine(result, format);
    if (line === undefined) return;
    for (const text of faultyLine(this.options.faults, line.text)) {
      this.put('answer', printResult({ ...line, text }, format.lineEnd));
    }
  }

  /** What asks for a payload: `>` unless it is something else. */
  prompt(asks?: string): void {
    this.chatter();
    this.put('prompt', printPrompt(this.options.format().lineEnd, asks));
    this.chatter();
  }

  /** A unit that stands by itself; it waits while {@link hold} forbids it. `data` follows at once. */
  unsolicited(lines: readonly Part[], data?: Uint8Array): void {
    this.chatter();
    const { faults } = this.options;
    const heard = faultyParts(faults, lines);
    const unit = heard.length === 0 ? new Uint8Array() : this.unit(heard);
    const chunks = data === undefined ? [unit] : [unit, faultyBlock(faults, data)];
    if (this.holding) this.waiting.push(...chunks);
    else this.put('report', ...chunks);
  }

  /** A unit that cannot wait: the one that ends data mode. */
  urgent(line: string): void {
    const heard = faultyParts(this.options.faults, [line]);
    if (heard.length > 0) this.put('report', this.unit(heard));
  }

  /** Bytes of a transparent connection. */
  data(bytes: Uint8Array): void {
    this.put('data', faultyBlock(this.options.faults, bytes));
  }

  /** A frame of a multiplexed line. */
  frame(bytes: Uint8Array): void {
    this.put('frame', bytes);
  }

  /** Lets unsolicited units wait, so that they do not stand in the middle of something. */
  hold(reason: Hold): void {
    this.holds.add(reason);
  }

  /** Lets them go on once nothing forbids it. */
  release(reason: Hold): void {
    if (!this.holds.delete(reason) || this.holds.size > 0) return;
    this.put('report', ...this.waiting.splice(0));
    this.options.released();
  }

  /** Forgets what waits. */
  reset(): void {
    this.waiting.length = 0;
    this.queue.length = 0;
    this.overtaken = [];
    this.holds.clear();
  }

  /** Bytes before a start. */
  raw(bytes: Uint8Array): void {
    this.put('report', bytes);
  }

  private unit(lines: readonly Part[]): Uint8Array {
    return printUnsolicited(lines, this.options.lineEnd());
  }

  private chatter(): void {
    const { faults } = this.options;
    if (!this.holding && faults.fires('chatter')) {
      this.put('report', this.unit([faults.chatter()]));
    }
  }

  /** Prints chunks that belong together: what a host that acts at once makes it print comes after them. */
  private put(what: Printed, ...chunks: readonly Uint8Array[]): void {
    const frame = chunks.filter(({ length }) => length > 0).map((bytes) => ({ what, bytes }));
    if (frame.length === 0) return;
    if (
      this.overtaken.length === 0 &&
      what !== 'echo' &&
      what !== 'frame' &&
      this.options.faults.fires('swappedFrames')
    ) {
      this.overtaken = frame;
      return;
    }
    this.queue.push(...frame, ...this.overtaken);
    this.overtaken = [];
    if (this.printing) return;
    this.printing = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
        if (this.line === undefined) continue;
        this.options.printed(next.what, next.bytes);
        this.line.send(next.bytes);
      }
    } finally {
      this.printing = false;
    }
  }
}
