import { defaultServerConditions } from 'vite';
import { defineProject } from 'vitest/config';

export default defineProject({
  ssr: { resolve: { conditions: ['@a7600/source', ...defaultServerConditions] } },
  test: {
    name: 'examples',
    include: ['**/*.test.ts'],
    exclude: ['**/*.system.test.ts', 'node_modules'],
    testTimeout: 120_000,
  },
});
