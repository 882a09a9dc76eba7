import { describe, expect, test } from 'vitest';
import { bytesOf, decodeWith, type Told } from '../test/decode.js';
import { a7600 } from './a7600.js';
import { command, plainLine } from './command.js';
import { at } from './commands/general.js';
import { netOpen } from './commands/network.js';
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

  test('counts at once for a command that answers with its result alone', () => {
    const asked = exchange(at());
    for (const event of decode('\r\nERROR\r\n')) asked.offer(event, 0);
    expect([asked.phase, asked.settled?.ok]).toEqual(['done', false]);
  });

  test('does not prolong the doubt when it is printed again', () => {
    const asked = take();
    hear(asked, '\r\nERROR\r\n', 0);
    const doubted = asked.timeLimit;
    hear(asked, '\r\nERROR\r\n', 0);
    expect(asked.timeLimit).toBe(doubted);
  });

  test('ends the conversation when it counts: what comes then is not its answer', () => {
    const asked = take();
    hear(asked, '\r\nERROR\r\n', 0);
    asked.expire(new Error('not answered'));
    expect(asked.phase).toBe('done');
    const [line] = decode('\r\n+CIPRXGET: 2,0,0,0\r\n');
    expect(asked.offer(line as NonNullable<typeof line>)).toBe(false);
    expect(asked.settled).toMatchObject({ ok: false, error: { code: 'REFUSED' } });
  });
});

describe('the time that an exchange names', () => {
  test.each([
    ['its own for a command that answers at once', at(), at().timeout],
    ['15 s for one whose outcome comes later', netOpen(), 15_000],
    ['15 s for one that asks for payload', command(plainLine('AT+X=1'), { payload: bytesOf('x') }), 15_000],
  ])('is %s', (_, asked, ms) => {
    expect(exchange(asked).timeLimit).toEqual({ ms });
  });

  test('begins again when a line shows that a doubtful ERROR was an earlier command’s, and not with other lines', () => {
    const asked = take();
    const [echo, line] = decode('AT+CIPRXGET=2,0,1500\r\r\n+CIPRXGET: 2,0,1,0\r\nx');
    const before = asked.timeLimit;
    asked.offer(echo as NonNullable<typeof echo>);
    expect(asked.timeLimit).toBe(before);
    hear(asked, '\r\nERROR\r\n', 0);
    expect(asked.offer(line as NonNullable<typeof line>)).toBe(true);
    expect(asked.timeLimit).toEqual({ ms: 15_000 });
  });

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

  test('is the command’s own after the prompt where no outcome follows: a message is sent', () => {
    const line = plainLine('AT+CMGS="123"');
    const sending = exchange(command(line, { payload: bytesOf('x\x1a'), timeout: 60_000 }));
    expect(sending.timeLimit.ms).toBe(15_000);
    for (const event of decode('\r\n> ', { prompt: true })) sending.offer(event);
    expect(sending.timeLimit.ms).toBe(60_000);
  });

  test('is 2 s for the result after an outcome that came before it', () => {
    const sending = exchange(cipSend({ link: 0, bytes: Uint8Array.of(1) }));
    for (const event of decode('\r\n>', { prompt: true })) sending.offer(event);
    for (const event of decode('\r\n+CIPSEND: 0,1,1\r\n')) sending.offer(event);
    expect([sending.phase, sending.timeLimit.ms]).toEqual(['answer', 2_000]);
  });
});
