import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodedFrames } from '../../test/decoded-frames.js';
import { encodeFrame, type Frame, type FrameType } from './frame.js';
import { frameDecoder } from './frame-decoder.js';
import {
  encodeMessage,
  encodeParameters,
  encodeSignals,
  message,
  readMessages,
  readSignals,
} from './message.js';
import { DRIVEN } from './state.js';

const text = (value: string) => Uint8Array.from(value, (character) => character.charCodeAt(0));
const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const toHex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function frame(
  type: FrameType,
  dlci: number,
  from: 'host' | 'module',
  payload: Uint8Array = new Uint8Array(0),
): Frame {
  const isData = type === 'UIH' || type === 'UI';
  const isResponse = type === 'UA' || type === 'DM';
  return { type, dlci, cr: (from === 'host') !== isResponse, pf: !isData, payload };
}

function control(type: number, isCommand: boolean, values: Uint8Array): Uint8Array {
  return encodeMessage({ type, isCommand, values });
}

const decode = (bytes: Uint8Array, maxPayload = 1_500, cuts: readonly number[] = []) =>
  decodedFrames(frameDecoder, bytes, maxPayload, cuts);

// Frames that real hosts and modules exchanged (esp-protocols' logs, gsm0710muxd, ofono), and two that
// were computed from the standard.
const vectors: readonly [string, string, Frame][] = [
  ['SABM on 0', 'f9033f011cf9', frame('SABM', 0, 'host')],
  ['its UA', 'f9037301d7f9', frame('UA', 0, 'module')],
  ['DISC on 0', 'f9035301fdf9', frame('DISC', 0, 'host')],
  ['SABM on 1', 'f9073f01def9', frame('SABM', 1, 'host')],
  ['its UA', 'f907730115f9', frame('UA', 1, 'module')],
  ['DISC on 1', 'f90753013ff9', frame('DISC', 1, 'host')],
  ['SABM on 2', 'f90b3f0159f9', frame('SABM', 2, 'host')],
  ['its UA', 'f90b730192f9', frame('UA', 2, 'module')],
  ['DISC on 2', 'f90b5301b8f9', frame('DISC', 2, 'host')],
  ['AT on 1', 'f907ef0741540dd3f9', frame('UIH', 1, 'host', text('AT\r'))],
  ['AT on 2', 'f90bef0741540d54f9', frame('UIH', 2, 'host', text('AT\r'))],
  ['OK on 1', 'f905ef0d0d0a4f4b0d0a5ff9', frame('UIH', 1, 'module', text('\r\nOK\r\n'))],
  [
    'UI, whose checksum covers the payload',
    'f90703 0741540d44f9'.replace(' ', ''),
    frame('UI', 1, 'host', text('AT\r')),
  ],
  [
    'MSC of the module',
    'f901ef09e305070d9af9',
    frame('UIH', 0, 'module', control(message.MSC, true, fromHex('070d'))),
  ],
  ['close-down', 'f903ef05c301f2f9', frame('UIH', 0, 'host', control(message.CLD, true, new Uint8Array(0)))],
  [
    'the response to a close-down',
    'f903ef05c101f2f9',
    frame('UIH', 0, 'host', control(message.CLD, false, new Uint8Array(0))),
  ],
  ['test', 'f903ef0b230761626318f9', frame('UIH', 0, 'host', control(message.TEST, true, text('abc')))],
  [
    'parameter negotiation',
    'f903ef1583110100000adc050302eef9',
    frame('UIH', 0, 'host', control(message.PN, true, encodeParameters({ dlci: 1, frameSize: 1_500 }))),
  ],
];

describe('frames (3GPP TS 27.010, 5.2)', () => {
  test.each(vectors)('%s is %s', (_, hex, expected) => {
    expect(toHex(encodeFrame(expected))).toBe(hex);
    expect(decode(fromHex(hex)).frames).toEqual([expected]);
  });

  test('DM with the final bit, as a module sends it for channel 3', () => {
    expect(decode(fromHex('f90f1f01b1f9')).frames).toEqual([
      { type: 'DM', dlci: 3, cr: true, pf: true, payload: new Uint8Array(0) },
    ]);
  });

  test('a UIH frame with the poll bit and fill flags, as SIM7600 sends it', () => {
    const [read] = decode(fromHex('f901ff0be3070b09016cf9f9f9f9')).frames;
    expect(read).toMatchObject({ type: 'UIH', dlci: 0, pf: true });
    expect(
      readSignals(readMessages(read?.payload ?? new Uint8Array(0))[0]?.values ?? new Uint8Array(0)),
    ).toEqual({
      dlci: 2,
      signals: { fc: false, rtc: false, rtr: true, ic: false, dv: false, brk: false },
    });
  });

  test('a long frame whose length enters the checksum in the wrong order, as some firmware sends it', () => {
    const sound = encodeFrame(frame('UIH', 1, 'module', new Uint8Array(130).fill(0x41)));
    // f9 05 ef 04 01: the checksum over 05 ef 01 04 is computed bit by bit, apart from the sources.
    const check = [0x05, 0xef, 0x01, 0x04].reduce((register, byte) => {
      let value = register ^ byte;
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0xe0 : value >> 1;
      return value;
    }, 0xff);
    const swapped = sound.map((byte, at) => (at === sound.length - 2 ? 0xff - check : byte));
    expect(toHex(sound.subarray(0, 5))).toBe('f905ef0401');
    expect(swapped.at(-2)).not.toBe(sound.at(-2));
    expect(decode(swapped).frames).toEqual(decode(sound).frames);
  });

  test('the signals of a host are 8d: ready, and data valid', () => {
    expect(toHex(encodeSignals(1, DRIVEN))).toBe('078d');
    expect(toHex(encodeSignals(1, { ...DRIVEN, brk: true }))).toBe('078c13');
  });
});

const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((some) => some.map((byte, index) => (index % 3 === 0 ? 0xf9 : byte)));
const anyFrame = fc
  .record({
    type: fc.constantFrom<FrameType>('SABM', 'UA', 'DM', 'DISC', 'UIH', 'UI'),
    dlci: fc.nat(61),
    cr: fc.boolean(),
    pf: fc.boolean(),
    payload: fc.oneof(bytes(20), bytes(300)),
  })
  .map((any): Frame => ({ ...any, payload: any.type.startsWith('UI') ? any.payload : new Uint8Array(0) }));

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('the frame decoder', () => {
  test('reads every frame, in order, however the stream is cut and flags are shared or repeated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyFrame, fc.constantFrom('shared', 'own', 'filled'))),
        fc.array(fc.nat()),
        (sent, cuts) => {
          const parts = sent.map(([one, flags], index) => {
            const encoded = encodeFrame(one);
            if (flags === 'filled') return concat([encoded, fromHex('f9f9f9')]);
            return flags === 'shared' && index > 0 ? encoded.subarray(1) : encoded;
          });
          const { frames, decoder } = decode(concat(parts), 1_500, cuts);
          expect(frames).toEqual(sent.map(([one]) => one));
          expect(decoder.faults).toEqual({ discarded: 0, badLengths: 0, badChecks: 0, lostFlags: 0 });
        },
      ),
    );
  });

  test('reads the same frames from any bytes, however they are cut, and holds at most one frame', () => {
    const noise = fc.uint8Array({ maxLength: 30 });
    fc.assert(
      fc.property(fc.array(fc.oneof(noise, anyFrame.map(encodeFrame))), fc.array(fc.nat()), (parts, cuts) => {
        const whole = concat(parts);
        const once = decode(whole, 100);
        const cut = decode(whole, 100, cuts);
        expect(cut.frames).toEqual(once.frames);
        expect(cut.decoder.faults).toEqual(once.decoder.faults);
      }),
    );
  });

  test('loses no frame after bytes that are not one, once it has given up waiting for their end', () => {
    const noise = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(noise, fc.array(anyFrame, { minLength: 1 }), (before, sent) => {
        const frames: Frame[] = [];
        const decoder = frameDecoder(
          () => 300,
          (read) => frames.push(read),
        );
        decoder.push(concat([before, ...sent.map(encodeFrame)]));
        // Each call gives up one false beginning.
        for (let calls = 0; decoder.isPartial && calls < 100; calls++) decoder.resynchronize();
        expect(decoder.isPartial).toBe(false);
        const last = frames.slice(-sent.length);
        // Noise may have eaten the first flag or look like a frame by chance; the last frame is beyond both.
        expect(last.at(-1)).toEqual(sent.at(-1));
      }),
    );
  });

  test.each([
    ['a length above the limit', 'f90beffeff', 'badLengths'],
    ['a damaged checksum', 'f907ef0741540d00f9', 'badChecks'],
    ['a lost flag', 'f907ef0741540dd30d', 'lostFlags'],
  ] as const)('counts %s and goes on with the next frame', (_, hex, counter) => {
    const { frames, decoder } = decode(concat([fromHex(hex), fromHex('f905ef0d0d0a4f4b0d0a5ff9')]), 200);
    expect(frames.map(({ payload }) => toHex(payload))).toEqual(['0d0a4f4b0d0a']);
    expect(decoder.faults[counter]).toBe(1);
  });

  test('accepts a payload of exactly the limit and no longer one', () => {
    const sized = (length: number) => encodeFrame(frame('UIH', 1, 'module', new Uint8Array(length)));
    expect(decode(sized(127), 127).frames).toHaveLength(1);
    expect(decode(sized(128), 127).frames).toHaveLength(0);
    expect(decode(sized(128), 128).frames).toHaveLength(1);
  });
});
