import { complete, help, hexadecimal } from '@a7600/diagnostics/terminal';
import { describe, expect, test } from 'vitest';
import { programWith } from '../../test/program.js';

const typed = (...lines: string[]) =>
  programWith({ input: lines.map((line) => `${line}\n`).join('') }, 'term', '--emulated');

test('sends what is typed, and ends with the input', async () => {
  const { code, output } = await typed('AT+CSQ', 'at+creg?');
  expect(code).toBe(0);
  expect(output).toBe(
    '+CSQ: 23,0\nOK\n  -67 dBm, excellent\n+CREG: 0,1\nOK\n  registered in the home network\n',
  );
});

test('explains what was refused, and goes on; the exit code says it', async () => {
  const { code, output } = await typed('AT+NONE', 'AT');
  expect(code).toBe(1);
  expect(output).toContain('ERROR\n  AT+NONE failed: the module gave no reason');
  expect(output).toMatch(/OK\n$/);
});

test('what is no command is not sent', async () => {
  expect((await typed('CSQ')).output).toContain('"CSQ" does not begin with AT');
});

test('exit ends it', async () => {
  expect((await typed('exit', 'AT+CSQ')).output).toBe('');
});

test('payload, as text and in hexadecimal', async () => {
  const { output } = await typed('AT+CMGF=1', 'AT+CMGS="+12025550123"', 'hello', 'hex 1a', 'AT+CSQ');
  expect(output).toMatch(/\+CMGS: \d+\nOK\n/);
  expect(output).toContain('+CSQ: 23,0');
});

describe('completion and help come from the descriptors', () => {
  test('completes a command and its forms', () => {
    expect(complete('AT+CGDC')[0]).toEqual(['AT+CGDCONT', 'AT+CGDCONT?', 'AT+CGDCONT=?']);
    expect(complete('at+netop')[0]).toEqual(['AT+NETOPEN', 'AT+NETOPEN?']);
  });

  test('says where a command is described', () => {
    expect(help('AT+CIPOPEN=0,"TCP"').join('\n')).toContain('application note, section 3.2.1');
    expect(help('AT+NOBODYKNOWS')).toEqual([expect.stringContaining('does not describe')]);
  });
});

test('hexadecimal payload', () => {
  expect(hexadecimal('hex 48 65:6c')).toEqual(Uint8Array.of(0x48, 0x65, 0x6c));
  expect(hexadecimal('hexagon')).toBeUndefined();
  expect(() => hexadecimal('hex 4')).toThrow(/no whole bytes/);
});
