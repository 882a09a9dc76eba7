import { defer, NEVER, of } from 'rxjs';
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
import { bytesOf, errorOf, observe } from '../../test/world.js';
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

describe('the end of a connection', () => {
  test('asked for here comes after what was written', () => {
    const connection = carrying();
    rig.state.write = NEVER;
    put(connection, 'hello');
    rig.operate(connection, 'close');
    expect([rig.did(), rig.line.mode]).toEqual([['wrote 5', 'write hello'], 'data']);
    const idle = carrying();
    rig.operate(idle, 'close');
    expect([rig.did(), rig.line.mode]).toEqual([['resume'], 'escaping']);
    leave(rig);
    expect(rig.did()).toEqual([...left(), ...COMMANDS, ...REST, 'ended closedHere', 'close the link']);
    const free = observe(rig.line.whenFree());
    expect(free.end).toBe('open');
    rig.freeing.complete();
    expect([rig.did(), free.end]).toEqual([['resume', 'freed', 'close: done'], 'complete']);
  });

  test('with the network leaves data mode all the same', () => {
    const connection = carrying();
    rig.line.lost(connection);
    expect([rig.did(), rig.line.mode]).toEqual([['ended lost', 'resume'], 'escaping']);
  });

  test('that the module reports in command mode is believed', () => {
    const connection = carrying();
    rig.operate(connection, 'enterCommandMode');
    leave(rig);
    rig.did();
    rig.line.linkClosed(connection);
    expect([rig.did(), rig.line.mode]).toEqual([['ended closedByModule', 'resume', 'freed'], 'command']);
  });

  test('that seems to be in the data is asked for, and its lines are read then', () => {
    carrying();
    rig.receive('bye\r\nCLOSED\r\n');
    expect(rig.did()).toEqual(['deliver bye', 'resume']);
    leave(rig);
    expect([rig.did(), rig.asked]).toEqual([[...left(), ...COMMANDS], ['AT+CIPOPEN?']]);
    rig.answer([]);
    rig.answer([]);
    expect(rig.did()).toEqual([
      'ended closedByModule',
      'resume',
      'freed',
      'read lines',
      'chunk begins',
      'decode \r\nCLOSED\r\n\r',
      'chunk ends',
    ]);
  });

  test('that only seemed to be is data', () => {
    carrying();
    rig.receive('bye\r\nCLOSED\r\n');
    leave(rig);
    rig.did();
    rig.answer([{ link: 0, type: 'TCP', host: '10.0.0.1', port: 80, server: undefined }]);
    expect(rig.did()).toEqual(['deliver \r\nCLOSED\r\n', ...REST]);
    expect(rig.line.mode).toBe('returning');
  });

  test('for the next client of the server closes that one too', () => {
    carrying();
    rig.receive('\r\nCLOSED\r\n');
    leave(rig);
    rig.did();
    const next = { link: 0, type: 'TCP', host: '10.0.0.1', port: 81, server: 0 };
    rig.answer([next]);
    rig.answer([next]);
    expect(rig.did()).toEqual(['ended closedByModule', 'close the link']);
  });

  test('with the modem ends it, and leaves nothing scheduled', () => {
    const connection = carrying({ confirmInterval: 60_000 });
    rig.operate(connection, 'enterCommandMode');
    rig.line.end();
    expect(rig.did()).toEqual(['resume', 'ended lost', 'resume', 'freed', 'enterCommandMode: gone']);
    expect(rig.scheduler.actions).toEqual([]);
    rig.line.end();
    expect(rig.did()).toEqual([]);
  });

  test('because the module does not answer ends the modem', () => {
    const connection = carrying();
    rig.state.write = NEVER;
    put(connection, 'held back');
    rig.operate(connection, 'abort');
    rig.did();
    rig.advance(19_999);
    expect(rig.did()).toEqual([]);
    rig.advance(1);
    expect(rig.did()).toEqual(['end the modem: silent', 'ended silent', 'resume', 'freed', 'abort: done']);
    expect(errorOf(observe(connection.writer.write(bytesOf('x'))))).toBeUndefined();
  });
});

describe('signs that the module has left data mode', () => {
  test('are: nothing from the peer for the interval', () => {
    carrying({ confirmInterval: 10_000 });
    rig.advance(9_999);
    expect(rig.line.mode).toBe('data');
    rig.advance(1);
    expect(rig.line.mode).toBe('escaping');
  });

  test('make the line keep what arrives: it is data up to the question, and lines of the module after that', () => {
    carrying({ confirmInterval: 10_000 });
    rig.advance(10_000);
    rig.receive('late');
    expect(rig.did()).toEqual(['resume']);
    rig.advance(2_100);
    rig.receive(`\r\n+CREG: 1\r\n${PROOF}`);
    rig.did();
    rig.answer([{ link: 0, type: 'TCP', host: '10.0.0.1', port: 80, server: undefined }]);
    expect(rig.did()).toEqual(['deliver late', 'chunk begins', 'decode \r\n+CREG: 1\r\n\r', 'chunk ends']);
  });

  test('are not: nothing from the peer while it reads nothing, for the module could not be asked', () => {
    const connection = carrying({ confirmInterval: 10_000 });
    rig.state.write = NEVER;
    put(connection, 'hello');
    rig.advance(30_000);
    expect(rig.line.mode).toBe('data');
  });

  test('are: our own payload and an ERROR, also within one chunk', () => {
    const connection = carrying();
    put(connection, 'ATX\r');
    rig.receive('ATX\r\r\nERROR\r\n');
    expect(rig.line.mode).toBe('escaping');
    carrying();
    rig.receive('ATX\r\r\nERROR\r\n');
    expect(rig.line.mode).toBe('data');
  });

  test('are: start lines', () => {
    carrying();
    rig.receive('\r\nRDY\r\n');
    expect(rig.line.mode).toBe('escaping');
  });

  test.each([
    [false, 'escaping'],
    [true, 'data'],
  ])('are: a modem line that goes off, but for CTS with flow control: %s', (flowControl, mode) => {
    const on = { dcd: true, dsr: true, cts: true };
    const lines = { now: on };
    const port = { lines: () => defer(() => of(lines.now)) };
    carrying({}, { port, flowControl });
    rig.advance(1_000);
    lines.now = { ...on, cts: false };
    rig.advance(1_000);
    expect(rig.line.mode).toBe(mode);
    rig.line.end();
    expect(rig.scheduler.actions).toEqual([]);
  });

  test('are watched again when what raised a doubt turns out to be data', () => {
    carrying({ confirmInterval: 10_000 });
    rig.receive('\r\nCLOSED\r\n');
    expect(rig.line.mode).toBe('escaping');
    rig.receive('x'.repeat(5_000));
    expect(rig.line.mode).toBe('data');
    expect(rig.did()).toEqual(['resume', `deliver \r\nCLOSED\r\n${'x'.repeat(5_000)}`, 'entered', 'resume']);
    rig.advance(9_999);
    expect(rig.line.mode).toBe('data');
    rig.advance(10_001);
    expect(rig.line.mode).toBe('escaping');
  });
});
