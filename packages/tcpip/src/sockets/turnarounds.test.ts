import { turnaround } from '@a7600/testing';
import { mergeMap, tap } from 'rxjs';
import { expect, test } from 'vitest';
import { observe, openNetwork, textOf, world } from '../../test/world.js';

const TURNAROUND = 10;
const SERVER = { host: '10.3.0.1', port: 80 };
/** Its end is no line end, which a module that pushes may have printed itself. */
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${'x'.repeat(100)}`;

// AT+CIPOPEN; AT+CIPSEND and its prompt; the request and its OK; AT+CIPRXGET=2, unless the module pushes the answer.
test.each([
  ['buffer', 4],
  ['push', 3],
] as const)(
  'a request over a connection of its own is answered after %s: %s turnarounds',
  (receive, turns) => {
    const w = world({ timing: turnaround(TURNAROUND) });
    w.outside
      .serve(SERVER.host, SERVER.port)
      .pipe(mergeMap((client) => client.received$.pipe(mergeMap(() => client.write(ANSWER)))))
      .subscribe();
    const network = openNetwork(w, { receive });
    const from = w.scheduler.now();
    let took = 0;
    const answer = observe(
      network.last.connect(SERVER).pipe(
        tap((socket) => socket.write('GET / HTTP/1.1\r\n\r\n').subscribe()),
        mergeMap((socket) => socket.received$),
        tap(() => {
          took = w.scheduler.now() - from;
        }),
      ),
    );
    w.advance(1_000);
    expect(textOf(answer.values)).toBe(ANSWER);
    expect(took).toBe(turns * TURNAROUND);
  },
);
