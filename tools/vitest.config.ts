import { defineProject } from 'vitest/config';
import { WORKERS } from './vitest.base.js';

export default defineProject({ test: { name: 'tools', include: ['**/*.test.ts'], maxWorkers: WORKERS } });
