import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A registry of npm on this computer. */
export interface Registry {
  readonly url: string;
  close(): void;
}

/**
 * Serves tarballs as a registry of npm does, so that packages can be installed by their names before they are published.
 *
 * @param folder where the tarballs are
 */
export async function registryOf(folder: string): Promise<Registry> {
  const packed = readdirSync(folder).map((file) => {
    const manifest = execFileSync('tar', ['-xOzf', join(folder, file), 'package/package.json'], {
      encoding: 'utf8',
    });
    return { file, manifest: JSON.parse(manifest) as { readonly name: string; readonly version: string } };
  });
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url.slice(1));
    const found = packed.find(({ file, manifest }) => [file, manifest.name].includes(path));
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    const bytes = readFileSync(join(folder, found.file));
    response.end(path === found.file ? bytes : JSON.stringify(described(found, bytes)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const described = ({ file, manifest }: (typeof packed)[number], bytes: Buffer) => ({
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    versions: {
      [manifest.version]: {
        ...manifest,
        dist: {
          tarball: url + file,
          integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
        },
      },
    },
  });
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
