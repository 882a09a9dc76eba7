import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';

/** How `npm run emulator` starts it. */
const PROGRAM = [
  '--conditions=@a7600/source',
  fileURLToPath(new URL('../../../tools/start.mjs', import.meta.url)),
  fileURLToPath(new URL('../src/cli/main.ts', import.meta.url)),
];

/** The emulator's program, started. */
export interface Program {
  readonly child: ChildProcess;
  /** Resolves once it says how to connect. */
  readonly ready: Promise<void>;
  /** Resolves with its exit code and signal. */
  readonly ended: Promise<unknown[]>;
  /** What it has printed, and what it has complained about. */
  readonly said: string;
  readonly complaint: string;
  /** Resolves once what it has printed contains that. */
  says(text: string): Promise<void>;
}

/** Gives each test a folder and a way to start the program; what was started ends with the test. */
export function programs(): { readonly folder: string; start(...args: string[]): Program } {
  let folder = '';
  const started: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'a7600-cli-'));
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  return {
    get folder() {
      return folder;
    },
    start(...args) {
      const child = spawn(process.execPath, [...PROGRAM, ...args], {
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      started.push(child);
      return program(child);
    },
  };
}

function program(child: ChildProcess): Program {
  let said = '';
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  const ready = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Ctrl-C ends it.')) resolve();
    });
  });
  const says = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!said.includes(text)) return;
        child.stdout?.off('data', look);
        resolve();
      };
      child.stdout?.on('data', look);
      look();
    });
  return {
    child,
    ready,
    says,
    ended: once(child, 'close'),
    get said() {
      return said;
    },
    get complaint() {
      return complaint;
    },
  };
}
