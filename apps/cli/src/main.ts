#!/usr/bin/env node
import { ExitCode } from './exit-code.js';
import { faultMessage } from './fault.js';
import { outputFailed } from './given-file.js';
import { run } from './program.js';

const { stdin: input, stdout: output, stderr: messages, env } = process;
let isLost = false;
output.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, `| head`, is no error.
  if (!isLost && error.code !== 'EPIPE') {
    isLost = true;
    messages.write(`${outputFailed(error)}\n`);
    process.exitCode = ExitCode.Refused;
  }
  // What is open closes in order.
  process.emit('SIGTERM', 'SIGTERM');
});
// Without a reader of its messages, the work goes on.
messages.on('error', () => {});
process.on('uncaughtException', (error) => {
  messages.write(`${faultMessage(error)}\n`);
  process.exit(ExitCode.Fault);
});
run(process.argv.slice(2), { input, output, messages, env }).then((code) => {
  process.exitCode = isLost ? ExitCode.Refused : code;
});
