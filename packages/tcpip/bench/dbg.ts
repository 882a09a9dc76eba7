import { idle } from './idle.js';
import { inProcess } from './in-process.js';
import { overPty } from './over-pty.js';

const w = process.argv[2];
console.log(w === 'pty' ? await overPty() : w === 'idle' ? await idle() : await inProcess());
process.exit();
