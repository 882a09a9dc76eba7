import type { ByteLink } from '@a7600/transport';
import { Observable } from 'rxjs';

/** What a request of HTTP begins with; no AT command does. */
const METHODS = [
  'GET ',
  'POST ',
  'PUT ',
  'HEAD ',
  'OPTIONS ',
  'DELETE ',
  'PATCH ',
  'CONNECT ',
  'TRACE ',
  'PRI ',
];

/** What the client is told. */
const REFUSAL =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nThis port speaks AT commands, not HTTP.\n';

/**
 * A link whose peer is hung up on if it begins like HTTP: a web page that a browser shows must not
 * reach a module on a port of its computer. `refuses` is asked when it does.
 */
export function withoutHttp(link: ByteLink, refuses: () => boolean): ByteLink {
  const received$ = new Observable<Uint8Array>((subscriber) => {
    let begun: number[] | undefined = [];
    const held: Uint8Array[] = [];
    return link.received$.subscribe({
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
      next(bytes) {
        if (begun === undefined) {
          subscriber.next(bytes);
          return;
        }
        begun.push(...bytes.subarray(0, LONGEST));
        const verdict = judge(begun);
        if (verdict === 'open') {
          held.push(bytes);
          return;
        }
        begun = undefined;
        if (verdict === 'http' && refuses()) {
          link.write(new TextEncoder().encode(REFUSAL)).subscribe({ error: () => {} });
          link.close().subscribe({ error: () => {} });
          return;
        }
        for (const chunk of held.splice(0)) subscriber.next(chunk);
        subscriber.next(bytes);
      },
    });
  });
  return { ...link, received$ };
}

const LONGEST = Math.max(...METHODS.map(({ length }) => length));

function judge(begun: readonly number[]): 'http' | 'at' | 'open' {
  const text = String.fromCharCode(...begun.slice(0, LONGEST));
  if (METHODS.some((method) => text.startsWith(method))) return 'http';
  return METHODS.some((method) => method.startsWith(text)) ? 'open' : 'at';
}
