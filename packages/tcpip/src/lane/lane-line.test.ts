import { at, cipOpen, cipSend, commandBytes, csq, netOpen } from '@a7600/at-codec';
import { throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { startedLane } from '../../test/lane-rig.js';
import { bytesOf, errorOf, observe } from '../../test/world.js';
import { closeDown } from '../base/close-down.js';

/** A lane with a line that tells what it was told, and that takes commands as long as it may. */
function lineRig() {
  const told: string[] = [];
  const line = { takes: true };
  const rig = startedLane({
    line: {
      takesCommands: () => line.takes,
      wanted: () => told.push('wanted'),
      connected: () => told.push('connected'),
      refused: (carrier) => told.push(`refused ${carrier}`),
      unanswered: () => {
        told.push('unanswered');
        line.takes = false;
      },
    },
    sleepMode: () => 2,
  });
  const dial = () => observe(rig.lane.run(cipOpen.transparent({ type: 'TCP', host: 'a.b', port: 1 })));
  return { ...rig, told, line, dial };
}

describe('a command that leads to data mode', () => {
  test.each([
    ['CONNECT 115200', ['connected']],
    ['CONNECT FAIL', ['refused false']],
    ['ERROR', ['refused true']],
    ['NO CARRIER', ['refused false']],
  ])('tells the line how it ended before its caller: %s', (answer, expected) => {
    const { told, dial, print, advance } = lineRig();
    const dialled = dial();
    print(answer);
    advance(5_000);
    expect(told).toEqual(expected);
    expect(dialled.end).not.toBe('open');
  });

  test('tells the line first when it was not answered: nothing may be sent after it', () => {
    const { told, dial, lane, advance, sent } = lineRig();
    const dialled = dial();
    const before = sent.length;
    observe(lane.run(csq()));
    advance(300_000);
    expect(told.filter((each) => each !== 'wanted')).toEqual(['unanswered']);
    expect(errorOf(dialled)).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('AT+CSCLK is 2'),
    });
    expect(sent).toHaveLength(before);
  });

  test('no other command tells the line anything', () => {
    const { told, lane, print, advance } = lineRig();
    observe(lane.run(at()));
    observe(lane.run(at()));
    print('OK');
    print('ERROR');
    observe(lane.run(netOpen()));
    advance(200_000);
    expect(told).toEqual([]);
  });
});

describe('a line that takes no commands', () => {
  test('is told that one waits, and gets it when it takes commands again', () => {
    const { told, line, lane, sent, advance } = lineRig();
    expect(lane.isWaiting).toBe(false);
    line.takes = false;
    const signal = observe(lane.run(csq()));
    lane.wake({ next: () => undefined });
    expect([sent, told, lane.isWaiting]).toEqual([[], ['wanted', 'wanted'], true]);
    line.takes = true;
    lane.resume(false);
    expect([sent, lane.isWaiting, signal.end]).toEqual([['AT+CSQ\r'], false, 'open']);
    advance(1);
    expect(told).toHaveLength(2);
  });

  test('is told nothing by a source that has ended the lane', () => {
    const { told, line, lane } = lineRig();
    line.takes = false;
    lane.end(new Error('over'));
    lane.wake({ next: () => undefined });
    lane.enqueue({ command: at(), settle: () => {} });
    expect(told).toEqual([]);
  });

  test('ends the answer of the command on the wire, and is resynchronised when it takes commands again', () => {
    const { line, lane, sent, counts, print, advance } = lineRig();
    const signal = observe(lane.run(csq()));
    line.takes = false;
    lane.interrupt();
    expect(errorOf(signal)?.code).toBe('TIMEOUT');
    expect(counts).toEqual(['unansweredCommands']);
    lane.interrupt();
    line.takes = true;
    lane.resume(true);
    expect(sent.at(-1)).toBe('AT\r');
    expect(counts).toEqual(['unansweredCommands', 'resynchronisations']);
    const next = observe(lane.run(at()));
    print('+CSQ: 1,1', 'OK', 'OK');
    advance(100);
    expect(sent.at(-1)).toBe('AT+CMEE?\r');
    print('+CMEE: 2', 'OK');
    advance(100);
    expect(sent.at(-1)).toBe('AT\r');
    print('OK');
    expect(next.end).toBe('complete');
  });

  test('stops a probe', () => {
    const { line, lane, sent, silent, advance } = lineRig();
    lane.resume(true);
    line.takes = false;
    lane.interrupt();
    sent.length = 0;
    advance(60_000);
    expect([sent, silent]).toEqual([[], []]);
  });
});

describe('a caller', () => {
  test('is told once when the answer has begun, and not by the echo', () => {
    const { lane, raw, print } = lineRig();
    let times = 0;
    lane.enqueue({ command: csq(), settle: () => {}, answered: () => times++ });
    raw('AT+CSQ\r\r\n');
    expect(times).toBe(0);
    print('+CSQ: 20,0');
    expect(times).toBe(1);
    print('OK');
    expect(times).toBe(1);
  });

  test('that took its payload back has padding sent instead', () => {
    const { lane, sent, prompt } = lineRig();
    const command = cipSend({ link: 0, bytes: bytesOf('hello') });
    lane.enqueue({ command, settle: () => {}, cancelled: () => true });
    prompt();
    expect(sent.at(-1)).toBe('     ');
  });

  test('that took its payload back has padding sent also where the prompt did not come', () => {
    const { lane, sent, advance } = lineRig();
    const command = cipSend({ link: 0, bytes: bytesOf('hello') });
    lane.enqueue({ command, settle: () => {}, cancelled: () => true });
    advance(15_000);
    expect(sent.slice(1, 3)).toEqual(['     ', 'AT\r']);
  });

  test('that waits for an outcome is failed when it cannot come any more', () => {
    const { lane, print, sent } = lineRig();
    const opened = observe(lane.run(netOpen()));
    print('OK');
    const signal = observe(lane.run(csq()));
    lane.abandonOutcomes(new Error('the network is closed'));
    expect(errorOf(opened)?.message).toBe('the network is closed');
    expect([signal.end, sent.at(-1)]).toEqual(['open', 'AT+CSQ\r']);
    print('+NETOPEN: 0', '+CSQ: 20,0', 'OK');
    expect(signal.end).toBe('complete');
  });
});

describe('echo', () => {
  test('that comes back after it was off shows that the module restarted', () => {
    const { lane, raw, print, unclaimed } = lineRig();
    observe(lane.run(at()));
    print('OK');
    expect(unclaimed).toEqual([]);
    observe(lane.run(at()));
    raw('AT\r\r\n');
    expect(unclaimed).toEqual(['echo']);
    raw('OK\r\n');
    expect(unclaimed).toEqual(['echo']);
  });

  test('from the beginning on shows nothing', () => {
    const { lane, raw, print, unclaimed } = lineRig();
    for (let count = 0; count < 3; count++) {
      observe(lane.run(at()));
      raw('AT\r');
      print('OK');
    }
    expect(unclaimed).toEqual([]);
  });
});

test('the trace is told each command and each payload, with its time', () => {
  const told: unknown[] = [];
  const { lane, prompt, advance } = startedLane({ trace: (entry) => told.push(entry) });
  told.length = 0;
  advance(50);
  observe(lane.run(cipSend({ link: 0, bytes: bytesOf('hello') })));
  advance(50);
  prompt();
  expect(told).toEqual([
    { at: 250, kind: 'command', text: 'AT+CIPSEND=0,5' },
    { at: 300, kind: 'payload', bytes: bytesOf('hello') },
  ]);
  advance(200_000);
  expect(told.slice(2)).not.toContainEqual(expect.objectContaining({ kind: 'payload' }));
});

test('a port that cannot write is left to those who read from it', () => {
  const { lane, advance } = startedLane({ port: { write: () => throwError(() => new Error('gone')) } });
  const signal = observe(lane.run(csq()));
  advance(1);
  expect(signal.end).toBe('open');
});

test('a module that was left in data mode or multiplexed is called out of it', () => {
  const { lane, sent, silent, advance } = startedLane();
  lane.start(20_000);
  advance(60_000);
  const others = sent.filter((line) => line !== 'AT\r');
  expect(others.filter((line) => line === '+++')).toHaveLength(3);
  const [first, again] = [closeDown(false), closeDown(true)].map((command) => commandBytes(command).length);
  const lengths = (...lines: readonly string[]) => lines.map(({ length }) => length);
  const full = `${' '.repeat(10_240)}\r`;
  expect(others.map((line) => line.length)).toEqual([
    ...[...lengths('\x1b\r', '+++'), first],
    ...lengths('ATQ0V1\r', '\nATS3=13S4=10\n\r', `${' '.repeat(1_500)}\r`),
    ...[...lengths('+++'), again, ...lengths(full), ...lengths('+++'), again, ...lengths(full)],
  ]);
  expect(silent).toEqual(['MODULE_SILENT']);
});
