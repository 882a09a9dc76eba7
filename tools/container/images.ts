import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Makes images and runs containers with `buildah`, without a daemon: a container is a folder that it changes its root to. */
export interface Images {
  /** Makes an image from the files of a folder. */
  make(name: string, files: string): Promise<void>;
  /** Builds an image from a container file. */
  build(name: string, containerFile: string): Promise<void>;
  /** Starts a container of an image; gives the call that runs a program in it, and its configuration. */
  start(image: string): Promise<Container>;
}

/** A container. */
export interface Container {
  readonly entrypoint: readonly string[];
  readonly stopSignal: string;
  readonly user: string;
  /** The call that runs a program in it, with files of this computer in their places. */
  call(program: readonly string[], volumes: Readonly<Record<string, string>>): readonly string[];
}

const execute = promisify(execFile);

/**
 * Gives what makes images.
 *
 * @param folder where they are stored
 */
export function imagesIn(folder: string): Images {
  const where = [
    '--root',
    join(folder, 'images'),
    '--runroot',
    join(folder, 'run'),
    '--storage-driver',
    'vfs',
  ];
  const ISOLATION = ['--isolation', 'chroot'];
  // Not synchronously: a container that is built asks a registry that may be in this process.
  const run = async (...args: string[]) => (await execute('buildah', [...where, ...args])).stdout.trim();
  return {
    async make(name, files) {
      const container = await run('from', 'scratch');
      await run('copy', '--quiet', container, files, '/');
      await run('commit', '--quiet', container, name);
      await run('rm', container);
    },
    async build(name, containerFile) {
      const file = ['--tag', name, '--file', containerFile, dirname(containerFile)];
      await run('bud', ...ISOLATION, '--pull-never', ...file);
    },
    async start(image) {
      const container = await run('from', '--pull-never', image);
      const { Entrypoint, StopSignal, User } = JSON.parse(await run('inspect', container)).OCIv1.config;
      return {
        entrypoint: Entrypoint,
        stopSignal: StopSignal,
        user: User,
        call: (program, volumes) => {
          const mounted = Object.entries(volumes).flatMap(([here, there]) => [
            '--volume',
            `${here}:${there}:ro`,
          ]);
          return ['buildah', ...where, 'run', ...ISOLATION, ...mounted, container, '--', ...program];
        },
      };
    },
  };
}

/** Where the packages of a container that installs some come from. */
export interface NpmSettings {
  readonly [name: string]: string;
}

/**
 * Fills a folder with this computer's Node, npm and shell, and a user `node`: what an image of Node has, as far as a
 * program of npm needs it.
 *
 * @param folder where the files go
 * @param npm settings of npm in it
 */
export function standInForNode(folder: string, npm: NpmSettings): void {
  const put = (file: string, at = file) => {
    mkdirSync(dirname(join(folder, at)), { recursive: true });
    cpSync(realpathSync(file), join(folder, at), { recursive: true });
  };
  const programs = ['/bin/sh', '/usr/bin/env', process.execPath];
  for (const program of programs) {
    put(program, program === process.execPath ? '/usr/local/bin/node' : program);
    for (const [, library = ''] of execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(
      /(\/\S+) \(0x/g,
    ))
      put(library);
  }
  const npmProgram = realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim());
  put(dirname(dirname(npmProgram)), '/usr/local/lib/node_modules/npm');
  put(npmProgram, '/usr/local/lib/node_modules/npm/bin/npm-cli.js');
  write(
    '/usr/local/bin/npm',
    '#!/bin/sh\nexec node /usr/local/lib/node_modules/npm/bin/npm-cli.js "$@"\n',
    0o755,
  );
  write(
    '/usr/local/etc/npmrc',
    Object.entries(npm)
      .map((setting) => setting.join('='))
      .join('\n'),
  );
  write('/etc/passwd', 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n');
  write('/etc/group', 'root:x:0:\nnode:x:1000:\n');
  write('/etc/nsswitch.conf', 'hosts: files dns\n');
  for (const empty of ['/tmp', '/root', '/home/node', '/etc/a7600', '/proc', '/dev', '/sys'])
    mkdirSync(join(folder, empty), { recursive: true, mode: empty === '/tmp' ? 0o1777 : 0o755 });

  function write(file: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text, { mode });
  }
}
