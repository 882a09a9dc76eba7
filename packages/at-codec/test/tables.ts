import { expect } from 'vitest';
import { a7600 } from '../src/a7600.js';
import type { Command } from '../src/command.js';
import type { Dialect } from '../src/decoder/dialect.js';
import type { Line } from '../src/decoder/line.js';
import { exchange } from '../src/exchange.js';
import { bytesOf, decodeWith, summary, type Told } from './decode.js';

/** What the decoder makes of `text`, whole and byte by byte: both give the same. */
export function decode(text: string, told: Told = {}, dialect: Dialect = a7600): string[] {
  const bytes = bytesOf(text);
  const whole = summary(decodeWith(dialect, [bytes], told));
  const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
  expect(summary(decodeWith(dialect, single, told))).toEqual(whole);
  return whole;
}

/** The lines of `text`. */
export function linesOf(text: string): Line[] {
  return decodeWith(a7600, [bytesOf(text)]).filter(
    (event): event is Line => event.kind === 'text' || event.kind === 'urc',
  );
}

/** What the URC in `text` says. */
export function urcIn(text: string): unknown {
  const [line] = linesOf(text);
  return line?.urc?.read(line);
}

/** Lines, each a frame of its own. */
export const frames = (...lines: readonly string[]) => lines.map((line) => `\r\n${line}\r\n`).join('');

/** The conversation about `command` when the module prints `text`; which lines it left to others. */
export function converse<R>(command: Command<R>, text: string, dialect: Dialect = a7600) {
  const conversation = exchange(command);
  const prompt = command.payload !== undefined;
  const foreign: string[] = [];
  for (const event of decodeWith(dialect, [bytesOf(text)], { prompt })) {
    if (!conversation.offer(event)) foreign.push('text' in event ? event.text : event.kind);
  }
  const { phase, settled } = conversation;
  return { phase, settled, foreign };
}

/** A conversation that ended well and left nothing over. */
export const value = (of: unknown) => ({ phase: 'done', settled: { ok: true, value: of }, foreign: [] });

/** A conversation that failed with such an error. */
export const failed = (details: object) => ({
  phase: 'done',
  settled: { ok: false, error: expect.objectContaining(details) },
});
