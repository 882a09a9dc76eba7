import { CR, joinChunks, LF, NOTHING, NUL } from './bytes.js';
import type { BlockHeader, Line } from './line.js';

/** How many bytes at the end of a block are kept: the beginning of any frame fits. */
const TAIL = 80;

/** After how many results with an empty line before them the module is taken to always print one. */
const CERTAIN = 3;

/** What the results after blocks of one kind looked like. */
interface Layout {
  /** How many had an empty line before them. */
  spaced: number;
  /** One had none although no byte was lost: the layout proves nothing. */
  mixed: boolean;
}

/**
 * Detects a block that ran over its end.
 *
 * If bytes are lost inside a block, the block takes as many from the frames that follow. It then
 * ends inside a frame or between two: the tail of the block holds the beginning, and the rest
 * follows. A module prints CR LF before each frame, which shows where a frame begins.
 */
export class BlockBoundary {
  /** The header of the block that ended, until the next frame has been checked. */
  header: Line | undefined = undefined;
  /** The last bytes of the block: {@link TAIL} or more, if it has as many. */
  private tail = NOTHING;
  private readonly layouts = new Map<BlockHeader, Layout>();

  /** Takes a chunk of the block of `header`, after which `remaining` bytes are still to come. */
  take(chunk: Uint8Array, header: Line, remaining: number): void {
    if (remaining >= TAIL) return;
    this.tail = chunk.length < TAIL ? joinChunks([this.tail, chunk]) : chunk;
    if (remaining === 0) this.header = header;
  }

  /** Forgets the block. */
  clear(): void {
    this.header = undefined;
    this.tail = NOTHING;
  }

  /**
   * Whether the frame after the block shows an overrun.
   *
   * @param first - Its first byte.
   * @param resultPadding - The number of bytes before the text if the frame is a result, else 0.
   * @param line - The frame, if it is a line.
   */
  isOverrun(first: number | undefined, resultPadding: number, line: Line | undefined): boolean {
    if (first === LF) return this.endsWith(CR);
    if (first === CR) return resultPadding > 0 && this.lacksEmptyLine(resultPadding);
    // A NUL comes from a module that restarted, an echo from the host. Other text may follow directly (Q-3b).
    if (first === NUL || (line !== undefined && isCommand(line))) return false;
    return (line !== undefined && isRest(line)) || this.hasLineEnd();
  }

  /** Whether the result has no empty line before it although this module always prints one. */
  private lacksEmptyLine(padding: number): boolean {
    const layout = this.layout();
    if (padding >= 4) layout.spaced += 1;
    else if (!layout.mixed) {
      if (this.endsWith(CR, LF)) return layout.spaced >= CERTAIN;
      layout.mixed = true;
    }
    return false;
  }

  private layout(): Layout {
    const kind = this.header?.block as BlockHeader;
    const known = this.layouts.get(kind) ?? { spaced: 0, mixed: false };
    this.layouts.set(kind, known);
    return known;
  }

  private endsWith(...end: readonly number[]): boolean {
    const { tail } = this;
    return end.every((byte, at) => tail[tail.length - end.length + at] === byte);
  }

  private hasLineEnd(): boolean {
    const tail = this.tail.subarray(-TAIL);
    return tail.some((byte, at) => byte === CR && tail[at + 1] === LF);
  }
}

/**
 * Whether a line is a command that the host wrote, which comes back with its CR, before the line end of what follows.
 * What begins like one and ends like a line of the module is the rest of such a line: of `REATTACH`.
 */
function isCommand(line: Line): boolean {
  if (line.kind !== 'echo') return false;
  const { raw } = line;
  return raw[raw.length - 2] !== CR || raw[raw.length - 3] === CR;
}

/**
 * Whether a line is nothing that a module says: what it says has a name that the dialect knows, or a sign before it.
 * Such a line is left by a block that began late, because its header came twice.
 */
function isRest({ kind, block, text }: Line): boolean {
  return kind === 'text' && block === undefined && !/^[+*$^#&%]/.test(text);
}
