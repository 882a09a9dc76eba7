import { defineConfig } from 'vitest/config';
import { fromSources, options } from './tools/vitest.base.js';

/** The tests of all projects as one: what they share is compiled and loaded once, which takes half the time. */
export default defineConfig({
  ssr: fromSources,
  test: {
    include: ['{packages,apps}/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['**/*.system.test.ts', '**/node_modules/**'],
    ...options,
  },
});
