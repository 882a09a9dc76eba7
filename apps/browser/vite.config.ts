import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  resolve: { conditions: ['@a7600/source', ...defaultClientConditions] },
  build: { target: 'es2022' },
});
