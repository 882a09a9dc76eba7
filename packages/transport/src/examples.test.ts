import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { afterEach, expect, test, vi } from 'vitest';
import { print } from '../examples/loops.js';
import { ask, connect, copy, watched } from '../examples/operators.js';
import { recorded, replayed } from '../examples/recordings.js';
import { linkOfStream, linkOfStreams, nodeStream } from '../examples/streams.js';
import { linkPair, type Transport } from './index.js';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const portOver = (link: ReturnType<typeof linkPair>[0]): Transport =>
  new Observable((subscriber) => {
    subscriber.next(link);
    return () => link.close().subscribe();
  });

afterEach(() => vi.restoreAllMocks());

test('a pair in memory', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import('../examples/memory.js');
  expect(log.mock.calls.flat()).toEqual([
    '3 bytes',
    expect.stringMatching(/^16 bytes after 4\d/),
    expect.stringMatching(/^16 bytes after 4\d/),
  ]);
});

test('ports: nothing is opened before a subscription', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  const { a7600$, fast$ } = await import('../examples/ports.js');
  expect([a7600$, fast$].every((port) => port instanceof Observable)).toBe(true);
});

test('operators', () => {
  const [host, device] = linkPair();
  device.received$.subscribe({
    next: (bytes) => device.write(`echo ${text(bytes)}`).subscribe(),
    error: () => {},
  });
  const answers: string[] = [];
  const asked = ask(host, 'AT').subscribe({ next: (bytes) => answers.push(text(bytes)), error: () => {} });
  expect(answers).toEqual(['echo AT']);
  asked.unsubscribe();

  const [[a, left], [b, right]] = [linkPair(), linkPair()];
  const lines: string[] = [];
  connect(a, b, (line) => lines.push(line));
  right.received$.subscribe({ error: () => {} });
  left.write('12345').subscribe();
  left.close().subscribe();
  expect(lines).toEqual(['5 there, 0 back; a ended (remote)']);

  const [[from, source], [to, sink]] = [linkPair(), linkPair()];
  const sizes: number[] = [];
  copy(from, to).subscribe((size) => sizes.push(size));
  sink.received$.subscribe();
  source.write('1234567').subscribe();
  expect(sizes).toEqual([7]);

  const [port, far] = linkPair();
  const counts: number[] = [];
  const open = watched(portOver(port), (size) => counts.push(size)).subscribe((link) =>
    link.received$.subscribe(),
  );
  far.write('123').subscribe();
  open.unsubscribe();
  expect(counts).toEqual([3]);
});

test('a recording is replayed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'a7600-example-'));
  const file = join(folder, 'session.jsonl');
  const [host, device] = linkPair();
  device.received$.subscribe({ next: () => device.write('\r\nOK\r\n').subscribe(), error: () => {} });
  const talk = (port: Transport) =>
    new Promise<string>((resolve, reject) => {
      let heard = '';
      port.subscribe({
        next(link) {
          link.received$.subscribe({
            next: (bytes) => {
              heard += text(bytes);
              if (heard.endsWith('OK\r\n')) link.close().subscribe({ complete: () => resolve(heard) });
            },
            error: reject,
          });
          link.write('AT\r').subscribe({ error: reject });
        },
        error: reject,
      });
    });
  expect(await talk(recorded(portOver(host), file))).toBe('\r\nOK\r\n');
  expect(await talk(replayed(file))).toBe('\r\nOK\r\n');
  rmSync(folder, { recursive: true });
});

test('a loop ends when the signal aborts', async () => {
  const [host, device] = linkPair();
  const abort = new AbortController();
  const shown: string[] = [];
  const loop = print(portOver(host), abort.signal, (bytes) => {
    shown.push(text(bytes));
    abort.abort();
  });
  device.write('hello').subscribe();
  await loop.catch(() => {});
  expect(shown).toEqual(['hello']);
});

test('streams carry the same bytes', async () => {
  const [host, device] = linkPair();
  const link = linkOfStreams(linkOfStream(nodeStream(host)));
  const heard = new Promise<string>((resolve) => link.received$.subscribe((bytes) => resolve(text(bytes))));
  device.write('through').subscribe();
  expect(await heard).toBe('through');
});
