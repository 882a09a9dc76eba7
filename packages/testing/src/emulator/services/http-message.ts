import { joined, textOf } from './bytes.js';

/** Digits of a chunk's size that are looked at. */
const LONGEST_SIZE = 16;

/** A request as the module sends it. */
export interface HttpRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** What the server has answered. */
export interface HttpResponse {
  readonly status: number;
  /** Status line and header, with the empty line after it. */
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** The octets of a request. */
export function printRequest({ method, host, path, headers, body }: HttpRequest): Uint8Array {
  const hasBody = body.length > 0 || method === 'POST' || method === 'PUT';
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    ...headers,
    ...(hasBody ? [`Content-Length: ${body.length}`] : []),
    '',
    '',
  ];
  const head = Uint8Array.from(lines.join('\r\n'), (character) => character.charCodeAt(0) & 0xff);
  return joined(head, body);
}

/** Longest response that the module takes. */
const MAX_RESPONSE = 4_194_304;

/** Collects a response: by its length, in chunks, or until the server closes (RFC 9112, 6.3). */
export class ResponseReader {
  private readonly method: string;
  private bytes: Uint8Array = new Uint8Array();

  constructor(method: string) {
    this.method = method;
  }

  /** What came is longer than the module takes. */
  get tooLong(): boolean {
    return this.bytes.length > MAX_RESPONSE;
  }

  /** Takes what has come; returns the response once it is complete. */
  push(bytes: Uint8Array): HttpResponse | undefined {
    this.bytes = joined(this.bytes, bytes);
    return this.read(false);
  }

  /** The server has closed: what there is is all; undefined when it is no response. */
  end(): HttpResponse | undefined {
    return this.read(true);
  }

  private read(ended: boolean): HttpResponse | undefined {
    const headEnd = this.find(0, '\r\n\r\n');
    if (headEnd === -1) return undefined;
    const head = this.bytes.slice(0, headEnd + 4);
    const text = textOf(head);
    const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(text)?.[1]);
    if (!Number.isFinite(status)) return undefined;
    const rest = this.bytes.subarray(head.length);
    if (status < 200) {
      // An interim response, after which the real one comes.
      this.bytes = rest.slice();
      return this.read(ended);
    }
    const body = this.body(text, status, rest, ended);
    return body && { status, head, body };
  }

  private body(head: string, status: number, rest: Uint8Array, ended: boolean): Uint8Array | undefined {
    if (this.method === 'HEAD' || status === 204 || status === 304) return new Uint8Array();
    if (/^transfer-encoding:.*chunked/im.test(head)) return this.chunks(rest, ended);
    const length = Number(/^content-length:\s*(\d+)/im.exec(head)?.[1] ?? Number.NaN);
    if (rest.length >= length) return rest.slice(0, length);
    return ended ? rest.slice() : undefined;
  }

  private chunks(rest: Uint8Array, ended: boolean): Uint8Array | undefined {
    const content: number[] = [];
    for (let at = 0; ; ) {
      const lineEnd = indexOf(rest, at, '\r\n');
      if (lineEnd === -1) return ended ? Uint8Array.from(content) : undefined;
      const size = Number.parseInt(textOf(rest.subarray(at, Math.min(lineEnd, at + LONGEST_SIZE))), 16);
      if (!(size > 0)) return Uint8Array.from(content);
      const from = lineEnd + 2;
      if (rest.length < from + size + 2 && !ended) return undefined;
      for (const byte of rest.subarray(from, from + size)) content.push(byte);
      at = from + size + 2;
    }
  }

  private find(from: number, text: string): number {
    return indexOf(this.bytes, from, text);
  }
}

function indexOf(bytes: Uint8Array, from: number, text: string): number {
  outer: for (let at = from; at + text.length <= bytes.length; at++) {
    for (let index = 0; index < text.length; index++) {
      if (bytes[at + index] !== text.charCodeAt(index)) continue outer;
    }
    return at;
  }
  return -1;
}
