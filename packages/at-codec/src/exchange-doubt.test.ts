import { describe, expect, test } from 'vitest';
import { bytesOf, decodeWith, type Told } from '../test/decode.js';
import { a7600 } from './a7600.js';
import { cipRxGet } from './commands/receiving.js';
import { cipSend } from './commands/sending.js';
import { exchange } from './exchange.js';

const decode = (text: string, told?: Told) => decodeWith(a7600, [bytesOf(text)], told);
const take = () => exchange(cipRxGet.take({ link: 0 }));
/** Feeds lines that the module prints, `since` ms after a refusal. */
function hear(conversation: ReturnType<typeof take>, text: string, since: number): void {
  for (const event of decode(text)) conversation.offer(event, since);
}

describe('an ERROR without a reason, right after a refusal', () => {
  test('may be printed twice: it counts only when nothing else comes', () => {
    const asked = take();
    const before = asked.timeLimit;
    hear(asked, '\r\nERROR\r\n', 199);
    expect([asked.phase, asked.settled]).toEqual(['answer', undefined]);
    expect(asked.timeLimit).not.toBe(before);
    expect(asked.timeLimit.ms).toBe(5_000);
    expect(asked.expire(new Error('not answered'))).toBe(true);
    expect(asked.settled).toMatchObject({ ok: false, error: { code: 'REFUSED' } });
  });

  test('is forgotten when the answer comes after it', () => {
    const asked = take();
    hear(asked, '\r\nERROR\r\n', 0);
    hear(asked, '\r\nERROR\r\n', 5_000);
    hear(asked, '\r\n+CIPRXGET: 2,0,1,0\r\nx\r\nOK\r\n', 5_000);
    expect(asked.settled).toMatchObject({ ok: true, value: { rest: 0 } });
  });

  test('counts at once when the last refusal is long enough ago, or a reason stands before it', () => {
    const late = take();
    hear(late, '\r\nERROR\r\n', 200);
    const explained = take();
    hear(explained, '\r\n+IP ERROR: No data\r\n\r\nERROR\r\n', 0);
    expect([late.phase, explained.phase]).toEqual(['done', 'done']);
  });
});

describe('the time that an exchange names', () => {
  test('is short until the module accepts a command whose outcome comes later, then the command’s own', () => {
    const sending = exchange(cipSend({ link: 0, bytes: Uint8Array.of(1) }));
    expect(sending.timeLimit.ms).toBe(15_000);
    const atFirst = sending.timeLimit;
    for (const event of decode('\r\n>', { prompt: true })) sending.offer(event);
    expect(sending.timeLimit).not.toBe(atFirst);
    expect(sending.timeLimit.ms).toBe(15_000);
    for (const event of decode('\r\nOK\r\n')) sending.offer(event);
    expect([sending.phase, sending.timeLimit.ms]).toEqual(['outcome', sending.command.timeout]);
  });

  test('is 2 s for the result after an outcome that came before it', () => {
    const sending = exchange(cipSend({ link: 0, bytes: Uint8Array.of(1) }));
    for (const event of decode('\r\n>', { prompt: true })) sending.offer(event);
    for (const event of decode('\r\n+CIPSEND: 0,1,1\r\n')) sending.offer(event);
    expect([sending.phase, sending.timeLimit.ms]).toEqual(['answer', 2_000]);
  });
});
