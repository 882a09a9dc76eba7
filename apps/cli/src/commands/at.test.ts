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

test('what a command takes is no value', async () => {
  const { output } = await program('at', '--emulated', 'AT+CFUN=?', 'AT+CSQ=?');
  expect(output).not.toMatch(/functionality|dBm/);
  expect(output).toMatch(/\+CFUN: .*\nOK\n {2}takes 0 to 1, 4 to 8; /);
  expect(output).toMatch(/\+CSQ: .*\nOK\n {2}takes 0 to 31, 99; /);
});

test('a call that comes to nothing ends its command, and the next answer is that of the next command', async () => {
  const { code, output, messages } = await program(
    ...['at', '--emulated', '--keep-going', 'ATD123456', 'AT+CSQ', 'ATA', 'AT'],
  );
  expect(code).toBe(1);
  expect(output).toBe(
    'ATD123456\nNO CARRIER\nAT+CSQ\n+CSQ: 23,0\nOK\n  -67 dBm, excellent\nATA\nNO CARRIER\nAT\nOK\n',
  );
  expect(messages).toMatch(
    /^ATD123456 failed: there is no connection .*\nATA failed: there is no connection .*\n$/,
  );
});

test('a PIN is not printed, and the person is told where it is seen', async () => {
  for (const json of [[], ['--json']]) {
    const { output, messages } = await program('at', '--emulated', ...json, 'AT+CPIN="4711"');
    expect(output + messages).not.toContain('4711');
    expect(output).toContain('AT+CPIN=');
    expect(messages).toContain('the shell keeps it in its history');
  }
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
