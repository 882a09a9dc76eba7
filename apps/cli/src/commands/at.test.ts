import { expect, test } from 'vitest';
import { program } from '../../test/program.js';

test('prints the answer as the module writes it, and below it what it means', async () => {
  const { code, output } = await program('at', '--emulated', 'AT+CSQ', 'AT+NETOPEN', 'AT+NETOPEN?');
  expect(code).toBe(0);
  expect(output).toBe(
    'AT+CSQ\n+CSQ: 23,0\nOK\n  -67 dBm, excellent\n' +
      'AT+NETOPEN\nOK\n+NETOPEN: 0\n' +
      'AT+NETOPEN?\n+NETOPEN: 1\nOK\n  the network is open\n',
  );
});

test('ends at the first command that fails, with 1; --keep-going sends the others', async () => {
  const stopped = await program('at', '--emulated', 'AT+NONE', 'AT+CSQ');
  expect(stopped).toMatchObject({ code: 1, output: 'AT+NONE\nERROR\n' });
  expect(stopped.messages).toContain('AT+NONE failed: the module gave no reason');
  const kept = await program('at', '--emulated', '--keep-going', 'AT+NONE', 'AT+CSQ');
  expect(kept.code).toBe(1);
  expect(kept.output).toContain('+CSQ: 23,0');
});

test('a result that comes after OK counts', async () => {
  const { code, output } = await program('at', '--emulated', 'AT+CIPOPEN=0,"TCP","127.0.0.1",1');
  expect(code).toBe(1);
  expect(output).toContain('+CIPOPEN: 0,');
});

test('a command that asks for payload is called off', async () => {
  const { code, messages } = await program('at', '--emulated', 'AT+CMGF=1', 'AT+CMGS="+12025550123"');
  expect(code).toBe(1);
  expect(messages).toContain('asks for payload');
});

test('what is no command line is not sent', async () => {
  const { code, output, messages } = await program('at', '--emulated', 'AT', 'CSQ');
  expect({ code, output }).toEqual({ code: 2, output: '' });
  expect(messages).toContain('"CSQ" is no command line');
});
