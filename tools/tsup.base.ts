import { defineConfig } from 'tsup';

/** Settings of a package's build: ESM and CommonJS with types, one class identity in each. */
export function library(entry: Record<string, string>) {
  return defineConfig({
    entry,
    format: ['esm', 'cjs'],
    target: 'es2022',
    // Without it, CommonJS gets a copy of each shared class in every entry point.
    splitting: true,
    sourcemap: true,
    clean: true,
    // tsup 8 sets the deprecated `baseUrl` for its declarations, which TypeScript 6 refuses.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  });
}
