import { readFileSync } from 'node:fs';

/** The version of the package. */
export function version(): string {
  // Both src/ and dist/ are beside the manifest.
  const manifest = new URL('../package.json', import.meta.url);
  return String((JSON.parse(readFileSync(manifest, 'utf8')) as { version: unknown }).version);
}
