import { NEVER } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { carry, lineRig } from '../../test/line-rig.js';
import { bytesOf, observe } from '../../test/world.js';
import type { Connection } from './connection.js';

let rig = lineRig();
beforeEach(() => {
  rig = lineRig({ use: 'dedicated' });
});

/** A line that carries data beside commands on another port; notes begin after that. */
function carrying(different: Partial<Connection> = {}) {
  return carry(rig, different);
}
const stateOf = (port: number) => ({ link: 0, type: 'TCP' as const, host: '10.0.0.1', port, server: 0 });
/** The module says twice what it has at the link: what would end the connection has to be said twice. */
function sayTwice(links: readonly unknown[]) {
  rig.answer(links);
  rig.answer(links);
}
const LINES = ['read lines', 'chunk begins', 'decode \r\nCLOSED\r\n', 'chunk ends'];
const COMMANDS = ['read lines', 'resume', 'commands after all is read', 'data mode was left'];

describe('a connection that seems to have ended', () => {
  test('is asked for on the other port, and its lines are data when it is there', () => {
    carrying();
    rig.receive('bye\r\nCLOSED\r\n');
    expect([rig.did(), rig.asked, rig.line.mode]).toEqual([['deliver bye'], ['AT+CIPOPEN?'], 'data']);
    rig.answer([stateOf(80)]);
    expect(rig.did()).toEqual(['deliver \r\nCLOSED\r\n']);
  });

  test('delivers what still arrives, until nothing has for 0.5 s; then its lines are read', () => {
    carrying();
    rig.receive('\r\nCLOSED\r\n');
    sayTwice([]);
    expect([rig.did(), rig.line.mode]).toEqual([[], 'draining']);
    rig.advance(499);
    expect(rig.line.mode).toBe('draining');
    rig.advance(1);
    expect(rig.did()).toEqual(['ended closedByModule', 'resume', 'freed', ...LINES, ...COMMANDS]);
    expect(rig.line.mode).toBe('command');
  });

  test('leaves the lane nothing to do before the module is asked whether it has said everything', () => {
    const takesCommands: boolean[] = [];
    const note = () => void takesCommands.push(rig.line.takesCommands);
    rig.state.onDecode = note;
    carrying({ ended: note, freed: note });
    rig.receive('\r\nCLOSED\r\n');
    sayTwice([]);
    rig.advance(500);
    expect(takesCommands).toEqual([false, false, false]);
    expect(rig.did()).toContain('commands after all is read');
    expect(rig.line.takesCommands).toBe(true);
  });

  test('waits longer while bytes arrive', () => {
    carrying();
    rig.line.linkClosed(rig.connection());
    rig.receive('\r\nCLOSED\r\n');
    sayTwice([]);
    rig.advance(400);
    rig.receive('late');
    rig.advance(499);
    expect(rig.line.mode).toBe('draining');
    rig.advance(1);
    expect(rig.line.mode).toBe('command');
  });

  test('waits until its consumer takes what has arrived', () => {
    const connection = carrying();
    rig.line.linkClosed(connection);
    expect(rig.asked).toEqual(['AT+CIPOPEN?']);
    sayTwice([]);
    connection.hasDemand = false;
    rig.line.throttle(connection);
    expect(rig.did()).toEqual(['pause']);
    rig.advance(10_000);
    expect(rig.line.mode).toBe('draining');
    connection.hasDemand = true;
    rig.line.throttle(connection);
    expect(rig.did()).toEqual(['resume']);
    rig.advance(500);
    expect(rig.line.mode).toBe('command');
  });

  test('because the module is silent is asked for again after each interval', () => {
    carrying({ confirmInterval: 10_000 });
    rig.advance(10_000);
    rig.answer([stateOf(80)]);
    expect(rig.asked).toHaveLength(1);
    rig.advance(9_999);
    expect(rig.asked).toHaveLength(1);
    rig.advance(1);
    expect([rig.asked.length, rig.line.mode]).toEqual([2, 'data']);
  });
});

describe('the next client of the server', () => {
  test('that is not announced is closed: it may have the line already', () => {
    carrying({ isAccepted: true });
    rig.receive('\r\nCLOSED\r\n');
    sayTwice([stateOf(81)]);
    const lines = rig.did();
    expect(lines.slice(0, 3)).toEqual(['ended closedByModule', 'resume', 'freed']);
    expect(lines.slice(-4)).toEqual(['read data', 'no commands', 'resume', 'close the link']);
    expect(rig.line.mode).toBe('hangingUp');
  });

  test('that is announced in what was kept has the line', () => {
    carrying({ isAccepted: true });
    const next = rig.connection();
    rig.state.onDecode = () => rig.line.connecting(next, true);
    rig.receive('\r\nCLOSED\r\n\r\n+CLIENT: 0,0,10.0.0.1:81\r\n');
    sayTwice([stateOf(81)]);
    expect(rig.did()).not.toContain('close the link');
    expect([rig.line.mode, rig.line.carries(next)]).toEqual(['opening', true]);
  });

  test('sends what it likes: none of it is data of the one before', () => {
    carrying({ isAccepted: true });
    const kept = '\r\n+CLIENT: 0,0,10.0.0.1:81\r\nhello\r\nCLOSED\r\n';
    rig.receive(kept);
    sayTwice([stateOf(81)]);
    const did = rig.did();
    expect(did.filter((each) => each.startsWith('deliver'))).toEqual([]);
    expect(did).toContain(`decode ${kept}`);
  });

  test('that is announced in what was kept is sent no command', () => {
    carrying({ isAccepted: true });
    rig.state.onDecode = () => rig.line.connecting(rig.connection(), true);
    rig.receive('\r\nCLOSED\r\n\r\n+CLIENT: 0,0,10.0.0.1:81\r\n');
    sayTwice([]);
    rig.advance(500);
    expect(rig.line.mode).toBe('opening');
    expect(rig.did()).not.toContain('commands after all is read');
  });

  test.each([
    [true, ['AT+CIPOPEN?']],
    [false, []],
  ])('may be reported in the data of one that a server accepted: %s', (isAccepted, asked) => {
    carrying({ isAccepted });
    rig.receive('\r\n+CLIENT: 0,0,10.0.0.1:81\r\n');
    expect(rig.asked).toEqual(asked);
  });
});

describe('a connection that is closed here', () => {
  test('is closed when what was written has had time to be sent', () => {
    const connection = carrying();
    observe(connection.writer.write(bytesOf('last')));
    rig.operate(connection, 'abort');
    expect([rig.did(), rig.line.mode]).toEqual([['wrote 4', 'write last', 'resume'], 'emptying']);
    const late = observe(connection.writer.write(bytesOf('late')));
    rig.advance(1_049);
    expect([rig.did(), late.end]).toEqual([[], 'open']);
    rig.advance(1);
    expect(rig.did()).toEqual(['ended closedHere', 'resume', 'close the link']);
    rig.line.throttle(connection);
    expect(rig.did()).toEqual([]);
    rig.freeing.complete();
    rig.receive('what still arrives');
    rig.advance(500);
    expect(rig.did()).toContain('abort: done');
    expect([rig.line.mode, rig.scheduler.actions]).toEqual(['command', []]);
  });

  test('waits for what the port has not accepted, but not for ever', () => {
    const connection = carrying();
    rig.state.write = NEVER;
    observe(connection.writer.write(bytesOf('held back')));
    rig.operate(connection, 'close');
    rig.advance(60_000);
    expect(rig.line.mode).toBe('data');
    rig.operate(connection, 'abort');
    rig.advance(19_999);
    expect(rig.line.mode).toBe('emptying');
    rig.advance(1);
    expect(rig.line.mode).toBe('hangingUp');
  });

  test('that nothing has asked for is closed too', () => {
    rig.line.connected();
    expect([rig.did(), rig.line.mode]).toEqual([
      ['read data', 'no commands', 'resume', 'close the link'],
      'hangingUp',
    ]);
    rig.freeing.complete();
    rig.advance(500);
    expect(rig.line.mode).toBe('command');
  });
});
