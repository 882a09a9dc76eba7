import { describe, expect, test } from 'vitest';
import { bytesOf, decodeWith } from '../test/decode.js';
import { converse, failed, frames, linesOf, value } from '../test/tables.js';
import { a7600 } from './a7600.js';
import { type Command, command, plainLine } from './command.js';
import { ato, isDialling } from './commands/general.js';
import { cipClose, cipOpen } from './commands/links.js';
import { netOpen } from './commands/network.js';
import { csq } from './commands/radio.js';
import { cipRxGet } from './commands/receiving.js';
import { cipSend } from './commands/sending.js';
import type { AtEvent } from './decoder/events.js';
import { exchange } from './exchange.js';

const send = () => cipSend({ link: 0, bytes: bytesOf('hello') });
const late = new Error('late');

/** The conversation about `command` after `text`, which may go on. */
function heard<R>(
  command: Parameters<typeof exchange<R>>[0],
  text: string,
  prompt = command.payload !== undefined,
) {
  const conversation = exchange(command);
  for (const event of decodeWith(a7600, [bytesOf(text)], { prompt })) conversation.offer(event);
  return conversation;
}

describe('what comes when the conversation has ended', () => {
  test('changes nothing', () => {
    const conversation = heard(csq(), frames('+CSQ: 20,0', 'OK'));
    conversation.fail(late);
    conversation.expire(late);
    expect(conversation.settled).toEqual({ ok: true, value: { rssi: 20, ber: 0 } });
    for (const line of linesOf(frames('+CSQ: 1,0'))) expect(conversation.offer(line)).toBe(false);
    expect(conversation.phase).toBe('done');
  });
});

describe('no more is expected', () => {
  test('after OK, the outcome is missing: the command fails', () => {
    const conversation = heard(netOpen(), frames('OK'));
    expect([conversation.phase, conversation.hasOutcome]).toEqual(['outcome', false]);
    conversation.expire(late);
    expect(conversation.settled).toMatchObject({ ok: false, error: late });
  });

  test('after the outcome, OK is missing: the outcome decides', () => {
    const good = heard(netOpen(), frames('+NETOPEN: 0'));
    expect([good.phase, good.hasOutcome]).toEqual(['answer', true]);
    good.expire(late);
    expect(good.settled).toEqual({ ok: true, value: undefined });
    const bad = heard(netOpen(), frames('+NETOPEN: 1'));
    bad.expire(late);
    expect(bad.settled).toMatchObject({ ok: false, error: { code: 'SOCKET_ERROR', number: 1 } });
  });

  test('after a line, OK is missing: the command fails', () => {
    const conversation = heard(csq(), frames('+CSQ: 20,0'));
    conversation.expire(late);
    expect(conversation.settled).toMatchObject({
      ok: false,
      error: late,
      answer: { lines: [{ name: '+CSQ' }] },
    });
  });

  test.each([
    ['no byte of the block', '\r\n+CIPRXGET: 2,0,5,0\r\n', 'FRAMING_LOST'],
    ['a part of the block', '\r\n+CIPRXGET: 2,0,5,0\r\nhel', 'FRAMING_LOST'],
    ['OK as the end of the block', '\r\n+CIPRXGET: 2,0,9,0\r\nhel\r\nOK\r\n', 'FRAMING_LOST'],
    ['OK without its line end', '\r\n+CIPRXGET: 2,0,7,0\r\nhel\r\nOK', 'FRAMING_LOST'],
    ['ERROR', '\r\n+CIPRXGET: 2,0,12,0\r\nhel\r\nERROR\r\n', 'FRAMING_LOST'],
    ['OK and a URC', '\r\n+CIPRXGET: 2,0,18,0\r\nhel\r\nOK\r\n\r\nRING\r\nX', 'FRAMING_LOST'],
  ])('a read that ends with %s', (_, text, code) => {
    const conversation = heard(cipRxGet.take({ link: 0 }), text);
    conversation.expire(late);
    expect(conversation.settled).toMatchObject({
      ok: false,
      error: { code, link: 0, command: 'AT+CIPRXGET=2,0,1500', cause: late },
    });
  });

  test.each(['OKAY\r\n', 'hello', 'x OK\r\n', '\r\nOK?'])('a block that ends with %j is complete', (end) => {
    const conversation = heard(cipRxGet.take({ link: 0 }), `\r\n+CIPRXGET: 2,0,${end.length},0\r\n${end}`);
    conversation.expire(late);
    expect(conversation.settled).toMatchObject({ ok: true });
  });
});

describe('an overrun', () => {
  test('fails the read whose block it is, at once', () => {
    expect(
      converse(cipRxGet.take({ link: 0 }), '\r\n+CIPRXGET: 2,0,9,0\r\nhello\r\n\r\nOK\r\n'),
    ).toMatchObject({
      phase: 'done',
      settled: { ok: false, error: { code: 'FRAMING_LOST' } },
      foreign: ['OK'],
    });
  });

  test('of another block is left to others', () => {
    const { phase, foreign } = converse(csq(), '\r\n+IPD7\r\nhello\r\n+CREG: 1\r\n');
    expect([phase, foreign]).toEqual(['answer', ['+IPD7', 'payload', 'overrun', '+CREG: 1']]);
  });
});

describe('prompts', () => {
  test('a prompt for a command without payload is left to others', () => {
    const conversation = heard(csq(), '\r\n>', true);
    expect(conversation.prompted).toBe(false);
  });

  test('a second prompt is left to others', () => {
    const conversation = exchange(send());
    const prompt = { kind: 'prompt', raw: bytesOf('>') } as const;
    expect(conversation.prompted).toBe(false);
    expect(conversation.offer(prompt)).toBe(true);
    expect(conversation.prompted).toBe(true);
    expect(conversation.offer(prompt)).toBe(false);
  });

  test('the echo of a payload belongs to the command only after its prompt', () => {
    const conversation = exchange(send());
    const echo = { kind: 'payload-echo', raw: bytesOf('hello') } as const;
    expect(conversation.offer(echo)).toBe(false);
    conversation.offer({ kind: 'prompt', raw: bytesOf('>') });
    expect(conversation.offer(echo)).toBe(true);
  });

  test('a report before the prompt is an earlier one', () => {
    expect(converse(send(), `${frames('+CIPSEND: 0,5,5')}\r\n>${frames('OK', '+CIPSEND: 0,5,4')}`)).toEqual({
      ...value({ requested: 5, confirmed: 4 }),
      foreign: ['+CIPSEND: 0,5,5'],
    });
  });
});

describe('bytes that are no line', () => {
  test.each(['noise', 'data'] as const)('%s is left to others', (kind) => {
    expect(exchange(send()).offer({ kind, raw: bytesOf('x') } as AtEvent)).toBe(false);
  });
});

describe('outcomes', () => {
  test('a second outcome is left to others', () => {
    expect(converse(cipClose({ link: 1 }), frames('+CIPCLOSE: 1,0', '+CIPCLOSE: 1,4', 'OK'))).toEqual({
      ...value(undefined),
      foreign: ['+CIPCLOSE: 1,4'],
    });
  });

  test('a good outcome and then ERROR is a refusal', () => {
    expect(converse(cipClose({ link: 1 }), frames('+CIPCLOSE: 1,0', 'ERROR'))).toMatchObject(
      failed({ code: 'REFUSED', answer: 'ERROR', number: undefined }),
    );
  });

  test('an outcome without a number cannot be read', () => {
    expect(converse(cipOpen({ link: 1, host: 'a.b', port: 1 }), frames('OK', '+CIPOPEN: 1,'))).toMatchObject(
      failed({ code: 'UNREADABLE_ANSWER', link: 1 }),
    );
  });
});

describe('commands that lead to data mode', () => {
  const open = () => cipOpen.transparent({ type: 'TCP', host: 'a.b', port: 1 });

  test('OK and a good outcome are not what was asked for', () => {
    expect(converse(open(), frames('OK', '+CIPOPEN: 0,0'))).toMatchObject(
      failed({ code: 'UNREADABLE_ANSWER' }),
    );
    const conversation = heard(open(), frames('+CIPOPEN: 0,0', 'OK'));
    expect(conversation.phase).toBe('answer');
    conversation.expire(late);
    expect(conversation.settled).toMatchObject({ ok: false, error: { code: 'UNREADABLE_ANSWER' } });
  });

  test('OK alone may belong to something earlier', () => {
    expect(converse(open(), frames('OK'))).toMatchObject({ phase: 'answer' });
    expect(converse(open(), frames('OK', 'CONNECT 115200'))).toMatchObject({
      phase: 'done',
      settled: { ok: true },
    });
    expect(converse(open(), frames('OK', '+CIPOPEN: 0,1'))).toMatchObject(
      failed({ code: 'SOCKET_ERROR', number: 1 }),
    );
  });

  test('CONNECT and NO CARRIER are left to others by every other command', () => {
    expect(converse(csq(), frames('CONNECT', 'NO CARRIER', 'CONNECT FAIL', '+CSQ: 1,0', 'OK'))).toEqual({
      ...value({ rssi: 1, ber: 0 }),
      foreign: ['CONNECT', 'NO CARRIER', 'CONNECT FAIL'],
    });
  });
});

describe('a command that dials', () => {
  const dials = (text: string): Command<void> => ({ ...command(plainLine(text)), dials: true });

  test.each(['OK', 'CONNECT 115200'])('%s is success', (result) => {
    expect(converse(dials('ATD123;'), frames(result))).toMatchObject({ settled: { ok: true } });
  });

  test.each(['NO CARRIER', 'BUSY', 'NO ANSWER', 'NO DIALTONE'])(
    '%s ends it, and is left to others by another command',
    (result) => {
      expect(converse(dials('ATD123'), frames(result))).toMatchObject(failed({ code: 'NO_CARRIER' }));
      expect(converse(csq(), frames(result, '+CSQ: 1,0', 'OK'))).toMatchObject({ foreign: [result] });
    },
  );

  test.each([
    ['ATD123456', true],
    ['atd*99#', true],
    ['ATA', true],
    ['ATO', true],
    ['AT', false],
    ['AT&D1', false],
    ['AT+CPAS', false],
    ['ATE0', false],
  ])('%s: %j', (text, expected) => {
    expect(isDialling(text)).toBe(expected);
  });
});

describe('echoes', () => {
  test('the command line comes back once; a second one is left to others', () => {
    const text = `AT+CSQ\rAT+CSQ\r${frames('+CSQ: 1,0', 'OK')}`;
    expect(converse(csq(), text).foreign).toEqual(['AT+CSQ']);
    expect(heard(csq(), text).echoed).toBe(true);
    expect(heard(csq(), frames('+CSQ: 1,0')).echoed).toBe(false);
    expect(heard(csq(), 'AT+CREG?\r\r\n').echoed).toBe(false);
  });
});

describe('reasons', () => {
  test('the line before ERROR is the reason, and claimed', () => {
    expect(converse(csq(), frames('+IP ERROR: Network not opened', 'ERROR'))).toEqual({
      ...failed({ code: 'IP_ERROR', number: 8, answer: '+IP ERROR: Network not opened / ERROR' }),
      phase: 'done',
      foreign: [],
      settled: expect.objectContaining({ ok: false }),
    });
    expect(converse(send(), frames('+CIPERROR: 4', 'ERROR'))).toMatchObject(
      failed({ code: 'SOCKET_ERROR', number: 4, answer: '+CIPERROR: 4 / ERROR' }),
    );
  });
});

describe('ATO', () => {
  test('OK in answer to it is no connection, and claimed', () => {
    const { settled, foreign } = converse(ato(), frames('OK'));
    expect(settled).toMatchObject({
      ok: false,
      error: { code: 'UNREADABLE_ANSWER', message: 'The module answered OK instead of CONNECT.' },
    });
    expect(foreign).toEqual([]);
  });
});

describe('what comes after OK, while the outcome is to come', () => {
  /** A command of another service: OK, a block, and then its result. */
  const fetching: Command<number> = {
    text: 'AT+HTTPREAD=0,5',
    label: 'AT+HTTPREAD=0,5',
    timeout: 1,
    claims: (line) => line.name === '+HTTPREAD' && line.payloadLength > 0,
    outcome: {
      claims: (line) => line.name === '+HTTPREAD' && line.payloadLength === 0,
      error: (line) => line.int(0),
    },
    read: ({ payload }) => payload.length,
  };

  test('a block is part of the answer', () => {
    expect(converse(fetching, `${frames('OK')}\r\n+HTTPREAD: 5\r\nhello${frames('+HTTPREAD: 0')}`)).toEqual(
      value(1),
    );
  });

  test('an overrun of it fails the command', () => {
    expect(
      converse(fetching, `${frames('OK')}\r\n+HTTPREAD: 7\r\nhello${frames('+HTTPREAD: 0')}`),
    ).toMatchObject({
      settled: { ok: false, error: { code: 'FRAMING_LOST' } },
    });
  });

  test('a block that is not completed leaves the outcome missing', () => {
    const conversation = heard(fetching, `${frames('OK')}\r\n+HTTPREAD: 5\r\nhel`);
    conversation.expire(late);
    expect(conversation.settled).toMatchObject({ ok: false, error: late });
  });

  test('a result is left to others', () => {
    const all: Command<void> = { ...fetching, claims: () => true, read: () => undefined };
    expect(converse(all, frames('OK', 'ERROR', '+HTTPREAD: 0')).foreign).toEqual(['ERROR']);
  });
});
