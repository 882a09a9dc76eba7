import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { A7600, ended, going, moduleOnPty } from '../../test/real.js';
import { scratch } from '../../test/scratch.js';

// A program that knows nothing of this one: pyserial, on the recorded port and then on the replayed one.

const own = scratch();

/** Asks three things, each with a deadline of 10 s, and prints what came. */
const SCRIPT = `
import serial, sys
port = serial.Serial(sys.argv[1], 115200, timeout=10)
for command in (b'AT', b'AT+CSQ', b'AT+CIPCLOSE=3'):
    port.write(command + b'\\r')
    answer = b''
    while not answer.endswith((b'OK\\r\\n', b'ERROR\\r\\n')):
        more = port.read(1)
        if not more:
            sys.exit('no answer to ' + command.decode() + ': ' + repr(answer))
        answer += more
    print(repr(answer))
`;

test('pyserial gets the same from the recorded module and from its replay', async () => {
  const { path } = await moduleOnPty(own.open);
  const [script, file, port] = ['ask.py', 'modem.jsonl', 'port'].map((name) => join(own.folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(script, SCRIPT);
  const ask = () => ended(own.open, ['/usr/bin/python3', script, port]);

  const recorder = going(own.open, [...A7600, 'record', file, '--serial', path, '--pty', port]);
  await recorder.says(/Ctrl-C ends it/);
  const first = await ask();
  expect(first).toMatchObject({ code: 0, messages: '' });
  expect(String(first.output)).toContain('+CSQ: 23,0');
  recorder.child.kill('SIGINT');
  expect(await recorder.ended).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toContain('AT+CSQ');

  expect(existsSync(port)).toBe(false);
  const player = going(own.open, [...A7600, 'replay', file, '--pty', port]);
  await player.says(/The recorded modem is on/);
  const second = await ask();
  expect(second).toMatchObject({ code: 0, messages: '' });
  expect(String(second.output)).toBe(String(first.output));
  player.child.kill('SIGINT');
  expect(await player.ended).toMatchObject({ code: 0 });
});
