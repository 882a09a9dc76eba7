import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Tests that need programs from Debian packages; `.ci/run` installs those. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@a7600/source', ...defaultServerConditions] } },
  test: {
    include: ['{packages,apps}/*/src/**/*.system.test.ts', 'examples/*.system.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
