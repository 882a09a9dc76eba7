// A module on a pseudo-terminal, in a process of its own, for its parent process.
import { openPty } from '@a7600/testing/node';
import { respond } from './responder.js';

openPty().subscribe((pty) => {
  respond(pty, true);
  process.send?.(pty.path);
});
process.on('disconnect', () => process.exit());
