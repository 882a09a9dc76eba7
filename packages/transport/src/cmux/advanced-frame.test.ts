import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodedFrames } from '../../test/decoded-frames.js';
import { advancedFrameDecoder, encodeAdvancedFrame } from './advanced-frame.js';
import type { Frame, FrameType } from './frame.js';

const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const toHex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const concat = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

const decode = (bytes: Uint8Array, cuts: readonly number[] = [], maxPayload = 300) =>
  decodedFrames(advancedFrameDecoder, bytes, maxPayload, cuts);

const frame = (type: FrameType, dlci: number, cr: boolean, payload = '', pf = payload === ''): Frame => ({
  ...{ type, dlci, cr, pf },
  payload: fromHex(payload),
});

// Frames of hosts that use the advanced option, and one that was computed from the standard.
const vectors: readonly [string, string, Frame][] = [
  ['SABM on 0', '7e033ffc7e', frame('SABM', 0, true)],
  ['its UA', '7e0373857e', frame('UA', 0, true)],
  ['DISC on 1', '7e0753c87e', frame('DISC', 1, true)],
  ['MSC of the module', '7e01efe305070daa7e', frame('UIH', 0, false, 'e305070d')],
  ['AT on 1', '7e07ef41540d057e', frame('UIH', 1, true, '41540d')],
  [
    'a payload with flags, escapes, XON and XOFF',
    '7e07ef41542b7d5e7d5d7d317d33f90d057e',
    frame('UIH', 1, true, '41542b7e7d1113f90d'),
  ],
];

const anyFrame = fc
  .record({
    type: fc.constantFrom<FrameType>('SABM', 'UA', 'DM', 'DISC', 'UIH', 'UI'),
    dlci: fc.nat(61),
    cr: fc.boolean(),
    pf: fc.boolean(),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.constantFrom(0x7e, 0x7d, 0x11, 0x13, 0x5e, 0x20)).map((some) => Uint8Array.from(some)),
    ),
  })
  .map((any): Frame => ({ ...any, payload: any.type.startsWith('UI') ? any.payload : new Uint8Array(0) }));

describe('frames of the advanced option (3GPP TS 27.010, 5.2.6.2)', () => {
  test.each(vectors)('%s is %s', (_, hex, expected) => {
    expect(toHex(encodeAdvancedFrame(expected))).toBe(hex);
    expect(decode(fromHex(hex)).frames).toEqual([expected]);
  });

  test('every frame is read, in order, however the stream is cut and flags are shared or repeated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyFrame, fc.constantFrom('shared', 'own', 'filled'))),
        fc.array(fc.nat()),
        (sent, cuts) => {
          const parts = sent.map(([one, flags], index) => {
            const encoded = encodeAdvancedFrame(one);
            if (flags === 'filled') return concat([encoded, fromHex('7e7e')]);
            return flags === 'shared' && index > 0 ? encoded.subarray(1) : encoded;
          });
          const { frames, decoder } = decode(concat(parts), cuts);
          expect(frames).toEqual(sent.map(([one]) => one));
          expect(decoder.faults).toEqual({ discarded: 0, badLengths: 0, badChecks: 0, lostFlags: 0 });
          expect(decoder.isPartial).toBe(false);
        },
      ),
    );
  });

  test('no byte between the flags is a flag, XON or XOFF', () => {
    fc.assert(
      fc.property(anyFrame, (one) => {
        const between = encodeAdvancedFrame(one).slice(1, -1);
        expect(between.filter((byte) => [0x7e, 0x11, 0x13].includes(byte))).toHaveLength(0);
      }),
    );
  });

  test('what comes before a frame costs no frame after its flag, however it is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(anyFrame), fc.array(fc.nat()), (noise, sent, cuts) => {
        const stream = concat([noise, ...sent.map(encodeAdvancedFrame)]);
        const { frames } = decode(stream, cuts);
        expect(frames.slice(frames.length - sent.length)).toEqual(sent);
        expect(decode(stream).frames).toEqual(frames);
      }),
    );
  });

  test.each([
    ['a damaged checksum', '7e07ef41540d007e', 'badChecks'],
    ['a frame that is broken off', '7e07ef417d7e', 'badChecks'],
    ['a frame that is too short', '7e07ef7e', 'badChecks'],
    ['bytes before the first flag', '41', 'discarded'],
    ['a payload above the limit', `7e07ef${'41'.repeat(6)}`, 'badLengths'],
  ] as const)('counts %s and goes on with the next frame', (_, hex, counter) => {
    const { frames, decoder } = decode(concat([fromHex(hex), fromHex('7e07ef41540d057e')]), [], 4);
    expect(frames).toEqual([frame('UIH', 1, true, '41540d')]);
    expect(decoder.faults[counter]).toBe(1);
  });

  test('given up, a frame that has begun is no frame, and the next one is', () => {
    const { frames, decoder } = decode(fromHex('7e07ef41'));
    expect(decoder.isPartial).toBe(true);
    decoder.resynchronize();
    expect(decoder.isPartial).toBe(false);
    decoder.push(fromHex('540d057e07ef41540d057e'));
    expect(frames).toEqual([frame('UIH', 1, true, '41540d')]);
  });
});
