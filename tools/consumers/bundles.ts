// Bundles the packed packages with esbuild and webpack, and compares the sizes with their budgets: minified, without
// unused code, gzipped, without RxJS. Then bundles a program for Electron's main process. Usage: npm run bundles
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import webpack from 'webpack';
import { electronMain } from './electron.js';
import { newProject, report } from './project.js';

/** What is imported, from where, for which platform, and how large it may be in kB of 1000 bytes. */
const BUDGETS = [
  { names: ['createDecoder'], from: '@a7600/at-codec', platform: 'browser', kB: 8 },
  {
    names: ['csq'],
    from: '@a7600/at-codec',
    platform: 'browser',
    kB: 2.5,
    without: ['CIPOPEN', 'CDNSGIP', 'CFUN'],
  },
  { names: ['*'], from: '@a7600/at-codec', platform: 'browser', kB: 21.5 },
  { names: ['reconnect', 'pump', 'through'], from: '@a7600/transport', platform: 'browser', kB: 4.5 },
  { names: ['webSerial'], from: '@a7600/transport/web-serial', platform: 'browser', kB: 4 },
  { names: ['modem'], from: '@a7600/tcpip', platform: 'browser', kB: 68 },
  { names: ['modemConnect'], from: '@a7600/tcpip/node', platform: 'node', kB: 16 },
  { names: ['emulator'], from: '@a7600/testing', platform: 'browser', kB: 86 },
  { names: ['serial'], from: '@a7600/transport/serialport', platform: 'node', kB: 8 },
] as const;
/** Native, or provided by the program. */
const EXTERNAL = ['rxjs', 'serialport'];

const project = newProject('rxjs', 'serialport');
try {
  const checks: [string, () => string][] = [];
  for (const budget of BUDGETS) {
    const { names, from, platform, kB } = budget;
    const what = names[0] === '*' ? '*' : `{ ${names.join(', ')} }`;
    project.write('entry.mjs', `export ${what} from '${from}';\n`);
    for (const [bundler, bundle] of Object.entries({ esbuild: byEsbuild, webpack: byWebpack })) {
      const text = await bundle(platform).catch((error: Error) => error);
      checks.push([
        `${bundler}: ${what} of ${from}`,
        () => {
          if (text instanceof Error) throw text;
          const size = gzipSync(text, { level: 9 }).length / 1000;
          if (size > kB) throw new Error(`It is ${size.toFixed(1)} kB, and may be ${kB} kB.`);
          const pulled = 'without' in budget ? budget.without.filter((word) => text.includes(word)) : [];
          if (pulled.length > 0) throw new Error(`It contains other commands: ${pulled.join(', ')}.`);
          return `${size.toFixed(1)} kB of ${kB} kB`;
        },
      ]);
    }
  }
  checks.push(...(await electronMain(project)));
  report(checks);
} finally {
  project.remove();
}

async function byEsbuild(platform: 'browser' | 'node'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(project.folder, 'entry.mjs')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform,
    external: EXTERNAL,
    logLevel: 'silent',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

function byWebpack(platform: 'browser' | 'node'): Promise<string> {
  const output = { path: project.folder, filename: 'bundle.mjs', library: { type: 'module' } } as const;
  return new Promise((resolve, reject) => {
    webpack(
      {
        mode: 'production',
        context: project.folder,
        entry: './entry.mjs',
        target: platform === 'node' ? 'node20' : ['web', 'es2022'],
        experiments: { outputModule: true },
        externals: Object.fromEntries(EXTERNAL.map((name) => [name, `module ${name}`])),
        output,
        performance: false,
      },
      (error, stats) => {
        if (error) reject(error);
        else if (stats?.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
        else resolve(readFileSync(join(project.folder, 'bundle.mjs'), 'utf8'));
      },
    );
  });
}
