import type { ModemLink } from './modem-network.js';
import { OnePerTurn } from './one-per-turn.js';
import { type OnRead, ReadSink } from './read-sink.js';

/** The stream that received bytes are for. */
export interface Reader {
  readonly destroyed: boolean;
  readonly readableLength: number;
  readonly readableHighWaterMark: number;
  /** Returns whether more is wanted. */
  push(bytes: Uint8Array | null): boolean;
  read(size: number): unknown;
}

/**
 * What a stream has received from a link, on its way to the program: one chunk in each turn of the event loop, to
 * `data` or to `onread`.
 */
export class Incoming {
  private readonly reader: Reader;
  private readonly sink: ReadSink | undefined;
  private readonly turns = new OnePerTurn<() => void>((work) => work());
  /** What waits for its turn. */
  private chunks: Uint8Array[] = [];
  private waiting = 0;
  private read = 0;

  /**
   * @param reader Takes the bytes.
   * @param onRead Takes them instead.
   */
  constructor(reader: Reader, onRead: OnRead | undefined) {
    this.reader = reader;
    this.sink = onRead && new ReadSink(onRead);
  }

  /** Bytes that the program has been given. */
  get bytesRead(): number {
    return this.read;
  }

  /** Whether there is `onread`. */
  get hasSink(): boolean {
    return this.sink !== undefined;
  }

  /** Whether the program has not taken everything yet. */
  get isDelayed(): boolean {
    return this.reader.readableLength + this.waiting > 0;
  }

  /** Takes a chunk that the link has received. */
  receive(bytes: Uint8Array, link: ModemLink): void {
    const { reader } = this;
    this.waiting += bytes.length;
    if (this.waiting + reader.readableLength > reader.readableHighWaterMark) link.pause();
    this.chunks.push(bytes);
    // What arrives in the turn of another chunk is read together in the next one.
    if (this.chunks.length === 1) this.inTurn(() => this.deliver(link));
  }

  /** Takes this turn for an event that comes before everything that was received, such as `connect`. */
  takeTurn(): void {
    this.turns.take();
  }

  /** Does something after what was received, unless the stream is destroyed by then. */
  inTurn(work: () => void): void {
    this.turns.push(() => {
      if (!this.reader.destroyed) work();
    });
  }

  /** Ends the stream when the program has been given everything. */
  end(): void {
    const end = () => {
      this.reader.push(null);
      // Emits `end` also when nothing is read and nothing is left.
      this.reader.read(0);
    };
    if (this.sink === undefined) end();
    else this.sink.whenDrained(end);
  }

  /** Pauses `onread`. */
  pause(link: ModemLink | undefined): void {
    if (this.sink === undefined) return;
    this.sink.pause();
    link?.pause();
  }

  /** Resumes `onread`, and the link if more is wanted. */
  resume(link: ModemLink | undefined): void {
    if (this.sink?.resume() !== false) link?.resume();
  }

  /** Discards everything, for a new connection. */
  clear(): void {
    this.turns.clear();
    this.sink?.clear();
    this.chunks = [];
    this.waiting = 0;
    this.read = 0;
  }

  private deliver(link: ModemLink): void {
    const [only, ...others] = this.chunks;
    if (only === undefined) return;
    const bytes = others.length === 0 ? only : Buffer.concat(this.chunks);
    this.chunks = [];
    this.waiting = 0;
    this.read += bytes.length;
    const isWanted = (this.sink ?? this.reader).push(bytes);
    if (isWanted) link.resume();
    else link.pause();
  }
}
