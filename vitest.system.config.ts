import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Tests that need programs from Debian packages; `.ci/run` installs those. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@a7600/source', ...defaultServerConditions] } },
  test: {
    include: ['{packages,apps}/*/src/**/*.system.test.ts', 'examples/*.system.test.ts'],
    // Time limits end what hangs; a loaded machine may be ten times slower than an idle one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 240_000 } },
  },
});
