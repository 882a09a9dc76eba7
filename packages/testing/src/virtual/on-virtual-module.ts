import { type VirtualModule, type VirtualModuleOptions, virtualModule } from './virtual-module.js';

/**
 * Makes the function of a test that has a virtual module of its own, for `node:test` and any other runner.
 *
 * @param body The test. It may be asynchronous.
 * @param options Settings of the module, its faults, and the seed.
 * @returns a function that makes a module, runs the test, and checks that it left nothing open. What it throws names
 *   the seed.
 */
export function onVirtualModule(
  body: (module: VirtualModule) => unknown,
  options: VirtualModuleOptions = {},
): () => Promise<void> {
  return async () => {
    const module = virtualModule(options);
    try {
      await body(module);
      assertReleased(module);
    } catch (error) {
      throw named(error, module.seed);
    }
  };
}

/**
 * Checks that a test has released everything.
 *
 * @param module The module of the test.
 * @throws {Error} that names what is still open.
 */
export function assertReleased(module: VirtualModule): void {
  const leaks = module.leaks();
  if (leaks.length > 0) throw new Error(`The test left something open: ${leaks.join('; ')}.`);
}

/** The same error, whose message tells how to have the same run again. */
function named(error: unknown, seed: number): unknown {
  const hint = `\nSeed ${seed}: the same run again with { seed: ${seed} }.`;
  if (!(error instanceof Error)) return new Error(`${String(error)}${hint}`, { cause: error });
  error.message += hint;
  return error;
}
