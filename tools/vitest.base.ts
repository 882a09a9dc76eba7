import { defaultServerConditions } from 'vite';
import { defineProject } from 'vitest/config';

/** Tests read the sources of the packages: no build is needed. */
export const fromSources = { resolve: { conditions: ['@a7600/source', ...defaultServerConditions] } };

/**
 * Settings of all tests: three files are run at a time, on two cores, because some wait. The timeout ends a test that
 * hangs; it is long, because a loaded machine may be ten times slower than an idle one. The files of a worker share their modules, which takes a third less time: no test may
 * change what another file imports.
 */
export const options = { testTimeout: 300_000, isolate: false, maxWorkers: 3 };

/** Settings of a package's tests. */
export function project(name: string) {
  return defineProject({
    ssr: fromSources,
    test: { name, include: ['src/**/*.test.ts'], exclude: ['src/**/*.system.test.ts'], ...options },
  });
}
