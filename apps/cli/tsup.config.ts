import { defineConfig } from 'tsup';

/** The program as one module with its chunks; the packages that it uses stay packages. */
export default defineConfig({
  entry: { main: 'src/main.ts' },
  format: ['esm'],
  target: 'node20',
  splitting: true,
  sourcemap: true,
  clean: true,
});
