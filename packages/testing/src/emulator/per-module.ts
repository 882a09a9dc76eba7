import type { Module } from './module.js';

/**
 * State that belongs to a group of commands, one for each module. `create` is called when a module's
 * state is first asked for; it outlives restarts, so what a restart forgets has to be reset by
 * `module.watchPower`.
 *
 * @returns A function from a module to its state.
 */
export function perModule<T>(create: (module: Module) => T): (module: Module) => T {
  const key = {};
  return (module) => {
    if (!module.memory.has(key)) module.memory.set(key, create(module));
    return module.memory.get(key) as T;
  };
}
