import { PassThrough } from 'node:stream';
import type { Shown, TerminalLine } from '@a7600/diagnostics/terminal';
import { lastValueFrom, NEVER, of } from 'rxjs';
import { expect, test } from 'vitest';
import { consoleOf } from '../console.js';
import { ExitCode } from '../exit-code.js';
import { terminal } from './terminal.js';

const ANSWERS: Readonly<Record<string, Shown>> = {
  AT: { kind: 'answer', text: 'OK' },
  'AT+CSQ': { kind: 'error', text: 'AT+CSQ was not answered.', code: 'TIMEOUT' },
  'AT+NONE': { kind: 'error', text: 'AT+NONE failed.' },
};
const line: TerminalLine = {
  wants: 'command',
  command: (text) => of(ANSWERS[text] ?? { kind: 'answer', text }),
  payload: () => NEVER,
  leaveData: () => NEVER,
  others$: NEVER,
};

test.each([
  [['AT'], ExitCode.Done],
  [['AT', 'AT+CSQ', 'AT+NONE', 'AT'], ExitCode.Module],
  [['AT+NONE', 'AT+CSQ'], ExitCode.Refused],
  [['no command'], ExitCode.Refused],
])('a script of %j ends with %i', async (lines, code) => {
  const input = new PassThrough();
  input.end(lines.map((text) => `${text}\n`).join(''));
  const silent = { write: () => true };
  const console = consoleOf({ output: silent, messages: silent, env: {}, json: false, quiet: true });
  expect(await lastValueFrom(terminal(line, input as unknown as NodeJS.ReadStream, console))).toBe(code);
});
