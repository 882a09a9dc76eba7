import { defineConfig } from 'vitest/config';

/** Tests of the built page in Chromium. The page is built once. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['src/**/*.system.test.ts'],
    globalSetup: 'test/built-page.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most of the tests wait for the module; more than two browsers would wait for each other.
    maxWorkers: 2,
  },
});
