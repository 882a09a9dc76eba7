import fc from 'fast-check';
import { type MonoTypeOperatorFunction, map, tap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import { bytesOf, errorOf, observe, textOf, type World, world, write } from '../../test/world.js';
import { modem } from '../modem/open-modem.js';

const HEADER = /(?:\+IPD|\+RECEIVE,\d,)\d+:?\r\n$/;
const PEER = { host: '10.3.0.1', port: 80 };

/** A line that loses bytes in the next block that is pushed. */
interface Hole {
  /** From which byte of the block on; undefined for none. */
  readonly at: number | undefined;
  readonly count: number;
}

/** Takes the bytes of a hole out of a stream, from the block that is pushed next. */
function losing(hole: Hole): MonoTypeOperatorFunction<Uint8Array> {
  let printed = '';
  /** Bytes that pass before the hole; undefined until the block begins. */
  let before: number | undefined;
  let left = hole.count;
  return map((bytes) => {
    if (hole.at === undefined || left === 0) return bytes;
    const kept = [...bytes].filter((byte) => {
      if (before === undefined) {
        printed += String.fromCharCode(byte);
        if (HEADER.test(printed)) before = hole.at;
        return true;
      }
      if (before > 0) before -= 1;
      else if (left > 0) {
        left -= 1;
        return false;
      }
      return true;
    });
    return Uint8Array.from(kept);
  });
}

/** A pushing module on a line that loses bytes, a socket, and its peer. */
function pushed(hole: Hole) {
  const w: World = world();
  let printed = '';
  const port$ = w.module.pipe(
    map((link) =>
      Object.assign(Object.create(link), {
        received$: link.received$.pipe(
          tap((bytes) => {
            printed += textOf([bytes]);
          }),
          losing(hole),
        ),
      }),
    ),
  );
  const opened = observe(modem(port$, { scheduler: w.scheduler }));
  w.advance(1_000);
  const network = observe(opened.last.network({ receive: 'push' }));
  w.advance(1_000);
  const accepted = observe(w.outside.serve(PEER.host, PEER.port));
  const socket = observe(network.last.connect(PEER));
  w.advance(100);
  const statistics = observe(opened.last.statistics$);
  const since = printed.length;
  return {
    w,
    printed: () => printed.slice(since),
    opened,
    socket,
    statistics,
    far: accepted.last,
    received: observe(socket.last.received$),
  };
}

/** What follows the damaged block on the line. */
const FOLLOWING: Readonly<Record<string, (rig: ReturnType<typeof pushed>) => void>> = {
  'another block': ({ far }) =>
    void write(far, 'second block, long enough to be taken for the rest of the first one'),
  'the answer to a command': ({ opened }) => void observe(opened.last.raw('AT+COPS?')),
  'the end of the connection': ({ far }) => void observe(far.close()),
  'the next confirmation': ({ w }) => w.advance(120_000),
};

describe.each(Object.entries(FOLLOWING))('a block that lost bytes before %s', (_, follow) => {
  test('ends the socket, and nothing is delivered that the peer did not send', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(159),
        fc.constantFrom('x'.repeat(200), 'line\r\n'.repeat(40), 'abc\r\nOK\r\n'.repeat(20)),
        (count, place, text) => {
          const at = place % (text.length - count);
          const rig = pushed({ at, count });
          const { w, far, received, socket, statistics } = rig;
          write(far, text);
          w.advance(1);
          follow(rig);
          w.advance(130_000);
          const got = textOf(received.values);
          // What follows the hole is the peer's too. What follows that is the module's, and is not seen only
          // where it ends with a line.
          const shifted = text.slice(0, at) + text.slice(at + count);
          const foreign = got.slice(shifted.length);
          expect(got.slice(0, shifted.length)).toBe(shifted.slice(0, got.length));
          const after = rig.printed().slice(rig.printed().indexOf(text) + text.length);
          const taken = [...foreign].findIndex((char, index) => char !== after[index]);
          if (foreign !== '') {
            expect(after.slice(taken < 0 ? foreign.length : taken)).toMatch(/^(\r\n|$)/);
            return;
          }
          // The block has swallowed the end of the connection, too: what it holds is not delivered.
          if (errorOf(socket)?.code === 'LINK_CLOSED') return;
          expect(errorOf(socket)?.code).toBe('FRAMING_LOST');
          expect(statistics.last.framingErrors).toBeGreaterThan(0);
        },
      ),
      { numRuns: effort(15, 40) },
    );
  });
});

test.each(['hello', 'hello\r\n', '\r', '\r\nOK\r\n', 'a\r\nb\r\n', `${'x'.repeat(1_500)}\r\n`])(
  'a whole block arrives, at the latest after 100 ms: %j',
  (text) => {
    const { w, far, received } = pushed({ at: undefined, count: 0 });
    write(far, text);
    w.advance(200);
    expect(textOf(received.values)).toBe(text);
  },
);

test('what cannot be the beginning of a frame does not wait', () => {
  const { w, far, received } = pushed({ at: undefined, count: 0 });
  observe(far.write(bytesOf('hello')));
  w.advance(1);
  expect(textOf(received.values)).toBe('hello');
});

test('the last block arrives before the end of the connection', () => {
  const { w, far, received } = pushed({ at: undefined, count: 0 });
  write(far, 'bye\r\n');
  observe(far.close());
  w.advance(1_000);
  expect([textOf(received.values), received.end]).toEqual(['bye\r\n', 'complete']);
});
