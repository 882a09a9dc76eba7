import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listening } from '../../../../packages/tcpip/test/online.js';
import { type ModuleOnPty, moduleOnPty } from '../../test/real.js';
import { typed } from '../../test/typed.js';

// The terminal as a person sees it: a real pseudo-terminal on both sides.

let open = new Subscription();
let module: ModuleOnPty;
beforeEach(async () => {
  open = new Subscription();
  module = await moduleOnPty(open);
});
afterEach(() => open.unsubscribe());

test('a terminal of 24 columns: what is typed wraps, answers and prompts stay whole', async () => {
  const person = typed(open, 24, 'term', '--quiet', '--serial', module.path);
  await person.shows(/^AT> /m);
  person.type('AT+CSQ\r');
  await person.shows(/^AT> AT\+CSQ\n\+CSQ: 23,0\nOK\n {2}-67 dBm, excellent\nAT> /m);
  person.type('AT+CGDCONT=1,"IP","a.very.long.name.of.an.access.point"\r');
  await person.shows(/^AT> AT\+CGDCONT=1,"IP","a\n\.very\.long\.name\.of\.an\.ac\ncess\.point"\nOK\nAT> /m);
  person.type('AT+CPS\t');
  await person.shows(/^AT> AT\+CPSI/m);
  person.type('\x03');
  expect(await person.ended).toBe(0);
});

test('the arrow keys bring back commands, and no PIN', async () => {
  const person = typed(open, 80, 'term', '--quiet', '--serial', module.path);
  await person.shows(/^AT> /m);
  person.type('AT+CGMM\r');
  await person.shows(/A7672[^\n]*\nOK\n(?:.|\n)*AT> /);
  person.type('AT+CPIN="4711"\r');
  await person.shows(/AT> AT\+CPIN="4711"\n(?:.|\n)*ERROR(?:.|\n)*AT> /);
  person.type('\x1b[A');
  await person.shows(/ERROR(?:.|\n)*AT> AT\+CGMM/);
  person.type('\x03');
  expect(await person.ended).toBe(0);
});

test('--raw joins keyboard and line until Ctrl-]', async () => {
  const person = typed(open, 80, 'term', '--raw', '--serial', module.path);
  await person.shows(/Ctrl-\] ends it/);
  person.type('AT+CGMM\r');
  await person.shows(/A7672[^\n]*\n+OK/);
  person.type('\x1d');
  expect(await person.ended).toBe(0);
});

test('data mode: lines go to the peer, what it sends is shown, +++ comes back to commands', async () => {
  const server = createServer();
  open.add(() => server.close());
  const port = await listening(server);
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const person = typed(open, 80, 'term', '--quiet', '--serial', module.path);
  await person.shows(/^AT> /m);
  for (const line of ['AT+CIPMODE=1', 'AT+NETOPEN', `AT+CIPOPEN=0,"TCP","127.0.0.1",${port}`]) {
    person.type(`${line}\r`);
  }
  const [peer] = await connected;
  peer.on('error', () => {});
  await person.shows(/^CONNECT 115200\ndata> /m);
  const received = once(peer, 'data');
  person.type('hello\r');
  expect(String((await received)[0])).toBe('hello\r\n');
  peer.write('good day\r\n');
  await person.shows(/^good day$/m);
  person.type('+++\r');
  await person.shows(/^data> \+\+\+\n(?:.|\n)*OK(?:.|\n)*\nAT> /m);
  person.type('AT+CGMM\r');
  await person.shows(/^AT> AT\+CGMM\n[^\n]*A7672/m);
  person.type('exit\r');
  expect(await person.ended).toBe(0);
});
