import { defaultServerConditions } from 'vite';
import { defineProject } from 'vitest/config';

/** Files that are run at a time, in each project alike. */
export const WORKERS = 2;

/**
 * Settings of a package's tests: they read the sources of the packages, no build is needed. The timeout ends a
 * test that hangs; it is long, because a loaded machine may be ten times slower than an idle one. The files of a
 * worker share their modules, which takes a third less time: no test may change what another file imports.
 */
export function project(name: string) {
  return defineProject({
    ssr: { resolve: { conditions: ['@a7600/source', ...defaultServerConditions] } },
    test: {
      name,
      include: ['src/**/*.test.ts'],
      exclude: ['src/**/*.system.test.ts'],
      testTimeout: 300_000,
      isolate: false,
      maxWorkers: WORKERS,
    },
  });
}
