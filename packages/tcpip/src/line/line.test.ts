import { EMPTY, throwError } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  COMMANDS,
  carry,
  type LineRigOptions,
  leave,
  left,
  lineRig,
  PROOF,
  put,
  REST,
} from '../../test/line-rig.js';
import { observe } from '../../test/world.js';
import type { Connection } from './connection.js';

let rig = lineRig();
beforeEach(() => {
  rig = lineRig();
});

/** A line that carries data, up to now: notes begin after that. */
function carrying(different: Partial<Connection> = {}, options: LineRigOptions = {}) {
  rig = lineRig(options);
  if (options.use !== 'dedicated') rig.prepare();
  return carry(rig, different);
}

describe('a connection', () => {
  test('is prepared with the proof, where commands share the line', () => {
    const prepared = observe(rig.line.prepare());
    expect([rig.asked, prepared.end]).toEqual([['AT+CIPTIMEOUT?'], 'open']);
    rig = lineRig({ use: 'dedicated' });
    expect([observe(rig.line.prepare()).end, rig.asked]).toEqual(['complete', []]);
  });

  test('carries data from CONNECT on', () => {
    const connection = rig.connection();
    const written = put(connection, 'early');
    expect(rig.line.carries(connection)).toBe(false);
    rig.line.connecting(connection, false);
    expect([rig.line.carries(connection), rig.line.takesCommands, rig.line.mode]).toEqual([
      true,
      true,
      'opening',
    ]);
    expect([rig.did(), written.end]).toEqual([[], 'open']);
    rig.line.connected();
    expect(rig.did()).toEqual(['read data', 'no commands', 'entered', 'resume', 'wrote 5', 'write early']);
    expect([rig.line.mode, rig.line.takesCommands, written.end]).toEqual(['data', false, 'complete']);
    rig.receive('hello');
    expect(rig.did()).toEqual(['deliver hello']);
  });

  test('that is announced lets no command go out before its CONNECT', () => {
    const connection = rig.connection();
    rig.line.connecting(connection, true);
    expect([rig.did(), rig.line.takesCommands]).toEqual([['no commands'], false]);
    rig.advance(4_999);
    expect(rig.did()).toEqual([]);
    rig.advance(1);
    expect(rig.did()).toEqual(['read data', 'no commands', 'ended unconfirmed', 'resume']);
  });

  test('that is refused frees the line', () => {
    const connection = rig.connection();
    rig.line.connecting(connection, false);
    const free = observe(rig.line.whenFree());
    rig.line.refused(true);
    expect([rig.did(), free.end, rig.line.carries(connection)]).toEqual([
      ['resume', 'freed'],
      'complete',
      false,
    ]);
    expect(observe(rig.line.whenFree()).end).toBe('complete');
  });

  test('that is not answered is left, and closed', () => {
    rig.prepare();
    rig.line.connecting(rig.connection(), false);
    rig.line.unanswered();
    expect(rig.did()).toEqual(['read data', 'no commands', 'resume']);
    leave(rig);
    expect(rig.did()).toEqual([...left(), ...COMMANDS, ...REST, 'ended closedHere', 'close the link']);
  });

  test('that nothing here has asked for is left and closed, without a consumer', () => {
    rig.prepare();
    rig.line.connected();
    rig.receive('data of it');
    expect(rig.did()).toEqual(['read data', 'no commands', 'resume']);
    leave(rig);
    expect(rig.did()).toEqual([...left(), ...COMMANDS, ...REST, 'close the link']);
    const free = observe(rig.line.whenFree());
    rig.freeing.complete();
    expect([rig.did(), free.end, rig.line.mode]).toEqual([['resume'], 'complete', 'command']);
  });

  test('takes the place of another one, whose end was not heard', () => {
    const first = carrying();
    rig.operate(first, 'abort');
    leave(rig);
    rig.did();
    rig.line.connecting(rig.connection(), false);
    expect(rig.did()).toEqual(['ended replaced', 'resume', 'freed', 'abort: done']);
  });
});

describe('calls of a connection that the line does not carry', () => {
  test('are done, or not possible', () => {
    carrying();
    const other = rig.connection();
    for (const kind of ['close', 'abort', 'enterCommandMode', 'enterDataMode'] as const)
      rig.operate(other, kind);
    expect(rig.did()).toEqual([
      'close: done',
      'abort: done',
      'enterCommandMode: gone',
      'enterDataMode: gone',
    ]);
  });

  test('change nothing', () => {
    const own = carrying();
    const other = rig.connection({ hasDemand: false });
    rig.line.throttle(other);
    rig.line.lost(other);
    expect([rig.did(), rig.line.mode, rig.line.carries(own)]).toEqual([[], 'data', true]);
    rig.operate(own, 'enterCommandMode');
    leave(rig);
    rig.line.linkClosed(other);
    expect(rig.line.carries(own)).toBe(true);
  });
});

describe('data mode', () => {
  test('holds the peer back while nothing is wanted', () => {
    const connection = carrying({ hasDemand: false });
    rig.line.throttle(connection);
    expect(rig.did()).toEqual(['pause']);
    connection.hasDemand = true;
    rig.line.throttle(connection);
    expect(rig.did()).toEqual(['resume']);
  });

  test('begins with the peer held back if nothing is wanted', () => {
    rig.line.connecting(rig.connection({ hasDemand: false }), false);
    rig.line.connected();
    expect(rig.did()).toEqual(['read data', 'no commands', 'entered', 'pause']);
  });

  test('is left for commands that wait, if the connection lets them', () => {
    const connection = carrying();
    rig.line.wanted();
    expect(rig.did()).toEqual([]);
    const yielding = carrying({ yields: true });
    rig.line.wanted();
    expect([rig.did(), rig.line.mode]).toEqual([['resume'], 'escaping']);
    rig.line.throttle(yielding);
    expect(rig.did()).toEqual([]);
    expect(rig.line.carries(connection)).toBe(false);
  });

  test.each([
    [true, true, 'escaping'],
    [true, false, 'data'],
    [false, true, 'data'],
  ])(
    'is left at once for those that wait already: %s, if the connection lets them: %s',
    (waits, yields, mode) => {
      rig.state.isWaiting = waits;
      rig.line.connecting(rig.connection({ yields }), false);
      rig.line.connected();
      expect(rig.line.mode).toBe(mode);
    },
  );

  test('asks for no commands where nothing is carried', () => {
    rig.line.wanted();
    rig.receive('noise');
    expect([rig.did(), rig.line.mode]).toEqual([[], 'command']);
  });

  test('is left with silence around the escape, and the proof that it was', () => {
    const connection = carrying();
    rig.operate(connection, 'enterCommandMode');
    expect(rig.did()).toEqual(['resume']);
    rig.advance(1_049);
    expect(rig.did()).toEqual([]);
    rig.advance(1);
    expect(rig.did()).toEqual(left().slice(0, 2));
    rig.receive('\r\nOK\r\n');
    rig.advance(1_049);
    expect(rig.did()).toEqual([]);
    rig.advance(1);
    expect(rig.did()).toEqual(left().slice(2));
    rig.receive(PROOF);
    expect([rig.did(), rig.line.mode]).toEqual([
      [...COMMANDS, ...REST, 'enterCommandMode: done'],
      'onlineCommand',
    ]);
    rig.line.throttle(connection);
    expect(rig.did()).toEqual([]);
  });

  test('ended before the OK of the escape, also when the first answer left nothing but its own OK', () => {
    const connection = carrying();
    rig.operate(connection, 'enterCommandMode');
    rig.advance(1_050);
    rig.receive('tail\r\nOK\r\n');
    rig.advance(1_050);
    rig.receive('\r\nOK\r\n');
    rig.advance(1_500);
    rig.receive(PROOF);
    expect(rig.did().filter((each) => each.startsWith('deliver'))).toEqual(['deliver tail']);
  });

  test('is entered again by ATO, when the module has the numbers', () => {
    const connection = carrying();
    rig.operate(connection, 'enterCommandMode');
    leave(rig);
    rig.did();
    rig.operate(connection, 'enterDataMode');
    expect(rig.asked).toEqual(['AT+CIPTIMEOUT?']);
    rig.answer({ netOpen: 60_100, cipOpen: 60_101, cipSend: 60_102 });
    expect(rig.asked.slice(1)).toEqual(['ATO']);
    rig.line.connected();
    expect(rig.did()).toEqual(['read data', 'no commands', 'entered', 'resume', 'enterDataMode: done']);
  });

  test('is not entered again when the numbers cannot be set', () => {
    const connection = carrying();
    rig.operate(connection, 'enterCommandMode');
    leave(rig);
    rig.did();
    rig.operate(connection, 'enterDataMode');
    rig.refuse(new Error('no answer'));
    expect([rig.did(), rig.line.mode, rig.asked]).toEqual([
      ['enterDataMode: refused'],
      'onlineCommand',
      ['AT+CIPTIMEOUT?'],
    ]);
  });

  test('is not entered any more once the connection is lost: ATO is taken back', () => {
    const connection = carrying();
    rig.operate(connection, 'enterCommandMode');
    leave(rig);
    rig.did();
    rig.operate(connection, 'enterDataMode');
    rig.line.lost(connection);
    expect(rig.did()).toEqual(['ended lost', 'resume', 'freed', 'enterDataMode: gone']);
    rig.answer({ netOpen: 60_100, cipOpen: 60_101, cipSend: 60_102 });
    expect(rig.asked).toEqual(['AT+CIPTIMEOUT?']);
  });

  test('is left by DTR where the port has it, and the module needs less silence then', () => {
    const lines: object[] = [];
    const setLines = (line: object) => {
      lines.push(line);
      return EMPTY;
    };
    const connection = carrying({ leaveBy: 'dtr' }, { port: { setLines } });
    rig.operate(connection, 'enterCommandMode');
    rig.advance(1_050);
    expect([lines, rig.did()]).toEqual([
      [{ dtr: false }, { dtr: true }],
      ['resume', 'trace +++ at 1050'],
    ]);
    rig.advance(199);
    expect(rig.did()).toEqual([]);
    rig.advance(1);
    expect(rig.did()).toEqual(['trace AT+CIPTIMEOUT? at 1250', 'write AT+CIPTIMEOUT?\r']);
  });

  test.each([
    ['dtr', {}],
    ['plus', { setLines: () => EMPTY }],
  ] as const)('is left by +++ where it is to be left by %s and the port has %j', (leaveBy, port) => {
    const connection = carrying({ leaveBy }, { port });
    rig.operate(connection, 'enterCommandMode');
    rig.advance(1_050);
    expect(rig.did()).toContain('write +++');
  });

  test('is left although the port fails: that is dealt with where it is read', () => {
    const connection = carrying();
    rig.operate(connection, 'enterCommandMode');
    rig.state.write = throwError(() => new Error('the port is gone'));
    expect(() => rig.advance(1_050)).not.toThrow();
  });

  test('keeps what is written while it is left', () => {
    const connection = carrying();
    rig.operate(connection, 'enterCommandMode');
    const written = put(connection, 'hello');
    leave(rig);
    expect(rig.did()).not.toContain('write hello');
    expect(written.end).toBe('open');
  });
});
