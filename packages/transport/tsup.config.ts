import { library } from '../../tools/tsup.base.js';

const entries = ['async', 'cmux', 'node', 'recording', 'serialport', 'tcp', 'web', 'web-serial'];

export default library({
  index: 'src/index.ts',
  ...Object.fromEntries(entries.map((name) => [`${name}/index`, `src/${name}/index.ts`])),
});
