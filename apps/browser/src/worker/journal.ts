import { joinChunks } from '@a7600/at-codec';
import { capture, liveRecording } from '@a7600/diagnostics/capture';
import { VirtualTimeScheduler } from 'rxjs';
import type { Entry, Format } from '../protocol.js';

/** Characters of the dialogue that are kept. */
const LIMIT = 16_000_000;
/** Counts what an entry takes beside its text. */
const OVERHEAD = 100;

/**
 * The dialogue, as far as memory allows: when it is full, the oldest entries make room. What the page shows of it,
 * and whether it keeps up, changes nothing here.
 */
export class Journal {
  private entries: Entry[] = [];
  /** Index of the oldest entry. */
  private first = 0;
  private size = 0;
  private removed = 0;

  /** How many entries there are, and how many made room. */
  get counts() {
    return { kept: this.entries.length - this.first, discarded: this.removed };
  }

  add(entry: Entry): void {
    this.entries.push(entry);
    this.size += entry.text.length + OVERHEAD;
    while (this.size > LIMIT) {
      this.size -= (this.entries[this.first]?.text.length ?? 0) + OVERHEAD;
      this.first += 1;
      this.removed += 1;
    }
    if (this.first < 10_000) return;
    this.entries = this.entries.slice(this.first);
    this.first = 0;
  }

  /**
   * The dialogue as a file.
   *
   * @param startedAt when it began, in ms since 1970
   */
  file(format: Format, startedAt: number): Uint8Array {
    const entries = this.entries.slice(this.first);
    return format === 'capture' ? captured(entries, startedAt) : recorded(entries, format === 'recording');
  }
}

function captured(entries: readonly Entry[], startedAt: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  const file = capture(startedAt, (bytes) => chunks.push(bytes));
  for (const entry of entries) file.add(entry);
  file.end();
  return joinChunks(chunks);
}

function recorded(entries: readonly Entry[], redact: boolean): Uint8Array {
  // A clock that stands still: the time of the recording is that of each entry.
  const scheduler = new VirtualTimeScheduler();
  const lines: string[] = [];
  const recording = liveRecording((line) => lines.push(line), { redact, scheduler });
  for (const { at, way, text } of entries) {
    scheduler.frame = at;
    recording[way](Uint8Array.from(text, (char) => char.charCodeAt(0)));
  }
  recording.end();
  return new TextEncoder().encode(lines.join(''));
}
