// A module on a pseudo-terminal, in a process of its own, that tells when it has got all that is sent to it in data mode,
// what goes before it and what is measured, and takes commands again then.
import { openPty } from '@a7600/testing/node';
import { filter } from 'rxjs';
import { moduleScript } from './module-script.js';
import { respond } from './responder.js';
import { CONNECT, MEASURED, WARM_UP } from './transparent-session.js';

/** Bytes that are to come in data mode. */
let left = 0;

openPty().subscribe((pty) => {
  const lines$ = pty.received$.pipe(
    filter((bytes) => {
      if (left === 0) return true;
      left -= bytes.length;
      if (left === MEASURED || left === 0) process.send?.('all came');
      return false;
    }),
  );
  const script = moduleScript();
  const answer = (line: string) => {
    if (line !== CONNECT.trimEnd()) return script.answer(line);
    left = WARM_UP + MEASURED;
    return '\r\nCONNECT 115200\r\n';
  };
  respond({ received$: lines$, write: pty.write }, { ...script, answer });
  process.send?.(pty.path);
});
process.on('disconnect', () => process.exit());
