import assert from 'node:assert/strict';
import {
  chunking,
  chunksOf,
  type Frame,
  protocolPayload,
  sessionBytes,
  urcFrame,
} from '@a7600/testing/arbitraries';
import fc from 'fast-check';
import { type Property, property } from '../../../../tools/properties.js';
import { a7600 } from '../../src/a7600.js';
import { cipRxGet } from '../../src/commands/receiving.js';
import { joinChunks } from '../../src/decoder/bytes.js';
import type { AtEvent } from '../../src/decoder/events.js';
import { isAtError } from '../../src/errors.js';
import { bytesOf, decodeWith, textOf } from '../decode.js';
import { Conversations } from '../dialogue.js';
import { anySession } from './streams.js';

/** After so many blocks the decoder knows whether the module prints an empty line before `OK`. */
const CERTAIN = 3;

const payload = fc.oneof(
  protocolPayload({ minLength: 41, maxLength: 200 }),
  fc.uint8Array({ minLength: 41, maxLength: 200 }),
);

/** Payload as it leaves a module whose line drops `lost` bytes somewhere inside. */
function damagedPayload(bytes: Uint8Array, at: number, lost: number): Uint8Array {
  const from = at % (bytes.length - lost + 1);
  return joinChunks([bytes.subarray(0, from), bytes.subarray(from + lost)]);
}

/** A read of `length` bytes as the module prints it, `sent` being what arrives of the payload. */
function read(length: number, sent: Uint8Array, spaced: boolean): Uint8Array {
  const end = spaced ? '\r\n\r\nOK\r\n' : '\r\nOK\r\n';
  return joinChunks([bytesOf(`\r\n+CIPRXGET: 2,3,${length},0\r\n`), sent, bytesOf(end)]);
}

const overruns = (events: readonly AtEvent[]) => events.filter(({ kind }) => kind === 'overrun').length;

/** How many bytes of `frames` a block may take so that it ends where a frame ends, or its text. */
function hiddenLengths(frames: readonly Frame[]): number[] {
  let length = 0;
  return frames.flatMap(({ bytes }) => {
    length += bytes.length;
    return [length - 2, length];
  });
}

export const framingProperties: readonly Property[] = [
  property(
    '14. a read that lost bytes inside its block never succeeds',
    fc.record({
      payload,
      at: fc.nat(),
      lost: fc.integer({ min: 1, max: 40 }),
      spaced: fc.boolean(),
      earlier: fc.array(payload, { maxLength: 5 }),
      after: fc.array(urcFrame(), { maxLength: 4 }),
      cuts: chunking(),
    }),
    ({ payload: whole, at, lost, spaced, earlier, after, cuts }) => {
      // Only the habit of the module tells an empty line that the block took from one that was not printed.
      if (spaced && lost === 2 && earlier.length < CERTAIN) return;
      const wire = new Conversations();
      for (const bytes of earlier) {
        wire.send(cipRxGet.take({ link: 3 }));
        wire.hear(read(bytes.length, bytes, spaced));
      }
      const sent = wire.send(cipRxGet.take({ link: 3 }));
      const arrived = read(whole.length, damagedPayload(whole, at, lost), spaced);
      wire.hear(...chunksOf(joinChunks([arrived, sessionBytes(after)]), cuts));
      sent.expire(new Error('late'));
      assert.ok(sent.settled?.ok === false && isAtError(sent.settled.error, 'FRAMING_LOST'));
    },
  ),

  property(
    '14a. a read whose block is complete succeeds, whatever its payload looks like',
    fc.record({
      payloads: fc.array(
        fc.oneof(
          payload,
          payload.map((bytes) => joinChunks([bytes, bytesOf('\r\n\r\nOK\r\n')])),
        ),
        {
          minLength: 1,
          maxLength: 8,
        },
      ),
      spaced: fc.boolean(),
      cuts: chunking(),
    }),
    ({ payloads, spaced, cuts }) => {
      const wire = new Conversations();
      for (const bytes of payloads) {
        const sent = wire.send(cipRxGet.take({ link: 3 }));
        wire.hear(...chunksOf(read(bytes.length, bytes, spaced), cuts));
        assert.ok(sent.settled?.ok === true);
        assert.equal(textOf(joinChunks(sent.settled.value.payload)), textOf(bytes));
      }
      assert.deepEqual(wire.foreign, []);
    },
  ),

  property(
    '14b. a pushed block that lost bytes is reported, unless it took whole frames',
    fc.record({
      payload,
      at: fc.nat(),
      lost: fc.integer({ min: 1, max: 40 }),
      after: fc.array(urcFrame(), { minLength: 3, maxLength: 5 }),
      cuts: chunking(),
    }),
    ({ payload: whole, at, lost, after, cuts }) => {
      const pushed = joinChunks([bytesOf(`\r\n+IPD${whole.length}\r\n`), damagedPayload(whole, at, lost)]);
      const events = decodeWith(a7600, chunksOf(joinChunks([pushed, sessionBytes(after)]), cuts));
      // A block that takes all that follows is still incomplete.
      const isHidden = hiddenLengths(after).includes(lost) || lost > sessionBytes(after).length;
      assert.equal(overruns(events), isHidden ? 0 : 1);
    },
  ),

  property(
    '14c. a pushed block that is complete is never reported',
    fc.record({ payload, after: anySession, cuts: chunking() }),
    ({ payload: whole, after, cuts }) => {
      const pushed = joinChunks([bytesOf(`\r\n+IPD${whole.length}\r\n`), whole, sessionBytes(after)]);
      assert.equal(overruns(decodeWith(a7600, chunksOf(pushed, cuts))), 0);
    },
  ),
];
