// Writes into each package.json what registries show of a package. Usage: npm run metadata
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { published } from './published.mjs';

/** Where the repository will be: a placeholder until it is public. */
export const ADDRESS = 'https://repository.example/a7600';

const COMMON = ['modem', 'lte', 'simcom', 'a7600', 'a7670', 'a7672', 'sim7600', 'at-commands', 'rxjs'];
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  transport: ['serialport', 'web-serial', 'rfc2217', 'uart', 'streams'],
  'at-codec': ['parser', 'decoder', 'urc', '3gpp'],
  tcpip: ['tcp', 'udp', 'sockets', 'iot', 'mqtt', 'http'],
  fleet: ['tcp', 'udp', 'sockets', 'iot', 'nats', 'jetstream', 'fleet'],
  cli: ['cli', 'diagnostics', 'proxy', 'socks5', 'wireshark'],
  testing: ['emulator', 'simulator', 'testing', 'fast-check', 'property-testing'],
};

/** Returns what the package.json of a package states about where it comes from. */
export function metadataOf(folder: string) {
  const name = folder.split('/').at(-1) ?? '';
  return {
    keywords: [...COMMON, ...(KEYWORDS[name] ?? [])],
    repository: { type: 'git', url: `git+${ADDRESS}.git`, directory: folder },
    homepage: `${ADDRESS}/tree/main/${folder}#readme`,
    bugs: { url: `${ADDRESS}/issues` },
  };
}

/** Returns the fields of a package.json that differ from {@link metadataOf}. */
export function staleMetadata(folder: string, manifest: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(metadataOf(folder))
    .filter(([field, value]) => JSON.stringify(manifest[field]) !== JSON.stringify(value))
    .map(([field]) => field);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const folder of published) {
    const file = join(root, folder, 'package.json');
    const { license, type, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    const { name: own, version, description, ...others } = rest;
    const manifest = {
      name: own,
      version,
      description,
      license,
      type,
      ...others,
      ...metadataOf(folder),
    };
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  }
}
