import { chunking, chunksOf, session, sessionBytes, sessionParts } from '@a7600/testing/arbitraries';
import fc from 'fast-check';

/** A parser as one writes it first: gather, split, leave out what is empty. */
export function naiveParser(): { readonly lines: string[]; push(chunk: Uint8Array): void } {
  const lines: string[] = [];
  let rest = '';
  return {
    lines,
    push(chunk) {
      const parts = (rest + new TextDecoder().decode(chunk)).split('\r\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.filter((line) => line !== ''));
    },
  };
}

/** Whatever a module prints, and however it is cut: so many commands end as the module says. */
export const countsTheAnswers = fc.property(session(), chunking(), (frames, cuts) => {
  const parser = naiveParser();
  for (const chunk of chunksOf(sessionBytes(frames), cuts)) parser.push(chunk);
  const answers = (lines: readonly unknown[]) => lines.filter((line) => line === 'OK').length;
  return answers(parser.lines) === answers(sessionParts(frames));
});
