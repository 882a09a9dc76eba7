import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import webpack from 'webpack';
import type { Project } from './project.js';

/** What a bundle for the main process leaves outside, as the guide says: Electron itself and the native module. */
const EXTERNAL = ['electron', 'serialport', '@serialport/bindings-cpp'];

/** A main process: it waits for Electron, then uses a modem; a serial port is opened only if one is named. */
const MAIN = `
import { app } from 'electron';
import { modem } from '@a7600/tcpip';
import { modemConnect } from '@a7600/tcpip/node';
import { emulator } from '@a7600/testing';
import { serial } from '@a7600/transport/serialport';
import { first, switchMap } from 'rxjs';
const path = process.env.MODEM;
const transport = path === undefined ? emulator() : serial({ path });
app.whenReady().then(() => {
  modem(transport).pipe(switchMap((m) => m.network()), first())
    .subscribe((net) => console.log(typeof modemConnect(net) === 'function' ? 'done' : 'no connector'));
});
`;

/** Plays Electron: its main process is a Node program with this module. */
const ELECTRON = 'module.exports = { app: { whenReady: () => Promise.resolve() } };';

/**
 * Bundles a main process as Electron's tools do (CommonJS, for Node), and runs it with a module in Electron's place:
 * what Electron adds to Node is not exercised.
 *
 * @param project where the packed packages are installed
 * @returns checks, by name
 */
export async function electronMain(project: Project): Promise<[name: string, check: () => string][]> {
  project.write('main.mjs', MAIN);
  project.write('node_modules/electron/index.js', ELECTRON);
  const entry = join(project.folder, 'main.mjs');
  const bundles = {
    esbuild: (file: string) =>
      build({
        entryPoints: [entry],
        bundle: true,
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        external: EXTERNAL,
        logLevel: 'silent',
        outfile: join(project.folder, file),
      }),
    webpack: (file: string) =>
      new Promise<void>((resolve, reject) => {
        const configuration: webpack.Configuration = {
          mode: 'production',
          context: project.folder,
          entry,
          target: 'electron-main',
          externals: Object.fromEntries(EXTERNAL.map((name) => [name, `commonjs ${name}`])),
          output: { path: project.folder, filename: file },
          performance: false,
        };
        webpack(configuration, (error, stats) => {
          if (error) reject(error);
          else if (stats?.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
          else resolve();
        });
      }),
  };
  const checks: [string, () => string][] = [];
  for (const [bundler, bundle] of Object.entries(bundles)) {
    const file = `main-${bundler}.cjs`;
    const error = await bundle(file).then(
      () => undefined,
      (reason: Error) => reason,
    );
    checks.push([
      `${bundler}: Electron's main process`,
      () => {
        if (error !== undefined) throw error;
        const printed = project.node(file);
        if (printed.trim() !== 'done') throw new Error(`It printed ${JSON.stringify(printed)}.`);
        return `runs; outside are ${outside(project.read(file)).join(', ')}`;
      },
    ]);
  }
  return checks;
}

/** What a bundle requires that is no module of Node. Throws for what should be inside it. */
function outside(bundle: string): string[] {
  const required = [...bundle.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name = '']) => name);
  const others = [...new Set(required)].filter(
    (name) => !name.startsWith('node:') && !builtinModules.includes(name),
  );
  const unexpected = others.filter((name) => !EXTERNAL.includes(name));
  if (unexpected.length > 0) throw new Error(`It requires ${unexpected.join(', ')}.`);
  return others;
}
