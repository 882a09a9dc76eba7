import type { ByteLink } from '@a7600/transport';
import type { Observable } from 'rxjs';

/** What an observable has done so far. */
export interface Observed<T> {
  readonly values: T[];
  /** The error's `failure` or `code`, or its message. */
  end: 'open' | 'complete' | { readonly error: string };
  unsubscribe(): void;
}

export function observe<T>(source: Observable<T>): Observed<T> {
  const seen: Observed<T> = { values: [], end: 'open', unsubscribe: () => subscription.unsubscribe() };
  const subscription = source.subscribe({
    next: (value) => seen.values.push(value),
    error: (error: Error & { failure?: string; code?: string }) => {
      seen.end = { error: error.failure ?? error.code ?? error.message };
    },
    complete: () => {
      seen.end = 'complete';
    },
  });
  return seen;
}

/** The first value of an observable that emits when it is subscribed to. */
export function now<T>(source: Observable<T>): T {
  const { values, end } = observe(source);
  if (values.length === 0) throw new Error(`Nothing was emitted: ${JSON.stringify(end)}`);
  return values[0] as T;
}

/** What one end of a connection has received so far, as text. */
export function received(link: Pick<ByteLink, 'received$'>): { readonly text: string; readonly end: string } {
  const seen = observe(link.received$);
  return {
    get text() {
      return seen.values.map(textOf).join('');
    },
    get end() {
      return typeof seen.end === 'string' ? seen.end : 'error';
    },
  };
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}
