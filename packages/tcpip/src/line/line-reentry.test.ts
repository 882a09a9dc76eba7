import { describe, expect, test } from 'vitest';
import { carry, lineRig, PROOF } from '../../test/line-rig.js';
import { bytesOf, observe } from '../../test/world.js';
import type { Connection } from './connection.js';

/** A shared line that carries data; notes begin after that. */
function carrying(different: Partial<Connection> = {}, isTraced = true) {
  const rig = lineRig({ isTraced });
  rig.prepare();
  const connection = carry(rig, different);
  /** From the moment on at which data mode is left: the escape, the question and its proof. */
  const leave = () => {
    rig.advance(2_100);
    rig.receive(PROOF);
  };
  return { ...rig, connection, leave };
}

describe('what is done meanwhile makes the rest of a step out of date', () => {
  test('the end of the modem at the end of a connection: nothing is held, and no link closed', () => {
    const rig = lineRig();
    rig.line.connecting(rig.connection({ ended: () => rig.line.end() }), true);
    rig.did();
    rig.advance(5_000);
    expect(rig.did()).toEqual(['read data', 'no commands', 'resume', 'freed']);
    const own = carrying({ ended: () => own.line.end() });
    own.operate(own.connection, 'abort');
    own.leave();
    expect(own.did()).not.toContain('close the link');
  });

  test('a close of a connection that has nothing to send: no payload is let out', () => {
    const rig = lineRig();
    const connection = rig.connection();
    rig.line.connecting(connection, false);
    rig.operate(connection, 'close');
    rig.line.connected();
    expect([rig.did(), rig.line.mode]).toEqual([['read data', 'no commands', 'resume'], 'escaping']);
  });

  test.each<[string, (rig: ReturnType<typeof carrying>) => void]>([
    ['there is nothing to go back to', (rig) => rig.line.wanted()],
    ['there is nothing to ask for', (rig) => rig.receive('\r\nCLOSED\r\n')],
  ])('a loss when data mode was left: %s', (_, begin) => {
    const rig = carrying({ yields: true });
    rig.state.onLeft = () => rig.line.lost(rig.connection);
    begin(rig);
    rig.leave();
    expect([rig.line.mode, rig.asked]).toEqual(['command', []]);
  });
});

describe('who waits for the line', () => {
  test('waits while it carries a connection, also when another takes its place', () => {
    const rig = carrying();
    const free = observe(rig.line.whenFree());
    rig.receive('data');
    rig.operate(rig.connection, 'abort');
    rig.leave();
    rig.line.connecting(rig.connection, true);
    expect([free.end, rig.line.mode]).toEqual(['open', 'opening']);
  });

  test('leaves no timer when the line is free', () => {
    const rig = carrying();
    const delays: number[] = [];
    const schedule = rig.scheduler.schedule.bind(rig.scheduler);
    rig.scheduler.schedule = (work, delay = 0, state) => {
      delays.push(delay);
      return schedule(work, delay, state as never);
    };
    rig.operate(rig.connection, 'abort');
    rig.leave();
    rig.freeing.complete();
    rig.line.connecting(rig.connection, false);
    rig.advance(60_000);
    expect([rig.line.mode, rig.scheduler.actions]).toEqual(['opening', []]);
    // A timer of the platform would fire at once.
    expect(delays.filter((delay) => !Number.isFinite(delay))).toEqual([]);
  });
});

describe('the answer to the question', () => {
  test('is waited for while bytes arrive', () => {
    const rig = carrying();
    rig.operate(rig.connection, 'enterCommandMode');
    rig.advance(2_100);
    rig.did();
    rig.advance(900);
    rig.receive('data on its way');
    rig.advance(1_499);
    expect(rig.did()).toEqual([]);
    rig.advance(1);
    expect(rig.did()).toEqual(['trace AT+CIPTIMEOUT? at 4500', 'write AT+CIPTIMEOUT?\r']);
  });

  test('with other numbers is asked for again, and means that the module has restarted', () => {
    const rig = carrying();
    rig.operate(rig.connection, 'enterCommandMode');
    rig.advance(2_100);
    rig.did();
    rig.receive('\r\n+CIPTIMEOUT: 1,2,3\r\n\r\nOK\r\n');
    expect(rig.did()).toEqual(['trace AT+CIPTIMEOUT? at 2100', 'write AT+CIPTIMEOUT?\r']);
    rig.advance(60_000);
    expect(rig.did()).toContain('end the modem: restarted');
  });

  test('to a connection that nothing here has asked for: it is closed although it seemed to have ended', () => {
    const rig = lineRig();
    rig.prepare();
    rig.line.connected();
    rig.receive('\r\nCLOSED\r\n');
    rig.advance(2_100);
    rig.receive(PROOF);
    rig.answer([{ link: 0, type: 'TCP', host: '10.0.0.1', port: 80, server: undefined }]);
    expect(rig.did()).toContain('close the link');
  });

  test('needs no trace', () => {
    const rig = carrying({}, false);
    rig.operate(rig.connection, 'enterCommandMode');
    rig.leave();
    expect(rig.did()).toContain('enterCommandMode: done');
    observe(rig.connection.writer.write(bytesOf('x')));
  });
});
