import { createConnection } from 'node:net';
import { linkPair } from '@a7600/transport';
import { NEVER, of, Subscription, startWith } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { programWith } from '../../test/program.js';
import { sockets } from '../shared-line/places.js';
import { sharedLine } from '../shared-line/shared-line.js';

// A running program, in this process: a link that it shares, and a modem that says what it was asked.

let open = new Subscription();
let asked: string[] = [];
let answers: string[] | undefined;
const modem = {
  raw(text: string) {
    asked.push(text);
    return of(answers ?? [`+ECHO: ${text}`]);
  },
};

beforeEach(async () => {
  open = new Subscription();
  asked = [];
  answers = undefined;
  const [near] = linkPair();
  open.add(
    NEVER.pipe(startWith(near))
      .pipe(sharedLine(() => modem))
      .subscribe(),
  );
  while (sockets().length === 0) await new Promise((resolve) => setImmediate(resolve));
});
afterEach(() => open.unsubscribe());

const attached = (...lines: string[]) =>
  programWith({ input: lines.map((line) => `${line}\n`).join('') }, 'term', '--attach', String(process.pid));

test('commands go to the modem of the program, and its answers come back', async () => {
  const { code, output } = await attached('AT+CSQ', 'AT');
  expect({ code, asked }).toEqual({ code: 0, asked: ['AT+CSQ', 'AT'] });
  expect(output).toBe('+ECHO: AT+CSQ\nOK\n+ECHO: AT\nOK\n');
});

test('answers and notifications are explained', async () => {
  answers = ['+CSQ: 23,0'];
  const { output } = await attached('AT+CSQ');
  expect(output).toBe('+CSQ: 23,0\nOK\n  -67 dBm, excellent\n');
});

test('it ends when the program closes its port, and says so', async () => {
  const { code, messages } = await programWith(
    {
      inputStays: true,
      onPrinted: (screen) => {
        if (screen.includes('Sharing the line')) open.unsubscribe();
      },
    },
    ...['term', '--attach', String(process.pid)],
  );
  expect(code).toBe(3);
  expect(messages).toBe(
    `Sharing the line of process ${process.pid}.\nProcess ${process.pid} has closed its port.\n`,
  );
});

test('what is no request, of a browser for instance, is hung up on and does nothing', async () => {
  const path = sockets()[0]?.path ?? '';
  const socket = createConnection(path).on('error', () => {});
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\n\r\nAT+CPOF\r\n');
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
  expect(asked).toEqual([]);
});

test('a process that has no modem open is named', async () => {
  const { code, messages } = await programWith({ input: '' }, 'term', '--attach', '1');
  expect(code).toBe(2);
  expect(messages).toBe('Process 1 is no a7600 of this user that has a modem open.\n');
});
