import { concat, lastValueFrom, NEVER, of, Subject, scan, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { ByteLink } from './byte-link.js';
import { linkPair } from './link-pair.js';
import { through } from './through.js';

function watched(link: ByteLink, source = of('ask') as Parameters<ReturnType<typeof through>>[0]) {
  const seen: string[] = [];
  const subscription = source.pipe(through(link)).subscribe({
    next: (bytes) => seen.push(new TextDecoder().decode(bytes)),
    error: (error: Error) => seen.push(`error: ${error.message}`),
    complete: () => seen.push('complete'),
  });
  return { seen, unsubscribe: () => subscription.unsubscribe() };
}

describe('through', () => {
  test('writes what the source emits and emits what comes back', async () => {
    const [link, far] = linkPair();
    far.received$.subscribe((bytes) => {
      far.write(bytes.map((byte) => byte - 32)).subscribe();
      far.close().subscribe();
    });
    const text$ = of('hello').pipe(
      through(link),
      scan((text, bytes) => text + new TextDecoder().decode(bytes), ''),
    );
    expect(await lastValueFrom(text$)).toBe('HELLO');
  });

  test('goes on receiving when the source is complete, and closes nothing', () => {
    const [link, far] = linkPair();
    far.received$.subscribe();
    const { seen, unsubscribe } = watched(link);
    far.write('one').subscribe();
    unsubscribe();
    far.write('two').subscribe();
    link.received$.subscribe((bytes) => seen.push(`later: ${new TextDecoder().decode(bytes)}`));
    expect(seen).toEqual(['one', 'later: two']);
  });

  test('errors once when the link is lost with a write under way', () => {
    const [link, far] = linkPair();
    const { seen } = watched(link, concat(of('a', 'b'), NEVER));
    far.lose(new Error('unplugged'));
    expect(seen).toEqual(['error: unplugged']);
  });

  test('emits what was received before a write fails because the other side closed', () => {
    const [link, far] = linkPair();
    const source = new Subject<string>();
    link.pause();
    const { seen } = watched(link, source);
    far.write('refused: busy').subscribe();
    far.close().subscribe();
    link.resume();
    source.next('too late');
    expect(seen[0]).toBe('refused: busy');
    expect(seen.slice(1)).toEqual(['complete']);
  });

  test('passes on the error of the source, and of an argument', () => {
    const [link, far] = linkPair();
    far.received$.subscribe();
    expect(
      watched(
        link,
        throwError(() => new Error('the source')),
      ).seen,
    ).toEqual(['error: the source']);
    expect(watched(link, of(5) as never).seen[0]).toMatch(/error: write\(\) needs/);
  });
});
