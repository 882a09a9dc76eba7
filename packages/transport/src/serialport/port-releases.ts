import { realpathSync } from 'node:fs';
import { releases } from '../releases.js';

/** The ports that this program is closing, by {@link deviceName}. */
export const portReleases = releases<string>(new Map());

/** One name for a port with several: links such as `/dev/serial/by-id/…` are followed. */
export function deviceName(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
