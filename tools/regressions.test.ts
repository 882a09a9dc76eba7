import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatRegressions, type Regression } from './properties.js';

const packages = join(import.meta.dirname, '../packages');
const files = readdirSync(packages)
  .map((name) => join(packages, name, 'test/properties/regressions.json'))
  .filter((file) => existsSync(file));

describe.each(files)('%s', (file) => {
  const text = readFileSync(file, 'utf8');
  const stored = JSON.parse(text) as Regression[];

  test('has one case a line', () => {
    expect(text).toBe(formatRegressions(stored));
  });

  test('has a note with each case that names the fault', () => {
    expect(stored.filter(({ note }) => !(note?.length > 20))).toEqual([]);
  });

  test('names only properties that the package has', () => {
    const sources = readdirSync(join(file, '..'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(file, '..', name), 'utf8'))
      .join();
    const missing = stored.map(({ property }) => property).filter((name) => !sources.includes(name));
    expect(missing).toEqual([]);
  });
});
