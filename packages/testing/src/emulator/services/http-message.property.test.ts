import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, textOf } from '../../../test/observing.js';
import { chunking, chunksOf } from '../../arbitraries/chunking.js';
import { joined } from './bytes.js';
import { type HttpResponse, printRequest, ResponseReader } from './http-message.js';

const LINE_END = bytesOf('\r\n');

/** A body as it is sent: by its length, in chunks, or until the server closes (RFC 9112, 6.3 and 7.1). */
const sent = fc.record({
  body: fc.uint8Array({ maxLength: 2_000 }),
  by: fc.constantFrom('length', 'chunks', 'close'),
  size: fc.integer({ min: 1, max: 700 }),
  interim: fc.boolean(),
});

function print({
  body,
  by,
  size,
  interim,
}: {
  body: Uint8Array;
  by: string;
  size: number;
  interim: boolean;
}) {
  const field = {
    length: `Content-Length: ${body.length}\r\n`,
    chunks: 'Transfer-Encoding: chunked\r\n',
    close: '',
  };
  const head = bytesOf(`HTTP/1.1 200 OK\r\n${field[by as 'close']}\r\n`);
  const parts = Array.from({ length: Math.ceil(body.length / size) }, (_, index) => {
    const part = body.subarray(index * size, (index + 1) * size);
    return joined(bytesOf(part.length.toString(16)), LINE_END, part, LINE_END);
  });
  const content = by === 'chunks' ? joined(...parts, bytesOf('0\r\n\r\n')) : body;
  return joined(interim ? bytesOf('HTTP/1.1 100 Continue\r\n\r\n') : new Uint8Array(), head, content);
}

function read(chunks: readonly Uint8Array[], method = 'GET'): HttpResponse | undefined {
  const reader = new ResponseReader(method);
  for (const chunk of chunks) {
    const response = reader.push(chunk);
    if (response !== undefined) return response;
  }
  return reader.end();
}

describe('responses of HTTP', () => {
  test('have their whole body, however it was sent and cut', () => {
    fc.assert(
      fc.property(sent, chunking(), (response, sizes) => {
        const found = read(chunksOf(print(response), sizes));
        expect(found?.status).toBe(200);
        expect(found?.body).toEqual(response.body);
      }),
      { numRuns: 300 },
    );
  });

  test('nothing that comes throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.boolean(), chunking(), (noise, begun, sizes) => {
        const head = begun ? 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' : '';
        read(chunksOf(joined(bytesOf(head), noise), sizes));
      }),
      { numRuns: 500 },
    );
  });

  test('an endless head is noticed', () => {
    const reader = new ResponseReader('GET');
    for (let count = 0; count < 10 && !reader.tooLong; count++) reader.push(new Uint8Array(500_000).fill(65));
    expect(reader.tooLong).toBe(true);
  });
});

test('a request carries a body of any size', () => {
  const body = new Uint8Array(153_600).fill(66);
  const printed = printRequest({ method: 'POST', host: 'a', path: '/', headers: [], body });
  expect(textOf(printed)).toContain(`Content-Length: 153600\r\n\r\n${textOf(body)}`);
});
