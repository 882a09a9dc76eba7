import {
  type AtError,
  a7600,
  at,
  type Command,
  cipClose,
  cipOpen,
  cipRxGet,
  cipSend,
  createDecoder,
  csq,
} from '@a7600/at-codec';
import { catchError, defer, EMPTY, type Observable, of, ReplaySubject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { expect, test } from 'vitest';
import { COMMANDS_ONLY } from '../../test/commands-only.js';
import { bytesOf, textOf } from '../../test/world.js';
import type { TrafficSource } from './job.js';
import { Lane } from './lane.js';

const unit = (text: string) => `\r\n${text}\r\n`;
const block = (link: number) => `${unit(`+CIPRXGET: 2,${link},1,0`)}x${unit('')}${unit('OK')}`;

/** What the module prints, a letter for each chunk. */
const PRINTED = {
  k: unit('OK'),
  e: unit('+CIPCLOSE: 2,4') + unit('ERROR'),
  E: unit('ERROR'),
  m: unit('+CMEE: 2') + unit('OK'),
  s: unit('+CSQ: 1,2') + unit('OK'),
  n: unit('+CIPRXGET: 1,0'),
  p: '\r\n>',
  d: unit('OK') + unit('+CIPSEND: 0,5,5'),
  o: unit('+CIPOPEN: 4,0'),
  f: unit('+CIPOPEN: 3,1'),
  c: unit('OK') + unit('+CIPCLOSE: 2,0'),
  '1': block(1),
  '2': block(2),
};

/** What the module is sent, a letter for each line or payload. */
const SENT: Readonly<Record<string, string>> = {
  a: 'AT\r',
  x: '\x1b\r',
  m: 'AT+CMEE?\r',
  s: 'AT+CSQ\r',
  c: 'AT+CIPCLOSE=2\r',
  '3': 'AT+CIPOPEN=3,"TCP","a",1\r',
  '4': 'AT+CIPOPEN=4,"TCP","a",1\r',
  '1': 'AT+CIPRXGET=2,1,1500\r',
  '2': 'AT+CIPRXGET=2,2,1500\r',
  w: 'AT+CIPSEND=0,5\r',
  h: 'hello',
};

const VALUES = {
  v: undefined,
  q: { rssi: 1, ber: 2 },
  r: { requested: 5, confirmed: 5 },
  R: 'REFUSED',
  S: 'SOCKET_ERROR',
  T: 'TIMEOUT',
};

interface Marbles {
  /** Runs a command from `^` until `!` and says what it gives; of an error, its code. */
  command(command: Command<unknown>, lifetime: string, expected: string): void;
  /** Wants to read from a link so often. */
  traffic(link: number, reads: number): void;
}

/**
 * A lane on a module that prints what the marbles say, and is expected to be sent what they say. A
 * mark is a millisecond.
 */
function marbles(printed: string, sent: string, scenario: (marbles: Marbles) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run(({ hot, expectObservable }) => {
    const written$ = new ReplaySubject<string>();
    const write = (bytes: Uint8Array) =>
      defer(() => {
        written$.next(textOf([bytes]));
        return EMPTY;
      });
    const decoder = createDecoder(a7600, (event) => lane.offer(event));
    const lane = new Lane({
      port: { write },
      decoder,
      scheduler,
      trace: undefined,
      line: COMMANDS_ONLY,
      joinedReads: 1,
      onEcho: () => {},
      onStalled: () => decoder.lineMode(),
      onSilent: () => {},
    });
    hot(printed, PRINTED).subscribe((text) => {
      lane.chunkBegins();
      decoder.push(bytesOf(text));
      lane.chunkEnds();
    });
    expectObservable(written$).toBe(sent, SENT);
    const codeOf = (error: AtError): Observable<unknown> => of(error.code);
    scenario({
      command: (command, lifetime, expected) =>
        expectObservable(lane.run(command).pipe(catchError(codeOf)), lifetime).toBe(expected, VALUES),
      traffic(link, reads) {
        let left = reads;
        const source: TrafficSource = {
          next() {
            left -= 1;
            return left < 0
              ? undefined
              : { command: cipRxGet.take({ link }), settle: () => lane.wake(source) };
          },
        };
        lane.wake(source);
      },
    });
  });
}

test("commands wait for their turn, and a failure is that command's alone", () => {
  const printed = '--k--e---s';
  const written = 'a-c--s    ';
  marbles(printed, written, ({ command }) => {
    command(at(), '             ^', '--(v|)');
    command(cipClose({ link: 2 }), '^', '-----(S|)');
    command(csq(), '            ^', '---------(q|)');
  });
});

test('unsubscribed in the queue, a command is never sent', () => {
  const printed = '----k--k';
  const written = 'a---a   ';
  marbles(printed, written, ({ command }) => {
    command(at(), ' ^      ', '----(v|)');
    command(csq(), '-^-!   ', '-');
    command(at(), ' --^    ', '-------(v|)');
  });
});

test('unsubscribed in flight, a command keeps the lane until its result, which no other command gets', () => {
  const printed = '-----s--k';
  const written = 's----a   ';
  marbles(printed, written, ({ command }) => {
    command(csq(), '^--!', '-');
    command(at(), ' -^  ', '--------(v|)');
  });
});

test('after a timeout the lane asks until the module is quiet, and no command gets a late answer', () => {
  const printed = '9050ms s 49ms k 199ms m 149ms c';
  const written = 's 8999ms a 199ms m 199ms c';
  marbles(printed, written, ({ command }) => {
    command(csq(), '            ^', '9s (T|)');
    command(cipClose({ link: 2 }), '^', '9450ms (v|)');
  });
});

test('however late answers are, none is taken for that of a later command (Q-41)', () => {
  const printed = '9050ms s 2999ms k 100ms k 100ms k 100ms m 149ms c';
  const written = 's 8999ms a 149ms m 3302ms c';
  marbles(printed, written, ({ command }) => {
    command(csq(), '            ^', '9s (T|)');
    command(cipClose({ link: 2 }), '^', '12503ms (v|)');
  });
});

test('a marker that is refused, or not answered, is sent five times', () => {
  const printed = '9100ms k 100ms E 45098ms c';
  const written = 's 8999ms a 199ms m 8999ms m 8999ms m 8999ms m 8999ms m 8999ms c';
  marbles(printed, written, ({ command }) => {
    command(csq(), '            ^', '9s (T|)');
    command(cipClose({ link: 2 }), '^', '54300ms (v|)');
  });
});

test('a module that says nothing is asked every second, after ESC the second time', () => {
  const printed = '11500ms k 149ms m 149ms c';
  const written = 's 8999ms a 999ms (xa) 996ms a 599ms m 149ms c';
  marbles(printed, written, ({ command }) => {
    command(csq(), '            ^', '9s (T|)');
    command(cipClose({ link: 2 }), '^', '11800ms (v|)');
  });
});

test('control commands and traffic take turns, and so do the links', () => {
  const printed = '-1-2-s-1-k-2-1';
  const written = '12-s-1-a-2-1  ';
  marbles(printed, written, ({ command, traffic }) => {
    traffic(1, 3);
    traffic(2, 2);
    command(csq(), '--^', '-----(q|)');
    command(at(), ' --^', '---------(v|)');
  });
});

test('late results are matched by link while other commands run', () => {
  const printed = '-k-k-o-s-f';
  const written = '34-s      ';
  marbles(printed, written, ({ command }) => {
    command(cipOpen({ link: 3, host: 'a', port: 1 }), '^', '---------(S|)');
    command(cipOpen({ link: 4, host: 'a', port: 1 }), '^', '-----(v|)');
    command(csq(), '                                   ^', '-------(q|)');
  });
});

test('no other command gets a late result for a caller that has left', () => {
  const printed = '-k-k-o--f';
  const written = '34       ';
  marbles(printed, written, ({ command }) => {
    command(cipOpen({ link: 3, host: 'a', port: 1 }), '^-!', '-');
    command(cipOpen({ link: 4, host: 'a', port: 1 }), '^', '-----(v|)');
  });
});

test('a payload follows its prompt at once, past whatever comes in between', () => {
  const printed = '-n-p-n--d-k';
  const written = 'w--h----a  ';
  marbles(printed, written, ({ command }) => {
    command(cipSend({ link: 0, bytes: bytesOf('hello') }), '^', '--------(r|)');
    command(at(), '                                         ^', '----------(v|)');
  });
});

test('a send whose prompt does not come gives the lane back after 15 s', () => {
  const printed = '15050ms e 49ms k 149ms m 149ms k';
  const written = 'w 14999ms (ha) 196ms m 149ms a';
  marbles(printed, written, ({ command }) => {
    command(cipSend({ link: 0, bytes: bytesOf('hello') }), '^', '15s (T|)');
    command(at(), '                                         ^', '15400ms (v|)');
  });
});

test('an ERROR without a reason, right after another, is believed when nothing else comes for 5 s', () => {
  const printed = '-E-E 5s s';
  const written = 'ac 5001ms s';
  marbles(printed, written, ({ command }) => {
    command(at(), '             ^', '-(R|)');
    command(cipClose({ link: 2 }), '^', '5003ms (R|)');
    command(csq(), '            ^', '5004ms (q|)');
  });
});
