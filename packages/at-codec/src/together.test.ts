import { expect, test } from 'vitest';
import { bytesOf } from '../test/decode.js';
import { converse, failed, frames, value } from '../test/tables.js';
import { at } from './commands/general.js';
import { netOpen } from './commands/network.js';
import { cgatt, cgdcont } from './commands/pdp.js';
import { csq } from './commands/radio.js';
import { cipRxGet } from './commands/receiving.js';
import { cipSend } from './commands/sending.js';
import { together } from './together.js';

test('protocol 2: several commands on one line have one final result', () => {
  const both = together(csq(), cgatt.read());
  expect(both.text).toBe('AT+CSQ;+CGATT?');
  expect(both.timeout).toBe(18_000);
  expect(converse(both, frames('+CSQ: 20,0', 'SMS DONE', '+CGATT: 1', 'OK'))).toEqual({
    ...value([{ rssi: 20, ber: 0 }, true]),
    foreign: ['SMS DONE'],
  });
});

test('an error is the error of the whole line', () => {
  expect(converse(together(csq(), cgatt.read()), frames('+CSQ: 20,0', 'ERROR'))).toMatchObject(
    failed({ code: 'REFUSED', command: 'AT+CSQ;+CGATT?' }),
  );
  expect(converse(together(csq(), cgatt.read()), frames('+CSQ: 20,0', 'OK'))).toMatchObject(
    failed({ code: 'UNREADABLE_ANSWER' }),
  );
});

test('a block goes to the command whose header announced it', () => {
  const text = `${frames('+CSQ: 1,2')}\r\n+CIPRXGET: 2,0,3,0\r\nabc${frames('OK')}`;
  expect(converse(together(csq(), cipRxGet.take({ link: 0 })), text)).toEqual(
    value([
      { rssi: 1, ber: 2 },
      { link: 0, payload: [bytesOf('abc')], rest: 0 },
    ]),
  );
});

test('secrets stay secret', () => {
  expect(together(cgdcont({ apn: 'secret' }), csq()).label).toBe('AT+CGDCONT=1,"IP","…";+CSQ');
});

test.each([
  ['nothing', () => together()],
  ['a basic command', () => together(csq(), at())],
  ['a late result', () => together(csq(), netOpen())],
  ['a payload', () => together(csq(), cipSend({ link: 0, bytes: bytesOf('x') }))],
  ['a line that is too long', () => together(...Array.from({ length: 700 }, () => csq()))],
])('%s cannot be joined', (_, join) => {
  expect(join).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});
