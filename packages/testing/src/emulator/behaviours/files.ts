import type { Behaviour } from '../at/behaviour.js';
import { ok, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';

/** Size of the module's file system in bytes (AT command manual, 12.2.8). */
const CAPACITY = 11_348_480;

/** Largest file that `AT+CFTRANRX` takes here. */
const MAX_FILE = 3_000_000;

const CHUNK = 1024;

/** Files by their paths below `C:/`, folders by theirs with a slash at the end; a restart keeps them. */
class FileSystem {
  readonly files = new Map<string, Uint8Array>();
  readonly folders = new Set<string>(['']);
  /** `AT+FSCD`: empty, or a folder with a slash at the end. */
  current = '';

  /** The path below `C:/` of a name that is relative or absolute; undefined on another drive. */
  path(name: string): string | undefined {
    if (/^[a-z]:/i.test(name)) return /^c:/i.test(name) ? name.slice(2).replace(/^\/+/, '') : undefined;
    return this.current + name;
  }

  /** What is directly in a folder. */
  inside(folder: string): { readonly folders: string[]; readonly files: string[] } {
    const directly = (paths: Iterable<string>, end: string) =>
      [...paths]
        .filter((path) => path !== folder && path.startsWith(folder) && path.endsWith(end))
        .map((path) => path.slice(folder.length, end === '' ? undefined : -1))
        .filter((name) => name !== '' && !name.includes('/'));
    return { folders: directly(this.folders, '/'), files: directly(this.files.keys(), '') };
  }
}

/** The files of a module. */
export const fileSystemOf = perModule(() => new FileSystem());

/** The module's files (AT command manual, 12 and 13). */
export const files: readonly Behaviour[] = [
  {
    command: '+FSCD',
    test: () => ok(),
    read: (_, module) => ok(`+FSCD: C:/${fileSystemOf(module).current}`),
    write: ({ values: [name = ''] }, module) => {
      const system = fileSystemOf(module);
      const wanted = name === '..' ? system.current.replace(/[^/]*\/$/, '') : system.path(name);
      const folder = wanted === undefined || wanted === '' || wanted.endsWith('/') ? wanted : `${wanted}/`;
      if (folder === undefined || !system.folders.has(folder)) return refuse();
      system.current = folder;
      return ok(`+FSCD: C:/${folder}`);
    },
  },
  {
    command: '+FSMKDIR',
    test: () => ok(),
    write: ({ values: [name = ''] }, module) => {
      const path = fileSystemOf(module).path(name);
      if (path === undefined || path === '' || fileSystemOf(module).folders.has(`${path}/`)) return refuse();
      fileSystemOf(module).folders.add(`${path}/`);
      return ok();
    },
  },
  {
    command: '+FSRMDIR',
    test: () => ok(),
    write: ({ values: [name = ''] }, module) => {
      const system = fileSystemOf(module);
      const path = `${system.path(name)}/`;
      const { folders, files: inside } = system.inside(path);
      // A folder that is not empty, or that is the current one, stays.
      if (folders.length + inside.length > 0 || path === system.current || path === '/') return refuse();
      return system.folders.delete(path) ? ok() : refuse();
    },
  },
  {
    command: '+FSLS',
    test: () => ok('+FSLS: (0-2)'),
    read: (_, module) => {
      const { folders, files: inside } = fileSystemOf(module).inside(fileSystemOf(module).current);
      return ok(`+FSLS: SUBDIRECTORIES:${folders.length},FILES:${inside.length}`);
    },
    execute: (_, module) => list(0, module),
    write: ({ values: [kind] }, module) => {
      const wanted = number(kind, 0, 2);
      return wanted === undefined ? refuse() : list(wanted, module);
    },
  },
  {
    command: '+FSDEL',
    test: () => ok(),
    write: ({ values: [name = ''] }, module) => {
      const system = fileSystemOf(module);
      if (name === '*.*') {
        for (const file of system.inside(system.current).files) system.files.delete(system.current + file);
        return ok();
      }
      return system.files.delete(system.path(name) ?? '') ? ok() : refuse();
    },
  },
  {
    command: '+FSATTRI',
    test: () => ok(),
    write: ({ values: [name = ''] }, module) => {
      const file = fileAt(name, module);
      return file === undefined ? refuse() : ok(`+FSATTRI: ${file.length}`);
    },
  },
  {
    command: '+FSMEM',
    test: () => ok(),
    execute: (_, module) => {
      const used = [...fileSystemOf(module).files.values()].reduce((sum, { length }) => sum + length, 0);
      return ok(`+FSMEM: C:(${CAPACITY},${used})`);
    },
  },
  {
    command: '+CFTRANRX',
    maxTime: 120_000,
    test: () => ok('+CFTRANRX: [{non-ascii}]"FILEPATH"'),
    write: ({ values: [name = '', sizeText] }, module) => {
      const path = /^c:/i.test(name) ? fileSystemOf(module).path(name) : undefined;
      const size = number(sizeText, 1, MAX_FILE);
      if (path === undefined || path === '' || size === undefined) return refuse();
      return {
        prompt: size,
        take: (bytes) => {
          fileSystemOf(module).files.set(path, bytes.slice());
          return ok();
        },
      };
    },
  },
  {
    command: '+CFTRANTX',
    maxTime: 120_000,
    test: () => ok('+CFTRANTX: [{non-ascii}]"FILEPATH"'),
    write: ({ values: [name = '', fromText, sizeText] }, module) => {
      const file = /^c:/i.test(name) ? fileAt(name, module) : undefined;
      const from = optional(fromText, 0, MAX_FILE, 0);
      const size = optional(sizeText, 0, MAX_FILE, MAX_FILE);
      if (file === undefined || from === undefined || size === undefined) return refuse();
      const part = file.subarray(from, from + size);
      const units = Array.from({ length: Math.ceil(part.length / CHUNK) }, (_, index) => {
        const chunk = part.subarray(index * CHUNK, (index + 1) * CHUNK);
        return [`+CFTRANTX: DATA,${chunk.length}`, chunk];
      });
      return ok(...units.flat(), '+CFTRANTX: 0');
    },
  },
];

function fileAt(name: string, module: Module): Uint8Array | undefined {
  return fileSystemOf(module).files.get(fileSystemOf(module).path(name) ?? '');
}

/** 0 lists folders and files, 1 folders, 2 files. */
function list(kind: number, module: Module): Reply {
  const system = fileSystemOf(module);
  const { folders, files: inside } = system.inside(system.current);
  const lines: string[] = [];
  if (kind !== 2 && folders.length > 0) lines.push('+FSLS: SUBDIRECTORIES:', ...folders);
  if (kind !== 1 && inside.length > 0) lines.push('+FSLS: FILES:', ...inside);
  return ok(...lines);
}
