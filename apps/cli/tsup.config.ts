import { defineConfig } from 'tsup';

/** The program as one module with its chunks; the packages that are published stay packages. */
export default defineConfig({
  entry: { main: 'src/main.ts' },
  format: ['esm'],
  target: 'node20',
  splitting: true,
  sourcemap: true,
  clean: true,
  noExternal: [/^@a7600\/diagnostics/],
  esbuildOptions(options) {
    options.conditions = ['@a7600/source'];
  },
});
