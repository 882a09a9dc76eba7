import { expect, test } from 'vitest';
import { completed, EMPTY_LINE, typeInto } from './line-editor.js';

/** Types keys, and returns the line and what was entered. */
function typing(...keys: readonly string[]) {
  const entered: string[] = [];
  let line = EMPTY_LINE;
  for (const key of keys) {
    const effect = typeInto(line, key);
    line = effect.line;
    if (effect.entered !== undefined) entered.push(effect.entered);
  }
  return { line, entered };
}

const [LEFT, UP, DOWN] = ['\x1b[D', '\x1b[A', '\x1b[B'];

test('edits in the middle of a line', () => {
  const { line } = typing('A', 'T', 'X', LEFT, '\x7f', '+', 'C');
  expect(line).toMatchObject({ text: 'A+CX', cursor: 3 });
});

test('enters lines, and brings them back without repetitions', () => {
  const { line, entered } = typing('AT', '\r', 'AT', '\r', 'ATI', '\r', ' ', '\r', UP, UP, UP);
  expect(entered).toEqual(['AT', 'AT', 'ATI', ' ']);
  expect(line.text).toBe('AT');
  expect(typeInto(line, DOWN).line.text).toBe('ATI');
});

test('ignores keys that it does not know, and control characters', () => {
  expect(typing('a', '\x1b[15~', '\x00', 'b').line.text).toBe('ab');
});

test('completes as far as the candidates agree', () => {
  const { line } = typing('AT+CS');
  expect(completed(line, ['AT+CSQ', 'AT+CSQ?']).text).toBe('AT+CSQ');
  expect(completed(line, [])).toBe(line);
});
