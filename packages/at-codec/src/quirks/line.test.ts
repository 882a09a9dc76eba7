import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import { converse, decode, failed, frames, linesOf, urcIn, value } from '../../test/tables.js';
import { at } from '../commands/general.js';
import { cipClose, cipOpen } from '../commands/links.js';
import { ipAddr, netClose, netOpen } from '../commands/network.js';
import { cpsi } from '../commands/radio.js';
import { cereg, creg } from '../commands/registration.js';
import { cipSend } from '../commands/sending.js';
import { restarted } from '../urcs/startup.js';

describe('the line, the state, the rest (protocol 7.4)', () => {
  test('Q-26: the echo of the command, of the payload, and neither', () => {
    const send = cipSend({ link: 0, bytes: bytesOf('OK\r\n') });
    expect(decode(`${send.text}\r\r\n>OK\r\n\r\nOK\r\n`, { prompt: true, echo: send.payload })).toEqual([
      'echo AT+CIPSEND=0,4',
      'prompt',
      'payload-echo OK\r\n',
      'result OK',
    ]);
    expect(decode('\r\n>\r\nOK\r\n', { prompt: true })).toEqual(['prompt', 'result OK']);
  });

  test('Q-27: an echoed payload is never a line, so that no log of lines has it', () => {
    const events = decode('\r\n>user:secret\r\nOK\r\n', { prompt: true, echo: bytesOf('user:secret') });
    expect(events.filter((event) => /^(text|urc|echo|result)/.test(event))).toEqual(['result OK']);
  });

  test('Q-28: NULs between lines are skipped', () => {
    expect(decode('\0\0\r\n*ATREADY: 1\r\n\0\r\n+CPIN: READY\r\n')).toEqual([
      'urc *ATREADY: 1',
      'urc +CPIN: READY',
    ]);
  });

  test('Q-29: only a module that has just started prints these', () => {
    const lines = linesOf(frames('*ATREADY: 1', 'RDY', 'QCRDY', 'START'));
    expect(lines.map(({ urc }) => urc && restarted.includes(urc as (typeof restarted)[number]))).toEqual(
      lines.map(() => true),
    );
  });

  test('Q-30: after the network was lost everything says so in its own way', () => {
    expect(urcIn(frames('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'))).toEqual({
      event: 'NETWORK CLOSED UNEXPECTEDLY',
    });
    expect(converse(netClose(), frames('+NETCLOSE: 2', 'ERROR'))).toMatchObject(failed({ number: 2 }));
    expect(converse(netOpen.read(), frames('+NETOPEN: 0', 'OK'))).toEqual(value(false));
  });

  test('Q-32, Q-33: open already, closed already: errors that can be told from others', () => {
    expect(converse(netOpen(), frames('+IP ERROR: Network is already opened', 'ERROR'))).toMatchObject(
      failed({ code: 'IP_ERROR', number: 4 }),
    );
    for (const number of [2, 4]) {
      expect(converse(cipClose({ link: 0 }), frames(`+CIPCLOSE: 0,${number}`, 'ERROR'))).toMatchObject(
        failed({ code: 'SOCKET_ERROR', number }),
      );
    }
  });

  test('Q-34: a link that the module still holds', () => {
    expect(
      converse(cipOpen({ link: 2, host: 'a.de', port: 1 }), frames('+CIPOPEN: 2,4', 'ERROR')),
    ).toMatchObject(failed({ code: 'SOCKET_ERROR', number: 4, link: 2 }));
  });

  test('Q-35: a line that the host cut short costs that line', () => {
    expect(decode(`\r\n+IP ERROR: Network is already${frames('ERROR', 'RING')}`)).toEqual([
      'text +IP ERROR: Network is already',
      'result ERROR',
      'urc RING',
    ]);
  });

  test('Q-37: a > in the middle of a line, or that no command awaits, is no prompt', () => {
    expect(decode('\r\n+X: 1>2\r\n\r\n>', { prompt: true })).toEqual(['text +X: 1>2', 'prompt']);
    expect(decode('\r\n>\r\n')).toEqual(['text >']);
  });

  test('Q-38: one number is a URC, two are an answer, a quoted second field is a URC again', () => {
    const lines = ['+CREG: 1', '+CREG: 1,"230A","A9F2"', '+CREG: 1,"230A","A9F2",7'];
    expect(converse(creg.read(), frames(...lines, '+CREG: 2,5,"230A","A9F2"', 'OK'))).toEqual({
      ...value({ stat: 5, area: '230A', cell: 'A9F2' }),
      foreign: lines,
    });
    expect(urcIn(frames('+CEREG: 5,"230A","A9F2",7'))).toEqual({
      stat: 5,
      area: '230A',
      cell: 'A9F2',
      technology: 7,
    });
  });

  test('Q-39: the numbers of CPSI are told as they are printed', () => {
    expect(converse(cpsi(), frames('+CPSI: LTE,Online,460-01,-850', 'OK'))).toEqual(
      value({ system: 'LTE', operation: 'Online', details: ['460-01', '-850'] }),
    );
    expect(converse(cpsi(), frames('+CPSI: NO SERVICE, Low Power Mode', 'OK'))).toEqual(
      value({ system: 'NO SERVICE', operation: 'Low Power Mode', details: [] }),
    );
  });

  test('Q-40: states of data-only modules are states like others', () => {
    for (const stat of [6, 11]) {
      expect(converse(cereg.read(), frames(`+CEREG: 0,${stat}`, 'OK'))).toEqual(value({ stat }));
    }
  });

  test('Q-41: of several answers to AT, the command takes one', () => {
    expect(converse(at(), frames('OK', 'OK'))).toEqual({ ...value(undefined), foreign: ['OK'] });
  });

  test('Q-42: an IPADDR that fails is an error of that command and nothing else', () => {
    expect(converse(ipAddr(), frames('+IP ERROR: Network not opened', 'ERROR'))).toMatchObject({
      ...failed({ code: 'IP_ERROR', number: 8, command: 'AT+IPADDR' }),
      foreign: [],
    });
  });

  test('Q-43: whatever comes between a send and its prompt', () => {
    const send = cipSend({ link: 0, bytes: bytesOf('x') });
    const text = `${frames('+CIPRXGET: 1,0', '+IPCLOSE: 0,1')}\r\n>${frames('OK', '+CIPSEND: 0,1,1')}`;
    expect(converse(send, text)).toEqual({
      ...value({ requested: 1, confirmed: 1 }),
      foreign: ['+CIPRXGET: 1,0', '+IPCLOSE: 0,1'],
    });
  });

  test('Q-44: a result right after its OK', () => {
    expect(converse(cipOpen({ link: 0, host: 'a.de', port: 1 }), '\r\nOK\r\n\r\n+CIPOPEN: 0,0\r\n')).toEqual(
      value(undefined),
    );
  });

  test('Q-45: texts of other families are lines that no command claims', () => {
    const lines = ['+CADATAIND: 0', 'DATA ACCEPT:5', 'SEND OK', 'CLOSE OK', 'ALREADY CONNECT', 'Call Ready'];
    expect(decode(frames(...lines))).toEqual(lines.map((line) => `text ${line}`));
  });
});
