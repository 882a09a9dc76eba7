#!/usr/bin/env node
import { run } from './program.js';

const { stdin: input, stdout: output, stderr: messages, env } = process;
// A reader that has seen enough, `| head`, is no error: what is open closes in order.
output.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.emit('SIGTERM', 'SIGTERM');
  else throw error;
});
run(process.argv.slice(2), { input, output, messages, env }).then((code) => {
  process.exitCode = code;
});
