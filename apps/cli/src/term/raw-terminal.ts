import type { ByteLink } from '@a7600/transport';
import { Observable } from 'rxjs';
import type { Console } from '../console.js';

/** Ctrl-], as telnet has it. */
const LEAVE = 0x1d;

/** Joins keyboard and screen with the line, byte for byte, until Ctrl-] or the end of the input. */
export function rawTerminal(link: ByteLink, input: NodeJS.ReadStream, console: Console): Observable<never> {
  return new Observable((subscriber) => {
    if (input.isTTY) input.setRawMode(true);
    console.tell('Connected. Ctrl-] ends it.');
    const received = link.received$.subscribe({
      next: (bytes) => console.output.write(Buffer.from(bytes) as unknown as string),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
    const typed = (bytes: Buffer) => {
      const end = bytes.indexOf(LEAVE);
      const kept = end < 0 ? bytes : bytes.subarray(0, end);
      if (kept.length > 0)
        link.write(new Uint8Array(kept)).subscribe({ error: (error: unknown) => subscriber.error(error) });
      if (end >= 0) subscriber.complete();
    };
    // What a pipe sends may be answered only after its end.
    const ended = () => setTimeout(() => subscriber.complete(), AFTER_INPUT);
    input.on('data', typed).once('end', ended);
    return () => {
      received.unsubscribe();
      input.off('data', typed).off('end', ended);
      if (input.isTTY) input.setRawMode(false);
      input.pause();
    };
  });
}

/** Time in ms for the answer to the last bytes of a pipe. */
const AFTER_INPUT = 1_000;
