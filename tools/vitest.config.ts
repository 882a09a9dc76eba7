import { defineProject } from 'vitest/config';
import { options } from './vitest.base.js';

export default defineProject({ test: { name: 'tools', include: ['**/*.test.ts'], ...options } });
