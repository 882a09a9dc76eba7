import { assertReleased } from '../virtual/on-virtual-module.js';
import { type VirtualModule, type VirtualModuleOptions, virtualModule } from '../virtual/virtual-module.js';

/**
 * Makes a fixture for `test.extend` of Vitest: each test that names it gets a module of its own. After the test it
 * checks that nothing is left open. If a test fails, it prints the seed.
 *
 * @param options Settings of the module, its faults, and the seed.
 * @returns the fixture: `base.extend<{ module: VirtualModule }>({ module: moduleFixture() })`.
 */
export function moduleFixture(
  options: VirtualModuleOptions = {},
): (
  context: { readonly onTestFailed: (callback: () => void) => void },
  use: (module: VirtualModule) => Promise<void>,
) => Promise<void> {
  // Vitest reads from the source of a fixture what it destructures.
  return async ({ onTestFailed }, use) => {
    const module = virtualModule(options);
    onTestFailed(() =>
      console.error(`Seed ${module.seed}: the same run again with { seed: ${module.seed} }.`),
    );
    await use(module);
    assertReleased(module);
  };
}
