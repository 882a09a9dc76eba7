import type { Subcommand } from '../subcommand.js';
import { at } from './at.js';

/** The subcommands, in the order in which `--help` lists them. */
export const subcommands: readonly Subcommand[] = [at];
