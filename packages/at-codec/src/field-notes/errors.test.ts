import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../test/decode.js';
import { converse, failed, frames } from '../../test/tables.js';
import { command, plainLine } from '../command.js';
import { cipClose, cipOpen } from '../commands/links.js';
import { cdnsGip, netClose, netOpen } from '../commands/network.js';
import { cipSend } from '../commands/sending.js';
import { cpin } from '../commands/sim.js';

describe('10.3 error forms', () => {
  const open = cipOpen({ link: 0, host: 'a.de', port: 1 });
  const send = cipSend({ link: 0, bytes: bytesOf('x') });

  test.each([
    ['10.3.1', send, ['+CIPERROR: 3', 'ERROR'], 'SOCKET_ERROR', 3],
    ['10.3.2', send, ['+CIPERROR: 4', 'ERROR'], 'SOCKET_ERROR', 4],
    ['10.3.3', send, ['+CIPERROR: 8', 'ERROR'], 'SOCKET_ERROR', 8],
    ['10.3.4', cipClose({ link: 0 }), ['+CIPCLOSE: 0,4', 'ERROR'], 'SOCKET_ERROR', 4],
    ['10.3.5', netClose(), ['+NETCLOSE: 2', 'ERROR'], 'SOCKET_ERROR', 2],
    ['10.3.6', open, ['OK', '+CIPOPEN: 0,1'], 'SOCKET_ERROR', 1],
    ['10.3.7', open, ['OK', '+CIPOPEN: 0,2'], 'SOCKET_ERROR', 2],
    ['10.3.8', open, ['+CIPOPEN: 0,3', 'ERROR'], 'SOCKET_ERROR', 3],
    ['10.3.9', netOpen(), ['ERROR'], 'REFUSED', undefined],
    ['10.3.10', cdnsGip({ host: 'a.de' }), ['+CDNSGIP: 0,10', 'ERROR'], 'SOCKET_ERROR', 10],
    ['10.3.11', netClose(), ['+IP ERROR: Network is already closed', 'ERROR'], 'IP_ERROR', 5],
    ['10.3.12', cpin(), ['+CME ERROR: 13'], 'CME_ERROR', 13],
    ['10.3.13', cpin(), ['+CME ERROR: operation not allowed now (#33)'], 'CME_ERROR', 33],
  ])('%s', (_, refused, lines, code, number) => {
    expect(converse<unknown>(refused, frames(...lines))).toMatchObject(failed({ code, number }));
  });

  test('10.3.14, 10.3.15, 10.3.16, 10.3.17 the same forms in other services', () => {
    const mqtt = (name: string, field: number) =>
      command(plainLine(`AT${name}`), {
        outcome: { claims: (line) => line.name === name, error: (line) => line.int(field) },
      });
    expect(converse(mqtt('+CMQTTREL', 1), frames('+CMQTTREL: 0,20', 'ERROR'))).toMatchObject(
      failed({ number: 20 }),
    );
    expect(converse(mqtt('+CMQTTSTART', 0), frames('+CMQTTSTART: 23', 'ERROR'))).toMatchObject(
      failed({ number: 23 }),
    );
    expect(converse(mqtt('+CMQTTSTART', 0), frames('OK', '+CMQTTSTART: 1'))).toMatchObject(
      failed({ number: 1 }),
    );
    expect(converse(mqtt('+CMQTTCONNECT', 1), frames('OK', '+CMQTTCONNECT: 0,26'))).toMatchObject(
      failed({ number: 26 }),
    );
    expect(converse(mqtt('+HTTPACTION', 1), frames('OK', '+HTTPACTION: 0,714,0'))).toMatchObject(
      failed({ number: 714 }),
    );
  });

  test('10.3.18 +IP ERROR explains more than the note says', () => {
    expect(converse(netOpen(), frames('+IP ERROR: Network is already opened', 'ERROR'))).toMatchObject(
      failed({ code: 'IP_ERROR', number: 4 }),
    );
  });
});
