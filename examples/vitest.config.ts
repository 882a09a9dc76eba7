import { defineProject } from 'vitest/config';
import { fromSources, options } from '../tools/vitest.base.js';

export default defineProject({
  ssr: fromSources,
  test: {
    name: 'examples',
    include: ['**/*.test.ts'],
    exclude: ['**/*.system.test.ts', 'node_modules'],
    ...options,
  },
});
