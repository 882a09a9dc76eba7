import { library } from '../../tools/tsup.base.js';

export default library({
  index: 'src/index.ts',
  'mqtt/index': 'src/mqtt/index.ts',
  'server/index': 'src/server/index.ts',
});
