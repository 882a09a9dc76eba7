// A module on a pseudo-terminal, in a process of its own, for its parent process. Its peers send without end.
import { openPty } from '@a7600/testing/node';
import { moduleScript } from './module-script.js';
import { respond } from './responder.js';

openPty().subscribe((pty) => {
  respond(pty, moduleScript({ source: (_port, length) => 'x'.repeat(length) }));
  process.send?.(pty.path);
});
process.on('disconnect', () => process.exit());
