import { chunking, chunksOf, session, sessionBytes } from '@a7600/testing/arbitraries';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineParser } from './line-parser.js';

test('a line is the same however the bytes are cut', () => {
  fc.assert(
    fc.property(session(), chunking(), (frames, cuts) => {
      const bytes = sessionBytes(frames);
      expect(linesOf(chunksOf(bytes, cuts))).toEqual(linesOf([bytes]));
    }),
  );
});

function linesOf(chunks: Iterable<Uint8Array>): readonly string[] {
  const parser = lineParser();
  return [...chunks].flatMap((chunk) => parser.push(chunk));
}
