import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from './shell.js';

/** Packages that the examples use in addition to those of this project. */
const LIBRARIES = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@types/express',
  '@types/node',
  '@types/ws',
  'express',
  'fast-check',
  'fastify',
  'ioredis',
  'mqtt',
  'reflect-metadata',
  'selfsigned',
  'serialport',
  'typescript',
  'undici',
  'vitest',
  'ws',
];

/**
 * Returns checks of every example, by name: its types, strict, against the installed tarballs, for both ways in which
 * projects resolve modules.
 */
export function checkProject(
  clone: string,
  project: string,
  shell: Shell,
): [name: string, run: () => Promise<unknown>][] {
  const { devDependencies } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const libraries = LIBRARIES.map((name) => `${name}@${devDependencies[name]}`).join(' ');
  return [
    ['the libraries of the examples', () => shell.must(`npm install ${libraries}`, project)],
    ...['node16', 'bundler'].map((resolution): [string, () => Promise<unknown>] => [
      `the examples, strict, ${resolution}`,
      () => {
        copyExamples(clone, project);
        const compilerOptions = {
          strict: true,
          noEmit: true,
          skipLibCheck: true,
          target: 'es2022',
          lib: ['es2022', 'dom', 'esnext.disposable'],
          types: ['node'],
          module: resolution === 'node16' ? 'node16' : 'esnext',
          moduleResolution: resolution,
        };
        writeFileSync(
          join(project, 'tsconfig.json'),
          JSON.stringify({ compilerOptions, include: ['examples'] }),
        );
        return shell.must('npx tsc -p tsconfig.json', project);
      },
    ]),
  ];
}

/** Copies the examples of the clone and of its packages, without what runs them there. */
function copyExamples(clone: string, project: string): void {
  const isOfTheClone = /(examples|mistakes|\.system)\.test\.ts$|vitest\.config\.ts$|support\/run\.ts$/;
  mkdirSync(join(project, 'examples'), { recursive: true });
  const copy = (from: string, to: string) =>
    cpSync(from, join(project, 'examples', to), {
      recursive: true,
      filter: (file) => !isOfTheClone.test(file),
    });
  copy(join(clone, 'examples'), 'clients');
  for (const name of readdirSync(join(clone, 'packages'))) {
    const folder = join(clone, 'packages', name, 'examples');
    if (existsSync(folder)) copy(folder, name);
  }
}
