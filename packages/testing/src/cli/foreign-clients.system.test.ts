import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawn as terminal } from '@lydell/node-pty';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { programs } from '../../test/program.js';
import { gsmModem } from '../../test/serialport-gsm.js';

// Programs and libraries that know nothing of this project talk to the module on its pseudo-terminal.

const emulator = programs();
const execute = promisify(execFile);
/** Time limit in ms of what a program does: above what a loaded machine takes. */
const TIMEOUT = 240_000;
let device = '';

beforeEach(async () => {
  device = join(emulator.folder, 'modem');
  await emulator.start('--pty', device).ready;
});

/** Runs a program; gives what it prints to its two outputs. */
async function run(program: string, ...args: string[]): Promise<{ output: string; log: string }> {
  const { stdout, stderr } = await execute(program, args, { timeout: TIMEOUT, encoding: 'latin1' });
  return { output: stdout, log: stderr };
}

/** A command line for a shell, with the device as its `$0`. */
const shell = (script: string) => run('bash', '-c', script, device);

describe('a real TCP peer of the module', () => {
  const echo = createServer((socket) => socket.pipe(socket));
  let port = 0;
  beforeEach(async () => {
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    port = (echo.address() as AddressInfo).port;
  });
  afterEach(() => {
    echo.close();
  });

  test('chat, which dials modems for pppd: connects, sends, reads the echo, closes', async () => {
    const steps: [expected: string, sent: string][] = [
      ["''", 'ATE0'],
      ['OK', 'AT+CIPRXGET=1'],
      ['OK', 'AT+NETOPEN'],
      ['+NETOPEN: 0', `AT+CIPOPEN=0,"TCP","127.0.0.1",${port}`],
      ['+CIPOPEN: 0,0', 'AT+CIPSEND=0,5'],
      ['>', 'hello\\c'],
      ['+CIPSEND: 0,5,5', '\\c'],
      ['+CIPRXGET: 1,0', 'AT+CIPRXGET=2,0'],
      ['+CIPRXGET: 2,0,5,0', '\\c'],
      ['hello', '\\c'],
      ['OK', 'AT+CIPCLOSE=0'],
      ['+CIPCLOSE: 0,0', 'AT+NETCLOSE'],
      ['+NETCLOSE: 0', '\\c'],
    ];
    const script = steps.map(
      ([expected, sent]) => `${expected === "''" ? expected : `'${expected}'`} '${sent}'`,
    );
    const { log } = await shell(`chat -t 100 -s -v ABORT ERROR ${script.join(' ')} < "$0" > "$0"`);
    expect(log).toContain('+CIPRXGET: 2,0,5,0');
    expect(log).toContain('send (AT+NETCLOSE');
  });

  test('socat, in transparent mode: what goes in comes back, 64 KiB of it', async () => {
    const setup = ['ATE0', 'AT+CIPMODE=1', 'AT+NETOPEN', `AT+CIPOPEN=0,"TCP","127.0.0.1",${port}`];
    const chat = setup
      .map((line, index) => `'${['', 'OK', 'OK', '+NETOPEN: 0'][index]}' '${line}'`)
      .join(' ');
    const { output } = await shell(`
      chat -t 100 ${chat} 'CONNECT 115200\\r\\n' '\\c' < "$0" > "$0" || exit 1
      seq 1 20000 | head -c 65536 > "$0.sent"
      socat -u "$0",rawer,readbytes=65536 STDOUT > "$0.back" & reader=$!
      cat "$0.sent" > "$0"
      wait $reader
      cmp "$0.sent" "$0.back" && echo same`);
    expect(output).toBe('same\n');
  });
});

test('picocom, as the program says it is to be started', async () => {
  const args = ['--quiet', '--noreset', '--nolock', '--baud', '115200', '--initstring', 'AT+CGMM\r', device];
  // On its end it sends a signal to its whole process group, which must not be that of the tests.
  const picocom = spawn('picocom', args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  onTestFinished(() => void picocom.kill());
  let output = '';
  for await (const chunk of picocom.stdout) {
    output += chunk;
    // Ctrl-A Ctrl-X leaves it.
    if (output.endsWith('OK\r\n')) picocom.stdin.write('\x01\x18');
  }
  expect(output).toBe('AT+CGMM\r\r\nA7672SA-FASE\r\n\r\nOK\r\n');
});

test('pyserial, as the program says', async () => {
  const script = `
import serial, sys
port = serial.Serial(sys.argv[1], 115200, timeout=100)
port.write(b'AT+CSQ\\r')
sys.stdout.buffer.write(port.read_until(b'OK\\r\\n'))`;
  const { output } = await run('/usr/bin/python3', '-c', script, device);
  expect(output).toBe('AT+CSQ\r\r\n+CSQ: 23,0\r\n\r\nOK\r\n');
});

test('pyserial, as the guide for other languages shows it', async () => {
  const guide = readFileSync(new URL('../../../../docs/guides/other-languages.md', import.meta.url), 'utf8');
  const [, session = ''] = /^```text\n(>>> [\s\S]*?)^```$/m.exec(guide) ?? [];
  const file = join(emulator.folder, 'session.txt');
  // A reader waits for a second; a loaded machine may take longer.
  writeFileSync(file, session.replace('timeout=1)', 'timeout=100)'));
  const options = { cwd: emulator.folder, timeout: TIMEOUT };
  const { stdout } = await execute('/usr/bin/python3', ['-m', 'doctest', '-v', file], options);
  expect(stdout).toMatch(/^4 passed and 0 failed\.$/m);
});

test('minicom initialises it, with the string that it proposes', async () => {
  const init = 'AT S7=45 S0=0 L1 V1 X4 &c1 E1 Q0';
  const settings = { minit: `~^M~${init}^M`, port: device, baudrate: '115200' };
  const lines = Object.entries(settings).map(([name, value]) => `pu ${name} ${value}\n`);
  writeFileSync(join(emulator.folder, '.minirc.dfl'), lines.join(''));
  // It needs a terminal, and stays when it has initialised the modem.
  const env = { ...process.env, HOME: emulator.folder, TERM: 'vt100' };
  const minicom = terminal('minicom', [], { cols: 80, rows: 24, env });
  onTestFinished(() => minicom.kill('SIGKILL'));
  let shown = '';
  await new Promise<void>((resolve) => {
    minicom.onData((text) => {
      shown += text;
      if (/AT S7=45 S0=0 L1 V1 X4 &c1 E1 Q0[\r\n]+OK/.test(shown)) resolve();
    });
  });
});

test('gammu: identifies it, and names its network', async () => {
  const configuration = join(emulator.folder, 'gammurc');
  writeFileSync(configuration, `[gammu]\ndevice = ${device}\nconnection = at115200\n`);
  const gammu = (command: string) => run('gammu', '--config', configuration, command);
  const { output } = await gammu('identify');
  expect(output).toMatch(/Manufacturer +: SIMCOM/);
  expect(output).toMatch(/Model +:.*A7672SA-FASE/);
  expect(output).toMatch(/IMEI +: 862636050000019/);
  expect(output).toMatch(/SIM IMSI +: 001010123456789/);
  const network = (await gammu('networkinfo')).output;
  expect(network).toMatch(/Network state +: home network/);
  expect(network).toMatch(/Network +: 001 01/);
});

test('serialport-gsm, a library from npm that speaks AT', async () => {
  const modem = gsmModem();
  await modem.open(device, { baudRate: 115_200 });
  expect(await modem.resetModem()).toMatchObject({ status: 'success' });
  expect(await modem.checkModem()).toMatchObject({ status: 'success', data: 'Modem Available' });
  expect(await modem.checkPINRequired()).toMatchObject({ status: 'success' });
  expect(await modem.getModemSerial()).toMatchObject({ data: { modemSerial: '862636050000019' } });
  expect(await modem.getNetworkSignal()).toMatchObject({ data: { signalQuality: '23' } });
  expect(await modem.executeCommand('AT+NETOPEN')).toMatchObject({ data: { result: 'OK' } });
  await modem.close();
});
