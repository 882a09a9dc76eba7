import { defaultServerConditions } from 'vite';
import { defineProject } from 'vitest/config';
import { WORKERS } from '../tools/vitest.base.js';

export default defineProject({
  ssr: { resolve: { conditions: ['@a7600/source', ...defaultServerConditions] } },
  test: {
    name: 'examples',
    include: ['**/*.test.ts'],
    exclude: ['**/*.system.test.ts', 'node_modules'],
    testTimeout: 120_000,
    isolate: false,
    maxWorkers: WORKERS,
  },
});
