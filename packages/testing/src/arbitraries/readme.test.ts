import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countsTheAnswers, naiveParser } from '../../examples/naive-parser.js';
import * as arbitraries from './index.js';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

test('the code in the README is the example', () => {
  const [, file = '', code] = /<!-- (.+) -->\n```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(code).toBe(readFileSync(join(import.meta.dirname, '../..', file), 'utf8'));
});

test('the bug is found within a hundred sessions and shrunk to one frame', () => {
  const { failed, counterexample } = fc.check(countsTheAnswers, { seed: 3 });
  expect(failed).toBe(true);
  expect(counterexample?.[0]).toHaveLength(1);
});

test('what the README shows has one answer, and the parser sees two', () => {
  const [, shown = ''] = /```text\n(.*)\n```/.exec(readme) ?? [];
  const wire = JSON.parse(`"${shown.replaceAll('\\0', '\\u0000')}"`);
  const parser = naiveParser();
  parser.push(new TextEncoder().encode(wire));
  expect(parser.lines.filter((line) => line === 'OK')).toHaveLength(2);
});

test('payload without a line end becomes the beginning of the next line', () => {
  const parser = naiveParser();
  parser.push(new TextEncoder().encode('\r\n+IPD2\r\nhi+IPCLOSE: 0,1\r\n'));
  expect(parser.lines).toEqual(['+IPD2', 'hi+IPCLOSE: 0,1']);
});

test('everything that is exported is in the README', () => {
  for (const name of Object.keys(arbitraries)) expect(readme).toContain(`\`${name}`);
});
