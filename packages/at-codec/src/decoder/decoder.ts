import { isFill, LF, PROMPT } from './bytes.js';
import type { Dialect } from './dialect.js';
import type { AtEvent, Line } from './events.js';
import { headTable } from './heads.js';
import { TextLine } from './text-line.js';

/** Bounds of what a {@link Decoder} holds, in bytes. */
export interface DecoderLimits {
  /** The longest line that is still a line; a longer one is noise. Default 4096. */
  readonly line?: number;
}

/**
 * Turns the byte stream of a module into events, synchronously and without a clock.
 *
 * The wire means different things at different times, and the decoder is told, it never guesses:
 * lines; lines with a prompt awaited; the block behind a counted header; data mode. A mode set
 * from inside the sink holds for the very next byte. Nothing that is pushed makes it throw.
 */
export interface Decoder {
  /** Decodes `chunk`, which must not be changed afterwards: events keep views of it. */
  push(chunk: Uint8Array): void;
  /** Whether a bare `>` at the start of a line is a prompt; it is one once, then no more. */
  awaitPrompt(awaited: boolean): void;
  /** From the next byte on everything is `data`, until {@link Decoder.lineMode}. */
  dataMode(): void;
  /** Back to lines, also out of a counted block that will not be completed. */
  lineMode(): void;
  /** The stream is over: gives out what was held as noise. */
  end(): void;
}

/** Fill between two units that is given out as noise, so that a stream of it is not stored. */
const FILL_LIMIT = 256;
/** Partial lines are gathered in blocks of this size; a block is never written twice. */
const HOLD_BLOCK = 4096;
/** Up to here a plain loop finds the line end faster than a call of `indexOf`. */
const SHORT_LINE = 48;

type Mode = 'lines' | 'overlong' | 'counted' | 'data';

/** Makes a {@link Decoder} that gives its events to `sink`, in order, while `push` runs. */
export function createDecoder(
  dialect: Dialect,
  sink: (event: AtEvent) => void,
  limits: DecoderLimits = {},
): Decoder {
  const findHead = headTable(dialect).find;
  const lineLimit = limits.line ?? 4096;
  let mode: Mode = 'lines';
  let promptAwaited = false;

  // The beginning of a unit that the chunks so far have not completed: fill, then perhaps text.
  let held = new Uint8Array(HOLD_BLOCK);
  let heldStart = 0;
  let heldText = 0;
  let heldEnd = 0;

  let header: Line | undefined;
  let remaining = 0;

  const hold = (chunk: Uint8Array, from: number, to: number) => {
    if (heldEnd + to - from > held.length) {
      const old = held.subarray(heldStart, heldEnd);
      held = new Uint8Array(Math.max(HOLD_BLOCK, 2 * (old.length + to - from)));
      held.set(old);
      heldText -= heldStart;
      heldEnd = old.length;
      heldStart = 0;
    }
    for (let at = from; at < to; at++) held[heldEnd++] = chunk[at] as number;
  };

  const takeHeld = (): Uint8Array => {
    const taken = held.subarray(heldStart, heldEnd);
    forgetHeld();
    return taken;
  };

  const forgetHeld = () => {
    heldStart = heldEnd;
    heldText = heldEnd;
  };

  const emitPrompt = (raw: Uint8Array) => {
    promptAwaited = false;
    sink({ kind: 'prompt', raw });
  };

  const emitNoise = (raw: Uint8Array) => sink({ kind: 'noise', raw });

  const emitLine = (bytes: Uint8Array, start: number, text: number, lineFeed: number) => {
    const line = new TextLine(bytes, start, text, lineFeed, findHead);
    if (line.announces > 0) {
      if (line.announces > (line.counted?.max ?? 0)) {
        emitNoise(line.raw);
        return;
      }
      mode = 'counted';
      header = line;
      remaining = line.announces;
    }
    sink(line);
  };

  /** Goes on with the unit that is held; returns how far the chunk is used up. */
  const continueHeld = (chunk: Uint8Array, start: number): number => {
    let from = start;
    if (heldText === heldEnd) {
      while (from < chunk.length && isFill(chunk[from] as number)) from += 1;
      const before = heldEnd - heldStart;
      if (before + from - start >= FILL_LIMIT) {
        const cut = start + FILL_LIMIT - before;
        hold(chunk, start, cut);
        emitNoise(takeHeld());
        return cut;
      }
      hold(chunk, start, from);
      heldText = heldEnd;
      if (from === chunk.length) return from;
      if (promptAwaited && chunk[from] === PROMPT) {
        hold(chunk, from, from + 1);
        emitPrompt(takeHeld());
        return from + 1;
      }
    }
    const limit = from + lineLimit - (heldEnd - heldText);
    const lineFeed = findLineFeed(chunk, from, Math.min(chunk.length, limit));
    if (lineFeed >= 0) {
      hold(chunk, from, lineFeed + 1);
      const [first, text, last] = [heldStart, heldText, heldEnd - 1];
      forgetHeld();
      emitLine(held, first, text, last);
      return lineFeed + 1;
    }
    if (limit > chunk.length) {
      hold(chunk, from, chunk.length);
      return chunk.length;
    }
    hold(chunk, from, limit);
    mode = 'overlong';
    emitNoise(takeHeld());
    return limit;
  };

  /** Decodes units from `start` on, as long as the mode stays; returns how far it came. */
  const lines = (chunk: Uint8Array, start: number): number => {
    const { length } = chunk;
    let at = start;
    while (at < length && mode === 'lines') {
      const unit = at;
      while (at < length && isFill(chunk[at] as number)) at += 1;
      if (at - unit >= FILL_LIMIT) {
        at = unit + FILL_LIMIT;
        emitNoise(chunk.subarray(unit, at));
        continue;
      }
      if (at < length && promptAwaited && chunk[at] === PROMPT) {
        at += 1;
        emitPrompt(chunk.subarray(unit, at));
        continue;
      }
      const limit = at + lineLimit;
      const lineFeed = findLineFeed(chunk, at, Math.min(length, limit));
      if (lineFeed >= 0) {
        const text = at;
        at = lineFeed + 1;
        emitLine(chunk, unit, text, lineFeed);
      } else if (limit > length) {
        hold(chunk, unit, length);
        heldText = heldStart + at - unit;
        at = length;
      } else {
        at = limit;
        mode = 'overlong';
        emitNoise(chunk.subarray(unit, at));
      }
    }
    return at;
  };

  const overlong = (chunk: Uint8Array, start: number): number => {
    const lineFeed = chunk.indexOf(LF, start);
    const end = lineFeed < 0 ? chunk.length : lineFeed + 1;
    if (lineFeed >= 0) mode = 'lines';
    emitNoise(chunk.subarray(start, end));
    return end;
  };

  const counted = (chunk: Uint8Array, start: number): number => {
    const end = Math.min(chunk.length, start + remaining);
    remaining -= end - start;
    if (remaining === 0) mode = 'lines';
    sink({ kind: 'payload', raw: chunk.subarray(start, end), header: header as Line, remaining });
    return end;
  };

  const decoder: Decoder = {
    push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (mode === 'lines') at = heldEnd > heldStart ? continueHeld(chunk, at) : lines(chunk, at);
        else if (mode === 'counted') at = counted(chunk, at);
        else if (mode === 'overlong') at = overlong(chunk, at);
        else {
          sink({ kind: 'data', raw: chunk.subarray(at) });
          at = chunk.length;
        }
      }
    },
    awaitPrompt(awaited) {
      promptAwaited = awaited;
    },
    dataMode() {
      decoder.end();
      mode = 'data';
    },
    lineMode() {
      mode = 'lines';
    },
    end() {
      if (heldEnd > heldStart) emitNoise(takeHeld());
    },
  };
  return decoder;
}

function findLineFeed(bytes: Uint8Array, from: number, end: number): number {
  const near = Math.min(end, from + SHORT_LINE);
  for (let at = from; at < near; at++) if (bytes[at] === LF) return at;
  if (near === end) return -1;
  const at = bytes.indexOf(LF, near);
  return at < end ? at : -1;
}
