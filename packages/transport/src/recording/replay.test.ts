import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { bytesOf, recorded, textOf } from '../../test/recorded.js';
import type { ByteLink } from '../byte-link.js';
import { replay } from './replay.js';

const file = (...lines: (readonly [at: number, way: 'sent' | 'received', text: string])[]) =>
  [
    { format: 'a7600-recording', version: 1, redacted: true },
    ...lines.map(([at, way, shown]) => ({ at, way, text: shown })),
  ]
    .map((line) => JSON.stringify(line))
    .join('\n');

/** Opens a recording and collects what its device says. */
function play(source: string, options: Parameters<typeof replay>[1] = {}) {
  const seen = { text: '', error: '' };
  let link: ByteLink | undefined;
  const subscription = replay(source, options).subscribe({
    next(opened) {
      link = opened;
      opened.received$.subscribe({ next: (chunk) => (seen.text += textOf(chunk)), error: () => {} });
    },
    error: (error: Error) => (seen.error = error.message),
  });
  const send = (data: string) => link?.write(bytesOf(data)).subscribe({ error: () => {} });
  return { seen, send, subscription };
}

describe('replay', () => {
  test('says what the device said once the host has sent what it had sent', () => {
    const { seen, send } = play(
      file([0, 'received', '\r\nRDY\r\n'], [5, 'sent', 'AT\r'], [9, 'received', '\r\nOK\r\n']),
    );
    expect(seen.text).toBe('\r\nRDY\r\n');
    send('A');
    expect(seen.text).toBe('\r\nRDY\r\n');
    send('T\r');
    expect(seen.text).toBe('\r\nRDY\r\n\r\nOK\r\n');
    expect(seen.error).toBe('');
  });

  test('keeps the pauses, at any speed', () => {
    const scheduler = new VirtualTimeScheduler();
    const source = file([0, 'sent', 'AT\r'], [1_000, 'received', 'a'], [3_000, 'received', 'b']);
    const { seen, send } = play(source, { speed: 10, scheduler });
    const times: string[] = [];
    send('AT\r');
    for (const at of [99, 101, 299, 301]) scheduler.schedule(() => times.push(seen.text), at);
    scheduler.flush();
    expect(times).toEqual(['', 'a', 'a', 'ab']);
    expect(seen.text).toBe('ab');
  });

  test('a host that does not wait gets to hear the rest at once', () => {
    const scheduler = new VirtualTimeScheduler();
    const source = file(
      [0, 'sent', 'AT\r'],
      [1_000, 'received', 'OK'],
      [2_000, 'sent', 'ATI\r'],
      [2_001, 'received', 'I'],
    );
    const { seen, send } = play(source, { speed: 1, scheduler });
    send('AT\rATI\r');
    expect(seen.text).toBe('OK');
    scheduler.flush();
    expect(seen.text).toBe('OKI');
  });

  test('a difference loses the link and names the line', () => {
    const { seen, send } = play(file([0, 'sent', 'AT+CSQ\r'], [1, 'received', 'OK']));
    send('AT+CREG?\r');
    expect(seen.error).toMatch(/differs at line 2 .*expected "SQ\\r", it sent "REG\?\\r"/);
  });

  test('sending more than was recorded is a difference', () => {
    const { seen, send } = play(file([0, 'sent', 'AT\r']));
    send('AT\rAT\r');
    expect(seen.error).toMatch(/The recording ends at line 2, and the host went on: it sent "AT\\r"/);
  });

  test.each([
    ['nothing', [], true],
    ['a part of its answer', ['\r\n+CSQ: 20,0\r\n'], true],
    ['its answer', ['\r\n+CSQ: 20,0\r\n', '\r\nOK\r\n'], false],
    ['a refusal', ['\r\n+CME ERROR: 10\r\n'], false],
    ['the prompt', ['\r\n> '], false],
  ] as const)('a recording that ends after a command and %s', (_, answers, isCut) => {
    const scheduler = new VirtualTimeScheduler();
    const source = file([0, 'sent', 'AT+CSQ\r'], ...answers.map((text) => [1, 'received', text] as const));
    const { seen, send } = play(source, { scheduler, endTimeout: 5_000 });
    send('AT+CSQ\r');
    scheduler.maxFrames = 4_999;
    scheduler.flush();
    expect(seen.error).toBe('');
    scheduler.maxFrames = 10_000;
    scheduler.flush();
    expect(seen.error).toBe(
      isCut
        ? `The recording ends at line ${2 + answers.length}, after a command without its answer: what the host waits for is not in it.`
        : '',
    );
  });

  test('what was removed may be anything, and is dots when the device says it', () => {
    const { seen, send } = play(file([0, 'sent', 'AT+CPIN=████\r'], [1, 'received', '██K']));
    send('AT+CPIN=9876\r');
    expect(seen).toEqual({ text: '..K', error: '' });
  });

  test('what record wrote can be replayed', () => {
    const { sends, prints, finish } = recorded();
    sends('AT+CIPSEND=0,3\r');
    prints('\r\n>');
    sends('a\rb');
    prints('\r\nOK\r\n\r\n+CIPSEND: 0,3,3\r\n');
    const { seen, send } = play(finish());
    send('AT+CIPSEND=0,3\r');
    send('x\ny');
    expect(seen).toEqual({ text: '\r\n>\r\nOK\r\n\r\n+CIPSEND: 0,3,3\r\n', error: '' });
  });

  test.each([
    ['', /Line 1 .* no JSON/],
    ['{"format":"something"}', /Line 1 .* does not begin like a recording/],
    ['{"format":"a7600-recording","version":9}', /version 9; this release reads up to 1/],
    [`${file([0, 'sent', 'AT\r'])}\n{"at":1,"way":"recei`, /Line 3 .* cut off/],
    [`${file()}\n\n{"at":1}`, /Line 3 .* no time, way and text/],
  ])('damage is told with its line: %s', (source, message) => {
    expect(play(source).seen.error).toMatch(message);
  });
});
