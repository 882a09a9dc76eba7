// A module on a pseudo-terminal, in a process of its own, that tells when it has got all that is sent to it in data mode,
// and takes commands again then.
import { openPty } from '@a7600/testing/node';
import { filter } from 'rxjs';
import { answer, respond } from './responder.js';
import { CONNECT, TOTAL } from './transparent.js';

/** Bytes that are to come in data mode. */
let left = 0;
/** The module gives back what it is given (application note, 3.9). */
let timeouts = '120000,120000,120000';

openPty().subscribe((pty) => {
  const lines$ = pty.received$.pipe(
    filter((bytes) => {
      if (left === 0) return true;
      left -= bytes.length;
      if (left === 0) process.send?.('all came');
      return false;
    }),
  );
  respond({ received$: lines$, write: pty.write }, false, answerTo);
  process.send?.(pty.path);
});
process.on('disconnect', () => process.exit());

function answerTo(line: string, endless: boolean): string {
  if (line === CONNECT.trimEnd()) {
    left = TOTAL;
    return '\r\nCONNECT 115200\r\n';
  }
  if (line.startsWith('AT+CIPTIMEOUT=')) timeouts = line.slice('AT+CIPTIMEOUT='.length);
  return line === 'AT+CIPTIMEOUT?' ? `\r\n+CIPTIMEOUT: ${timeouts}\r\n\r\nOK\r\n` : answer(line, endless);
}
