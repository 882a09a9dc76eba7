import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulator } from '@a7600/testing';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { held } from '../../../../packages/tcpip/test/online.js';
import { program } from '../../test/program.js';
import { recorded } from '../../test/recorded.js';
import { attach } from '../shared-line/attach.js';
import { socketFolder } from '../shared-line/places.js';
import { sharedLine } from '../shared-line/shared-line.js';

let open = new Subscription();
let folder = '';
const runtime = process.env;
beforeEach(() => {
  open = new Subscription();
  folder = mkdtempSync(join(tmpdir(), 'a7600-'));
  Object.assign(runtime, { XDG_RUNTIME_DIR: folder });
});
afterEach(() => {
  open.unsubscribe();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test('converts a recording, redacted or not', async () => {
  for (const redact of [true, false]) {
    const life = new Subscription();
    const module = await recorded(life, {}, { redact });
    await module.close();
    const to = join(folder, `${redact}.pcapng`);
    expect(await program('capture', '--from', file('recording', module.text()), to)).toMatchObject({
      code: 0,
      messages: `Wrote ${to}. Wireshark and tshark read it.\n`,
    });
    const bytes = readFileSync(to);
    expect(bytes.readUInt32LE(0)).toBe(0x0a0d0d0a);
    expect(bytes.includes('Some of these bytes were removed')).toBe(redact);
    expect(bytes.includes('+NETOPEN')).toBe(true);
  }
});

test.each([
  ['no recording', 'hello\n', /Line 1 of the recording is no JSON/],
  ['another JSON file', '{}\n', /does not begin like a recording/],
  ['a newer recording', '{"format":"a7600-recording","version":2}\n', /of version 2/],
  [
    'a cut recording',
    '{"format":"a7600-recording","version":1}\n{"at":1,"wa',
    /Line 2 of the recording is no JSON/,
  ],
  [
    'a damaged recording',
    '{"format":"a7600-recording","version":1}\n{"at":1}\n',
    /Line 2 .* no time, way and text/,
  ],
])('%s is refused, and nothing is written', async (_, text, message) => {
  const to = join(folder, 'out');
  const { code, messages } = await program('capture', '--from', file('recording', text), to);
  expect(code).toBe(2);
  expect(messages).toMatch(message);
  expect(() => statSync(to)).toThrow('ENOENT');
});

test('a file that cannot be written is named with its option', async () => {
  const { code, messages } = await program('at', '--emulated', '--capture', join(folder, 'none', 'x'), 'AT');
  expect(code).toBe(2);
  expect(messages).toMatch(/^Cannot write .*none\/x \(--capture\): its folder does not exist/);
});

describe('the local socket of a running program', () => {
  test('is for its user alone, shows what passes, and goes with the link', async () => {
    const link = await held(open, emulator().pipe(sharedLine()));
    link.received$.subscribe();
    const place = socketFolder();
    expect(statSync(place as string).mode & 0o777).toBe(0o700);
    const texts: string[] = [];
    let isOver = false;
    const attached = await held(new Subscription(), attach());
    expect(Math.abs(attached.startedAt - Date.now())).toBeLessThan(60_000);
    const seen = new Promise<void>((resolve) => {
      attached.entries$.subscribe({
        next: ({ text }) => {
          texts.push(text);
          if (text.includes('OK')) resolve();
        },
        complete: () => {
          isOver = true;
        },
      });
    });
    link.write('AT\r').subscribe();
    await seen;
    expect(texts.slice(0, 2)).toEqual(['AT\r', 'AT\r\r\n']);
    open.unsubscribe();
    while (!isOver) await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => attach().subscribe({ complete: () => resolve() }));
  });
});
