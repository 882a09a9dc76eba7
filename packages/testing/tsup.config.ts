import { library } from '../../tools/tsup.base.js';

const entries = ['arbitraries', 'cli', 'compliance', 'node', 'vitest', 'web'];

export default {
  ...library({
    index: 'src/index.ts',
    'cli/main': 'src/cli/main.ts',
    ...Object.fromEntries(entries.map((name) => [`${name}/index`, `src/${name}/index.ts`])),
  }),
  // Optional dependencies stay where they are installed.
  external: [/^@lydell\//],
};
