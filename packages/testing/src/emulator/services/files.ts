import { perModule } from '../per-module.js';

/** Certificates, keys and passwords that were loaded into the module, by name; a restart keeps them. */
export const filesOf = perModule((): Map<string, Uint8Array> => new Map());
