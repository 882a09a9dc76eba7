import { run } from './demo.js';

process.exitCode = await run(process.argv.slice(2));
