import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach } from 'vitest';

/** What each test of a file has for itself, and what ends with it. */
export interface Scratch {
  /** Ends with the test, and with it what was added. */
  readonly open: Subscription;
  /** A folder of its own. */
  readonly folder: string;
}

/** Prepares a {@link Scratch} for each test of the file that calls it. */
export function scratch(): Scratch {
  const current = { open: new Subscription(), folder: '' };
  beforeEach(() => {
    current.open = new Subscription();
    current.folder = mkdtempSync(join(tmpdir(), 'a7600-'));
  });
  afterEach(() => {
    current.open.unsubscribe();
    rmSync(current.folder, { recursive: true, force: true });
  });
  return current;
}
