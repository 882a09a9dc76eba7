import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { ask } from '../examples/ask.js';
import { cftpsGet, withFtp } from '../examples/ftp.js';
import { bytesOf, decodeWith, textOf } from '../test/decode.js';
import { converse, decode, frames } from '../test/tables.js';
import type { Command } from './command.js';
import { csq } from './commands/radio.js';
import { cipSend } from './commands/sending.js';
import { joinChunks } from './decoder/bytes.js';
import { isAtError } from './errors.js';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

describe('the code in the README is what is run here', () => {
  test('each block is the file that it names', () => {
    const blocks = [...readme.matchAll(/<!-- (.+) -->\n```ts\n([\s\S]*?)```/g)];
    expect(blocks.map(([, file]) => file)).toEqual([
      'examples/listen.ts',
      'examples/ask.ts',
      'examples/ftp.ts',
    ]);
    for (const [, file = '', code] of blocks) expect(code).toBe(readFileSync(join(folder, file), 'utf8'));
    expect(readme.match(/```ts/g)).toHaveLength(blocks.length);
  });

  test('listening along', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await import('../examples/listen.js');
    expect(log.mock.calls).toEqual([
      ['+CLIENT', { link: 0, server: 1, host: '192.168.108.5', port: 57_202 }],
      ['+IPD', { length: 8 }],
      ['5 bytes, 3 to come'],
      ['3 bytes, 0 to come'],
      ['+IPCLOSE', { link: 0, reason: 1 }],
    ]);
    log.mockRestore();
  });

  test('running commands', () => {
    expect(answered(csq(), '\r\n+IPCLOSE: 0,1\r\n\r\n+CSQ: 23,0\r\n\r\nOK\r\n')).toEqual({
      sent: 'AT+CSQ\r',
      outcome: { rssi: 23, ber: 0 },
    });
    expect(
      answered(cipSend({ link: 0, bytes: bytesOf('hi') }), '\r\n>\r\nOK\r\n\r\n+CIPSEND: 0,2,2\r\n'),
    ).toEqual({ sent: 'AT+CIPSEND=0,2\rhi', outcome: { requested: 2, confirmed: 2 } });
    expect(isAtError(answered(csq(), '\r\nERROR\r\n').outcome, 'REFUSED')).toBe(true);
  });
});

describe('a command, a URC and a block of one’s own', () => {
  const chunks = ['\r\nOK\r\n+CFTPSGET: 0\r\n', 'second'];
  const printed = [
    frames('OK'),
    ...chunks.map((chunk) => `\r\n+CFTPSGET: DATA,${chunk.length}\r\n${chunk}`),
    frames('+CFTPSNOTIFY: PEER CLOSED', '+CFTPSGET: 0'),
  ].join('');

  test('are written in less than 30 lines', () => {
    const lines = readFileSync(join(folder, 'examples/ftp.ts'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThan(30);
  });

  test('fetch a file, opaque and in order, with the URC left to others', () => {
    const { settled, foreign } = converse(cftpsGet({ path: 'fw.bin' }), printed, withFtp);
    expect(settled?.ok && textOf(joinChunks(settled.value))).toBe(chunks.join(''));
    expect(foreign).toEqual(['+CFTPSNOTIFY: PEER CLOSED']);
    expect(cftpsGet({ path: 'fw.bin' }).text).toBe('AT+CFTPSGET="fw.bin"');
  });

  test('are told by the decoder however the bytes are cut', () => {
    expect(decode(printed, {}, withFtp)).toEqual([
      'result OK',
      `text +CFTPSGET: DATA,${chunks[0]?.length}`,
      `payload ${chunks[0]}`,
      'text +CFTPSGET: DATA,6',
      'payload second',
      'urc +CFTPSNOTIFY: PEER CLOSED',
      'text +CFTPSGET: 0',
    ]);
  });

  test('fail and refuse like the others', () => {
    const { settled } = converse(cftpsGet({ path: 'fw.bin' }), frames('OK', '+CFTPSGET: 9'), withFtp);
    expect(settled).toMatchObject({ ok: false, error: { number: 9 } });
    expect(() => cftpsGet({ path: 'a"\r' })).toThrow('path must be');
    expect(decodeWith(withFtp, [bytesOf(frames('+CFTPSGET: DATA,65537'))])[0]?.kind).toBe('noise');
  });
});

/** What `ask` sends when the module prints `text` to the command, and what it comes to. */
function answered<R>(command: Command<R>, text: string): { sent: string; outcome: R | Error | undefined } {
  let sent = '';
  let outcome: R | Error | undefined;
  let hear = (_: Uint8Array): void => {};
  const port = {
    write: (bytes: Uint8Array) => {
      sent += textOf(bytes);
    },
    onBytes: (listener: typeof hear) => {
      hear = listener;
    },
  };
  ask(port, command, (ended) => {
    outcome = ended;
  });
  hear(bytesOf(text));
  return { sent, outcome };
}
