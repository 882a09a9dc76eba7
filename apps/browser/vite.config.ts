import { defaultClientConditions, defineConfig } from 'vite';
import { sizeLimit } from './size-limit.js';

export default defineConfig({
  // The page stands in a folder of the site.
  base: './',
  resolve: { conditions: ['@a7600/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: { target: 'es2022', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1_000 },
  plugins: [sizeLimit(250)],
});
