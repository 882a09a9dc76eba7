import assert from 'node:assert/strict';
import {
  answerFrame,
  bootTrain,
  chunking,
  chunksOf,
  damage,
  damaged,
  type Frame,
  noise,
  protocolPayload,
  pushFrame,
  readFrame,
  session,
  sessionBytes,
  urcFrame,
} from '@a7600/testing/arbitraries';
import fc from 'fast-check';
import { type Property, property } from '../../../../tools/properties.js';
import { a7600 } from '../../src/a7600.js';
import { joinChunks } from '../../src/decoder/bytes.js';
import { createDecoder } from '../../src/decoder/decoder.js';
import type { AtEvent } from '../../src/decoder/events.js';
import type { BlockHeader } from '../../src/decoder/line.js';
import { bytesOf, decodeWith, summary, textOf } from '../decode.js';
import { echoing, stream, toldOf } from './streams.js';

/** What is reported: the texts of lines, the bytes of payload; see `Frame.parts`. */
function partsOf(events: readonly AtEvent[]): string[] {
  return summary(events).map((line) => line.slice(line.indexOf(' ') + 1));
}

const texts = (frames: readonly Frame[]) =>
  frames.flatMap(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : textOf(part))));

const anyFrame = fc.oneof(urcFrame(), answerFrame(), readFrame(), pushFrame(), bootTrain());

/** Two payloads of one length. */
const twoPayloads = fc.integer({ min: 1, max: 80 }).chain((length) => {
  const payload = fc.oneof(
    protocolPayload({ minLength: length, maxLength: length }),
    fc.uint8Array({ minLength: length, maxLength: length }),
  );
  return fc.record({ one: payload, other: payload });
});

/** The headers of every kind of block, `n` being its length. */
const HEADERS = [
  '+CIPRXGET: 2,0,n,0',
  '+IPDn',
  '+RECEIVE,0,n',
  '+CCHRECV: DATA,0,n',
  '+CHTTPSRECV: DATA,n',
  '+HTTPREAD: n',
  '+HTTPREAD: DATA,n',
  '+HTTPHEAD: n',
  '+CMQTTRXTOPIC: 0,n',
  '+CMQTTRXPAYLOAD: 0,n',
];

/** What a flood consists of. */
const FLOODS = [
  'y',
  '>',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '\0',
  '"',
  ',',
  'AT',
  '\r\nOK\r\n',
  '\r\n>',
  '+CIPRXGET: ',
];

export const decoderProperties: readonly Property[] = [
  property(
    '1. any cut of the same bytes gives the same events',
    fc.record({ stream, cuts: chunking() }),
    ({ stream: given, cuts }) => {
      const whole = summary(decodeWith(a7600, [given.bytes], toldOf(given)));
      assert.deepEqual(summary(decodeWith(a7600, chunksOf(given.bytes, cuts), toldOf(given))), whole);
    },
  ),

  property(
    '2. the raw spans of the events, joined, are the input',
    fc.record({ stream, cuts: chunking() }),
    ({ stream: given, cuts }) => {
      const events = decodeWith(a7600, chunksOf(given.bytes, cuts), toldOf(given));
      assert.equal(textOf(joinChunks(events.map(({ raw }) => raw))), textOf(given.bytes));
    },
  ),

  property(
    '3. another payload of the same length changes nothing but the payload',
    fc.record({
      payloads: twoPayloads,
      header: fc.constantFrom(...HEADERS),
      before: anyFrame,
      after: anyFrame,
      cuts: chunking(),
      echo: fc.boolean(),
    }),
    ({ payloads: { one, other }, header, before, after, cuts, echo }) => {
      const decoded = (payload: Uint8Array) => {
        const block = `\r\n${header.replace('n', String(payload.length))}\r\n${textOf(payload)}`;
        const sent = `AT+CIPSEND=0,1\r\r\n>${textOf(payload)}\r\nOK\r\n`;
        const bytes = joinChunks([before.bytes, bytesOf(echo ? sent : block), after.bytes]);
        return summary(
          decodeWith(a7600, chunksOf(bytes, cuts), { prompt: echo, echo: echo ? payload : undefined }),
        );
      };
      // After what comes before: the header, or the echo of the command and the prompt.
      const place = before.parts.length + (echo ? 2 : 1);
      const masked = (payload: Uint8Array) => {
        const lines = decoded(payload);
        const kind = echo ? 'payload-echo' : 'payload';
        assert.deepEqual(lines.splice(place, 1), [`${kind} ${textOf(payload)}`]);
        return lines;
      };
      assert.deepEqual(masked(one), masked(other));
    },
  ),

  property(
    '4. nothing throws, and no more is held than the bounds allow',
    fc.record({
      flood: fc.constantFrom(...FLOODS),
      times: fc.integer({ min: 1, max: 20_000 }),
      start: fc.constantFrom(
        '',
        '\r\n+CIPRXGET: 2,0,2147483648,0\r\n',
        '\r\n+CIPRXGET: 2,0,1500,0\r\n',
        '\r\n+HTTPREAD: 1048576\r\n',
        '\r\n+IPD99999999999999999999\r\n',
        '\r\n+RECEIVE,0,-1\r\n',
      ),
      garbage: fc.uint8Array({ maxLength: 2_000 }),
      size: fc.integer({ min: 1, max: 3_000 }),
      prompt: fc.boolean(),
      echo: fc.option(protocolPayload(), { nil: undefined }),
    }),
    ({ flood, times, start, garbage, size, prompt, echo }) => {
      const bytes = joinChunks([garbage, bytesOf(start + flood.repeat(times)), garbage]);
      let given = 0;
      let pushed = 0;
      const decoder = createDecoder(a7600, ({ raw }) => {
        given += raw.length;
      });
      decoder.awaitPrompt(prompt);
      decoder.expectEcho(echo);
      for (const chunk of chunksOf(bytes, [size])) {
        decoder.push(chunk);
        pushed += chunk.length;
        assert.ok(pushed - given <= 4_096 + 256 + (echo?.length ?? 0));
      }
      decoder.end();
      assert.equal(given, bytes.length);
    },
  ),

  property(
    '4a. a header that announces more than its block can have is noise, and takes nothing with it',
    fc.record({
      header: fc.constantFrom(...HEADERS),
      more: fc.integer({ min: 1, max: 2 ** 31 }),
      after: anyFrame,
      cuts: chunking(),
    }),
    ({ header, more, after, cuts }) => {
      const { max } = a7600.blocks.find(({ text }) => header.startsWith(text)) as BlockHeader;
      const line = `\r\n${header.replace('n', String(max + more))}\r\n`;
      const events = decodeWith(a7600, chunksOf(joinChunks([bytesOf(line), after.bytes]), cuts));
      assert.deepEqual([events[0]?.kind, textOf(events[0]?.raw as Uint8Array)], ['noise', line]);
      assert.deepEqual(partsOf(events.slice(1)), texts([after]));
    },
  ),

  property(
    '5. after any garbage the next frame but one is decoded right, at the latest',
    echoing((echo) =>
      fc.record({
        garbage: noise(),
        first: session({ echo, maxLength: 1 }),
        second: anyFrame,
        cuts: chunking(),
      }),
    ),
    ({ garbage, first, second, cuts }) => {
      const line: Frame = { bytes: bytesOf('\r\nRING\r\n'), parts: ['RING'] };
      const bytes = joinChunks([garbage, sessionBytes(first.length === 0 ? [line] : first), second.bytes]);
      const parts = partsOf(decodeWith(a7600, chunksOf(bytes, cuts)));
      assert.deepEqual(parts.slice(-second.parts.length), texts([second]));
    },
  ),

  property(
    '5a. what a session consists of is reported as what it is',
    echoing((echo) => fc.record({ frames: session({ echo }), cuts: chunking() })),
    ({ frames, cuts }) => {
      assert.deepEqual(partsOf(decodeWith(a7600, chunksOf(sessionBytes(frames), cuts))), texts(frames));
    },
  ),

  property(
    '10. views that were given out are never overwritten by later input',
    fc.record({
      stream,
      cuts: chunking(),
      later: fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 40 }),
    }),
    ({ stream: given, cuts, later }) => {
      const kept: { readonly event: AtEvent; readonly bytes: string; readonly text: string }[] = [];
      const text = (event: AtEvent) => ('text' in event ? `${event.text} ${event.fields.join('|')}` : '');
      let keeping = true;
      const decoder = createDecoder(a7600, (event) => {
        if (keeping) kept.push({ event, bytes: textOf(event.raw), text: text(event) });
      });
      decoder.awaitPrompt(given.prompt);
      decoder.expectEcho(toldOf(given).echo);
      for (const chunk of chunksOf(given.bytes, cuts)) decoder.push(chunk);
      keeping = false;
      for (const chunk of later) decoder.push(chunk);
      for (let at = 0; at < 5_000; at++) decoder.push(Uint8Array.of(0x78));
      decoder.push(new Uint8Array(5_000).fill(0x41));
      assert.deepEqual(
        kept.map(({ event }) => textOf(event.raw)),
        kept.map(({ bytes }) => bytes),
      );
      assert.deepEqual(
        kept.map(({ event }) => text(event)),
        kept.map((of) => of.text),
      );
    },
  ),

  property(
    '11. a byte lost, doubled or flipped damages the frame it stands in, and an echo right after it',
    echoing((echo) =>
      fc.record({ frames: session({ echo, maxLength: 6 }), at: fc.nat(), harm: damage(), cuts: chunking() }),
    ),
    ({ frames, at, harm, cuts }) => {
      const index = frames.length === 0 ? 0 : at % frames.length;
      const frame = frames[index];
      if (frame === undefined || inHeader(frame, harm.at)) return;
      const hurt = damaged(frame.bytes, harm);
      const bytes = joinChunks(frames.map((each, place) => (place === index ? hurt : each.bytes)));
      const events = decodeWith(a7600, chunksOf(bytes, cuts));
      assert.equal(textOf(joinChunks(events.map(({ raw }) => raw))), textOf(bytes));
      const parts = partsOf(events);
      const before = texts(frames.slice(0, index));
      assert.deepEqual(parts.slice(0, before.length), before);
      const [next] = texts(frames.slice(index + 1));
      const after = texts(frames.slice(index + 1)).slice(next !== undefined && /^at/i.test(next) ? 1 : 0);
      assert.deepEqual(after.length === 0 ? [] : parts.slice(-after.length), after);
    },
  ),
];

/** Whether a byte stands before a frame's payload: damage there changes how long that is. */
function inHeader({ bytes, parts }: Frame, at: number): boolean {
  const payload = parts.find((part) => typeof part !== 'string');
  return (
    payload !== undefined && at % bytes.length < textOf(bytes).lastIndexOf(textOf(payload as Uint8Array))
  );
}
