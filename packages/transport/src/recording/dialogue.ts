import type { RecordingEntry } from './format.js';
import { announcedPayload, promisedPayload, UNTIL_CTRL_Z, UNTIL_RESULT } from './payload-length.js';

/**
 * What a chunk is: `payload` all of it; a `line` of the conversation; `doubtful` one after data mode was left by a line
 * that the peer may have sent, or after a message without its length: it may be payload that reads like a line.
 */
export type ChunkKind = 'line' | 'doubtful' | 'payload';

/** Called with each chunk. */
export type EmitChunk = (way: RecordingEntry['way'], text: string, kind: ChunkKind) => void;

/** A line without an end is written down in chunks of this many bytes. */
const LONGEST = 4096;
/** A command may come in chunks, as a person types it; other writes are accepted as they come. */
const COMMAND = /^\s*(?:a$|at)/i;
/** They end a payload without a length; ESC calls it off. */
const CTRL_Z = '\x1a';
const ESC = '\x1b';
const ERROR = /^(?:ERROR|\+CM[ES] ERROR: .*)$/;
const isResult = (text: string) => text === 'OK' || ERROR.test(text);
/** What follows it says how fast, or on which network (ITU-T V.250, 5.7.1). */
const CONNECT = /^CONNECT(?: (?!FAIL$|OK$).*)?$/;
/** The device waits for payload. */
const PROMPT = /(?:^|\n)> ?$/;
/** The line after these is a message. */
const MESSAGE = /^\+(?:CMT|CMGR|CMGL|CDS|CBM): /;

/**
 * Takes a conversation with a modem apart: commands, the lines that it prints, the payload that
 * either announces, and data mode, in which everything is payload. What comes in chunks is put
 * together, so that a secret is found wherever it was cut.
 */
export class Dialogue {
  private readonly onChunk: EmitChunk;
  /** The beginning of a line, of either side. */
  private printed = '';
  private typed = '';
  /** Payload that the device is about to print, and that the host is about to send, in bytes. */
  private announced = 0;
  private promised = 0;
  private message = false;
  private mode: 'command' | 'data' | 'leaving data' = 'command';

  /** Data mode was left by a line that the peer may have sent, or a message came whose end is not known. */
  private doubtful = false;

  constructor(onChunk: EmitChunk) {
    this.onChunk = onChunk;
  }

  sent(text: string): void {
    if (this.promised === 0 && this.mode === 'command' && PROMPT.test(this.printed))
      this.promised = UNTIL_CTRL_Z;
    // The device has said this before; an echo stays after the command that it repeats.
    if (this.typed === '') this.flushPrinted();
    if (this.mode !== 'command') {
      this.mode = text === '+++' ? 'leaving data' : 'data';
      this.emit('sent', text, this.mode === 'data');
      return;
    }
    this.typed += text;
    while (this.typed !== '' && (this.takePayload() || this.takeCommand()));
  }

  received(text: string): void {
    this.printed += text;
    while (this.printed !== '' && this.mode === 'command' && (this.takeBlock() || this.takeLine()));
    if (this.mode !== 'command') this.takeData();
    else if (this.printed.length > LONGEST) this.flushPrinted();
  }

  /** Writes down what is left. */
  flush(): void {
    this.emit('sent', this.typed, false);
    this.typed = '';
    this.flushPrinted();
  }

  private emit(way: RecordingEntry['way'], text: string, isPayload: boolean): void {
    this.onChunk(way, text, isPayload ? 'payload' : this.doubtful ? 'doubtful' : 'line');
  }

  private flushPrinted(): void {
    this.emit('received', this.printed, this.announced > 0 || this.message || this.mode !== 'command');
    this.printed = '';
  }

  private takePayload(): boolean {
    if (this.promised === 0) return false;
    const stop = Array.from(this.typed).findIndex((char) => char === CTRL_Z || char === ESC);
    const untilStop = this.promised === UNTIL_CTRL_Z;
    const size = untilStop && stop >= 0 ? stop + 1 : Math.min(this.promised, this.typed.length);
    const chunk = this.typed.slice(0, size);
    this.typed = this.typed.slice(size);
    this.emit('sent', chunk, true);
    // A lone ESC calls the payload off.
    this.promised = (untilStop && stop >= 0) || chunk === ESC ? 0 : this.promised - size;
    return true;
  }

  private takeCommand(): boolean {
    const command = COMMAND.test(this.typed);
    const end = command ? /\r\n?/.exec(this.typed) : undefined;
    if (end === null && this.typed.length <= LONGEST) return false;
    const size = end ? end.index + end[0].length : this.typed.length;
    const line = this.typed.slice(0, size);
    this.typed = this.typed.slice(size);
    this.emit('sent', line, false);
    this.promised = promisedPayload(line);
    return true;
  }

  private takeBlock(): boolean {
    if (this.announced === 0) return false;
    if (this.announced === UNTIL_RESULT) return this.takeUntilResult();
    const chunk = this.printed.slice(0, this.announced);
    this.printed = this.printed.slice(chunk.length);
    this.announced -= chunk.length;
    this.emit('received', chunk, true);
    return true;
  }

  /** A line of a block whose length was not legible. */
  private takeUntilResult(): boolean {
    const end = this.printed.indexOf('\n');
    if (end < 0) return false;
    const line = this.printed.slice(0, end + 1);
    if (isResult(line.trim())) this.announced = 0;
    else {
      this.printed = this.printed.slice(line.length);
      this.emit('received', line, true);
    }
    return true;
  }

  private takeLine(): boolean {
    const end = this.printed.indexOf('\n');
    if (end < 0) return false;
    const line = this.printed.slice(0, end + 1);
    this.printed = this.printed.slice(end + 1);
    this.emit('received', line, this.message);
    const text = line.trim();
    this.message = MESSAGE.test(text);
    this.announced = announcedPayload(text);
    // A text whose length is not stated may have more lines, which read like others.
    this.doubtful ||= this.message && this.announced === 0;
    if (ERROR.test(text) || (this.promised === UNTIL_CTRL_Z && isResult(text))) this.promised = 0;
    if (CONNECT.test(text)) this.mode = 'data';
    return true;
  }

  /** Data mode ends with a line of the module after the last byte; its beginning is held for that. */
  private takeData(): void {
    const marks = ['\r\nCLOSED\r\n', '\r\nNO CARRIER\r\n'];
    if (this.mode === 'leaving data') marks.push('\r\nOK\r\n');
    const mark = marks.find((candidate) => this.printed.endsWith(candidate));
    const held = mark?.length ?? beginningOf(marks, this.printed);
    const at = this.printed.length - held;
    this.emit('received', this.printed.slice(0, at), true);
    this.printed = this.printed.slice(at);
    if (mark === undefined) return;
    this.doubtful ||= this.mode === 'data';
    this.mode = 'command';
    this.flushPrinted();
  }
}

/** How many of the last characters of a text may be the beginning of one of the marks. */
function beginningOf(marks: readonly string[], text: string): number {
  const lengths = marks.flatMap((mark) =>
    Array.from(mark, (_, index) => index + 1).filter((size) => text.endsWith(mark.slice(0, size))),
  );
  return Math.max(0, ...lengths);
}
