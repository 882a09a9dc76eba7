import { joinChunks } from '@a7600/at-codec';
import { type SchedulerLike, Subscription } from 'rxjs';
import {
  findAnswer,
  type Kept,
  type Numbers,
  type Parts,
  partsOfClosed,
  partsOfOpen,
  partsOfReplaced,
} from './answers.js';
import { tailOf } from './bytes.js';
import {
  begunMarker,
  CLOSED,
  ERROR,
  findMarker,
  lastIndexOf,
  MARKERS,
  type Marker,
  NEXT_CLIENT,
  OK,
  startsWith,
} from './markers.js';
import type { Doubt } from './state.js';

/** Time in ms that bytes wait for the rest of the line that they may begin. */
const LINE_TIME = 50;
/** More bytes than this after a doubtful line are data: a module in command mode says less unasked. */
const LONGEST_EPILOGUE = 4_096;
/** The most bytes kept while data mode is being left; the oldest go on as data. */
const KEPT_LIMIT = 65_536;

/** What a {@link DataReader} calls. */
export interface DataReaderTarget {
  /** Data of the peer. */
  deliver(bytes: Uint8Array): void;
  /** Whether a line is one that was written from here not long ago. */
  wrote(line: Uint8Array): boolean;
  /** A line may be the module's; it and what follows is kept. */
  doubtful(doubt: Doubt): void;
  /** What is kept can only be data. */
  trusted(): void;
  /** The module answered with the proof. */
  proven(): void;
  /** Another answer came. */
  answered(contradicts: boolean): void;
}

const DATA_MARKERS: readonly Marker[] = [...MARKERS, { bytes: ERROR, doubt: 'echoed' }];
const ESCAPE_MARKERS: readonly Marker[] = [...MARKERS, { bytes: OK, doubt: 'closed' }];
/** How much of what was delivered is remembered. */
const LINE_LENGTH = 128;
const EMPTY = new Uint8Array(0);
const LF = 0x0a;
const CR = 0x0d;

/** Tells the peer's data from the lines that the module prints among them. */
export class DataReader {
  private readonly scheduler: SchedulerLike;
  private readonly target: DataReaderTarget;
  private readonly dataMarkers: readonly Marker[];
  private kept: Uint8Array = EMPTY;
  /** The last bytes that were delivered, for the line that an `ERROR` is about. */
  private line: Uint8Array = EMPTY;
  private keeping = false;
  /** An escape is under way. */
  private escaping = false;
  private expected: Numbers | undefined;
  /** How many of the kept bytes had arrived when the module was asked, and how many were searched. */
  private askedAt = 0;
  private searched = 0;
  /** How often it was asked since the last escape. */
  private questions = 0;
  /** A line was written, and nothing but this was received since. */
  private unanswered = false;
  private isReplaced = false;
  /** What is kept begins with a line that raised a doubt. */
  private beginsDoubtful = false;
  private proof: Kept['proof'] | undefined;
  private timer = Subscription.EMPTY;

  /** `reportsNext`: the module may report the next client among the data. */
  constructor(scheduler: SchedulerLike, reportsNext: boolean, target: DataReaderTarget) {
    this.scheduler = scheduler;
    this.dataMarkers = reportsNext ? [...DATA_MARKERS, NEXT_CLIENT] : DATA_MARKERS;
    this.target = target;
  }

  /** That was written as data. */
  wrote(bytes: Uint8Array): void {
    this.unanswered ||= bytes.includes(CR);
  }

  receive(bytes: Uint8Array): void {
    this.timer.unsubscribe();
    this.kept = this.kept.length === 0 ? bytes : joinChunks([this.kept, bytes]);
    if (this.expected !== undefined && this.proof === undefined) this.search(this.expected);
    if (!this.keeping) this.sift();
    this.limit();
  }

  /** Keeps everything from now on. */
  withhold(): void {
    this.keeping = true;
    this.timer.unsubscribe();
  }

  /** The escape is on its way: its answer ends the data. */
  awaitEscape(): void {
    this.escaping = true;
  }

  /** The module was asked for `numbers`; after the last escape for the first time, if `first`. */
  awaitAnswer(numbers: Numbers, first: boolean): void {
    this.withhold();
    if (first) this.askedAt = this.kept.length;
    this.questions = first ? 1 : this.questions + 1;
    if (this.expected === undefined) this.searched = this.kept.length;
    this.expected = numbers;
  }

  /** Everything kept is data, up to the answer to the escape. Returns the lines after that. */
  trust(): Uint8Array {
    if (!this.keeping && !this.escaping) return EMPTY;
    return this.release(partsOfOpen);
  }

  /** The connection is gone. Returns the module's lines. */
  distrust(): Uint8Array {
    // Without `CLOSED`, the doubtful line is the only sign of the end.
    const isReplaced =
      this.isReplaced || (this.beginsDoubtful && lastIndexOf(this.kept, CLOSED, this.kept.length) < 0);
    return this.release(isReplaced ? partsOfReplaced : partsOfClosed);
  }

  /** The connection is gone, and the next client's report was the doubtful line with which what is kept begins. */
  replaced(): void {
    this.isReplaced = true;
  }

  /** The connection has ended without an answer: what is kept is data only if nothing was doubtful. */
  end(): void {
    this.timer.unsubscribe();
    if (!this.keeping && !this.escaping) this.deliver(this.kept.length);
    this.kept = EMPTY;
  }

  private release(partsOf: (kept: Kept) => Parts): Uint8Array {
    const { kept: bytes, proof, askedAt, questions, expected } = this;
    const parts = partsOf({ bytes, proof, askedAt, questions, expected });
    this.keeping = false;
    this.beginsDoubtful = false;
    this.escaping = false;
    this.expected = undefined;
    this.proof = undefined;
    this.kept = parts.data;
    this.deliver(parts.data.length);
    return parts.lines;
  }

  /** Looks for the answer to the question. */
  private search(expected: Numbers): void {
    const { target } = this;
    for (;;) {
      const answer = findAnswer(this.kept, this.searched, expected);
      if (answer === undefined) return;
      if (answer.kind === 'proof') {
        this.proof = answer;
        target.proven();
        return;
      }
      this.searched = answer.end - 2;
      target.answered(answer.kind === 'contradiction');
    }
  }

  /** Delivers what is certainly data. */
  private sift(): void {
    const markers = this.escaping ? ESCAPE_MARKERS : this.dataMarkers;
    for (let from = 0; ; ) {
      const found = findMarker(this.kept, from, markers);
      if (found === undefined) break;
      const { at, end, marker } = found;
      if (marker.doubt === 'echoed' && !this.isAnswerToOurs(at)) {
        from = end;
        continue;
      }
      this.keep(at, marker);
      return;
    }
    const begun = begunMarker(this.kept, markers);
    this.deliver(this.kept.length - begun);
    if (begun > 0 && !this.escaping)
      this.timer = this.scheduler.schedule(() => this.deliver(this.kept.length), LINE_TIME);
  }

  /** Keeps what stands from `at` on. */
  private keep(at: number, marker: Marker): void {
    const isOk = marker.bytes === OK;
    const start = isOk ? lastIndexOf(this.kept, OK, this.kept.length) : at;
    const other = isOk ? findMarker(this.kept, at, MARKERS) : { at, marker };
    this.keeping = other !== undefined;
    this.beginsDoubtful = other !== undefined && other.at <= start;
    this.deliver(other === undefined ? start : Math.min(start, other.at));
    if (other !== undefined) this.target.doubtful(other.marker.doubt);
  }

  /**
   * An `ERROR` at `at` is about a line that was written from here: so the module takes commands. It is the first thing
   * that comes after that line, or comes after the echo of it.
   */
  private isAnswerToOurs(at: number): boolean {
    if (at === 0 && this.unanswered) return true;
    const before = tailOf(this.line, this.kept.subarray(0, at), LINE_LENGTH);
    if (before.at(-1) !== CR) return false;
    let start = before.length - 1;
    while (start > 0 && before[start - 1] !== CR && before[start - 1] !== LF) start -= 1;
    return start < before.length - 1 && this.target.wrote(before.subarray(start));
  }

  /** What is kept begins with a report of the next client, which sends as much as it likes. */
  private get reportsNext(): boolean {
    return this.keeping && startsWith(this.kept, NEXT_CLIENT.bytes, 0, NEXT_CLIENT.bytes.length);
  }

  private limit(): void {
    const isTooLong = this.keeping && !this.escaping && this.kept.length > LONGEST_EPILOGUE;
    if (isTooLong && !this.reportsNext) this.target.trusted();
    const excess = this.kept.length - KEPT_LIMIT;
    if (excess > 0 && this.proof === undefined) {
      this.beginsDoubtful = false;
      this.deliver(excess);
    }
  }

  private deliver(count: number): void {
    const bytes = this.kept.subarray(0, count);
    this.kept = this.kept.subarray(count);
    this.searched = Math.max(0, this.searched - count);
    this.askedAt = Math.max(0, this.askedAt - count);
    if (bytes.length === 0) return;
    this.unanswered = false;
    this.line = tailOf(this.line, bytes, LINE_LENGTH);
    this.target.deliver(bytes);
  }
}
