import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunking, chunksOf } from '../../arbitraries/chunking.js';
import { joined } from './bytes.js';
import { MAX_PACKET, type Packet, PacketReader, printPacket, publicationIn } from './mqtt-packets.js';

const packet: fc.Arbitrary<Packet> = fc.record({
  kind: fc.integer({ min: 1, max: 14 }),
  flags: fc.integer({ min: 0, max: 15 }),
  // Lengths about those where one more digit is needed (MQTT 3.1.1, 2.2.3).
  body: fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom(127, 128, 16_383, 16_384, 200_000).map((length) => new Uint8Array(length).fill(length)),
  ),
});

const read = (chunks: readonly Uint8Array[]) => {
  const reader = new PacketReader();
  return { packets: chunks.flatMap((chunk) => reader.push(chunk)), broken: reader.broken };
};

const shape = ({ kind, flags, body }: Packet) => ({ kind, flags, length: body.length });

describe('packets of MQTT', () => {
  test('are read as they were printed, however the stream was cut', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 5 }), chunking(), (packets, sizes) => {
        const stream = joined(...packets.map(printPacket));
        // Byte by byte is for short streams.
        const chunks = stream.length > 5_000 ? chunksOf(stream, [1_460]) : chunksOf(stream, sizes);
        const { packets: found, broken } = read(chunks);
        expect(broken).toBe(false);
        expect(found.map(shape)).toEqual(packets.map(shape));
        // Comparing large arrays by toEqual takes seconds.
        expect(joined(...found.map(printPacket)).every((byte, at) => byte === stream[at])).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('nothing that comes throws; a publication is read from any body', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), chunking(), (noise, sizes) => {
        for (const found of read(chunksOf(noise, sizes)).packets) publicationIn(found);
      }),
      { numRuns: 500 },
    );
  });

  test('a length of five digits, or of more than the module takes, breaks the stream for good', () => {
    for (const length of [
      [0xff, 0xff, 0xff, 0xff, 0x01],
      [0xff, 0xff, 0xff, 0x7f],
    ]) {
      const reader = new PacketReader();
      expect(reader.push(Uint8Array.of(0x30, ...length))).toEqual([]);
      expect(reader.broken).toBe(true);
      expect(reader.push(printPacket({ kind: 13, flags: 0, body: new Uint8Array() }))).toEqual([]);
    }
    const longest = { kind: 3, flags: 0, body: new Uint8Array(MAX_PACKET) };
    expect(read([printPacket(longest)]).packets.map(shape)).toEqual([shape(longest)]);
  });
});
