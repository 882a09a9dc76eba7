import { expect, test } from 'vitest';
import { assertName, isFleetName, isId } from './names.js';

test('a name that could change a subject is refused', () => {
  for (const name of ['', 'a.b', 'a b', '*', '>', 'a>', 'é', 'a\n', 'x'.repeat(33)]) {
    expect(isFleetName(name)).toBe(false);
    expect(() => assertName('agent', name)).toThrow(/cannot be part of a subject/);
  }
  expect(assertName('agent', 'ROOF-17')).toBe('ROOF-17');
});

test('an id has at least 16 characters, so that guessing one is hopeless', () => {
  expect(isId('a'.repeat(15))).toBe(false);
  expect(isId('a'.repeat(16))).toBe(true);
  expect(isId(`${'a'.repeat(16)}.b`)).toBe(false);
});
