import { at, cipClose, cipOpen, cipRxGet, cipSend, csq, netOpen } from '@a7600/at-codec';
import { beforeEach, describe, expect, test } from 'vitest';
import { laneRig, startedLane } from '../../test/lane-rig.js';
import { bytesOf, errorOf, observe } from '../../test/world.js';
import type { TrafficSource } from './job.js';

let { lane, sent, unclaimed, silent, counts, advance, print, prompt, raw } = startedLane();

beforeEach(() => {
  ({ lane, sent, unclaimed, silent, counts, advance, print, prompt, raw } = startedLane());
});

describe('starting', () => {
  test('asks every second until the module answers, then until it has answered all of it (Q-41)', () => {
    ({ lane, sent, advance, print } = laneRig());
    lane.start(5_000);
    const signal = observe(lane.run(csq()));
    advance(2500);
    // The second one comes after ESC: an earlier program may have left a text half typed.
    expect(sent).toEqual(['AT\r', '\x1b\r', 'AT\r', 'AT\r']);
    print('OK');
    advance(50);
    print('OK', 'SMS DONE');
    advance(99);
    expect(sent).toHaveLength(4);
    advance(1);
    expect(sent.at(-1)).toBe('AT+CMEE?\r');
    print('OK', '+CMEE: 2', 'OK');
    advance(99);
    expect(sent).toHaveLength(5);
    advance(1);
    expect(sent.at(-1)).toBe('AT+CSQ\r');
    print('+CSQ: 20,0', 'OK');
    expect(signal.values).toEqual([{ rssi: 20, ber: 0 }]);
  });

  test('reports a module that never answers', () => {
    ({ lane, sent, silent, advance } = laneRig());
    lane.start(5_000);
    advance(5_100);
    // It may have been left in data mode, where only an escape between silences is heard, or multiplexed, where only
    // frames are (3GPP TS 27.010, 5.4.6.3.3).
    expect(sent).toEqual([
      ...['AT\r', '\x1b\r', 'AT\r', 'AT\r', '+++'],
      ...['\xf9\x03\xef\x05\xc3\x01\xf2\xf9\r', 'ATQ0V1\r', 'AT\r'],
    ]);
    expect(silent).toEqual(['MODULE_SILENT']);
  });
});

describe('one command at a time', () => {
  test('the next one goes out when the one before has its result', () => {
    const [first, second] = [observe(lane.run(csq())), observe(lane.run(at()))];
    expect(sent).toEqual(['AT+CSQ\r']);
    print('+CSQ: 1,2', 'OK');
    expect(sent).toEqual(['AT+CSQ\r', 'AT\r']);
    print('OK');
    expect([first.end, second.end]).toEqual(['complete', 'complete']);
  });

  test("a failure is that command's alone", () => {
    const [first, second] = [observe(lane.run(csq())), observe(lane.run(at()))];
    print('ERROR');
    print('OK');
    expect(errorOf(first)?.code).toBe('REFUSED');
    expect(second.end).toBe('complete');
  });

  test('unsubscribed in the queue, a command is never sent', () => {
    observe(lane.run(at()));
    observe(lane.run(csq())).unsubscribe();
    print('OK');
    expect(sent).toEqual(['AT\r']);
  });

  test('unsubscribed in flight, it keeps the lane until its result', () => {
    observe(lane.run(csq())).unsubscribe();
    const second = observe(lane.run(at()));
    expect(sent).toEqual(['AT+CSQ\r']);
    print('+CSQ: 1,2', 'OK');
    expect(second.end).toBe('open');
    print('OK');
    expect(second.end).toBe('complete');
  });

  test('each subscription sends once', () => {
    const ping$ = lane.run(at());
    expect(sent).toEqual([]);
    observe(ping$);
    print('OK');
    observe(ping$);
    expect(sent).toEqual(['AT\r', 'AT\r']);
  });
});

describe('late results', () => {
  test('others run while an outcome is outstanding, and each gets its own', () => {
    const [one, two] = [3, 4].map((link) => observe(lane.run(cipOpen({ link, host: 'a', port: 1 }))));
    print('OK');
    print('OK');
    const signal = observe(lane.run(csq()));
    print('+CIPOPEN: 4,0', '+CSQ: 9,9', '+CIPOPEN: 3,1', 'OK');
    expect([errorOf(one as NonNullable<typeof one>)?.code, two?.end]).toEqual(['SOCKET_ERROR', 'complete']);
    expect(signal.values).toEqual([{ rssi: 9, ber: 9 }]);
    expect(unclaimed).toEqual([]);
  });

  test('a result that no command waits for is left to others', () => {
    print('+CIPOPEN: 5,0', 'OK');
    expect(unclaimed).toEqual(['+CIPOPEN: 5,0', 'OK']);
  });

  test('Q-11: an outcome that never comes is a timeout, and the lane goes on meanwhile', () => {
    const open = observe(lane.run(netOpen()));
    print('OK');
    advance(119_000);
    const ping = observe(lane.run(at()));
    print('OK');
    expect(ping.end).toBe('complete');
    advance(2_000);
    expect(errorOf(open)?.code).toBe('TIMEOUT');
    expect(observe(lane.run(at())).end).toBe('open');
    expect(sent.at(-1)).toBe('AT\r');
  });
});

describe('a command that is not answered', () => {
  test('times out, and a late answer is never credited to the next one (pain point 17)', () => {
    const first = observe(lane.run(csq()));
    const second = observe(lane.run(cipClose({ link: 2 })));
    advance(9_000);
    expect(errorOf(first)?.code).toBe('TIMEOUT');
    expect(sent).toEqual(['AT+CSQ\r', 'AT\r']);
    print('+CSQ: 3,3', 'OK');
    advance(50);
    print('OK');
    advance(100);
    expect(sent.at(-1)).toBe('AT+CMEE?\r');
    print('+CMEE: 2', 'OK');
    advance(100);
    expect(sent.at(-1)).toBe('AT+CIPCLOSE=2\r');
    expect(second.end).toBe('open');
    print('OK', '+CIPCLOSE: 2,0');
    expect(second.end).toBe('complete');
  });

  test('a block that is under way then is taken to its end', () => {
    observe(lane.run(csq()));
    advance(8_999);
    raw('\r\n+RECEIVE,1,6\r\nabc');
    advance(10);
    raw('def\r\nOK\r\n');
    expect(unclaimed).toEqual(['+RECEIVE,1,6', 'payload', 'payload']);
  });

  test('a block that is not completed is given up when the module does not answer', () => {
    observe(lane.run(csq()));
    raw('\r\n+RECEIVE,1,100\r\nabc');
    advance(9_999);
    expect(sent.at(-1)).toBe('AT\r');
    const next = observe(lane.run(at()));
    print('OK');
    advance(1_001);
    print('OK');
    advance(100);
    print('+CMEE: 2', 'OK');
    advance(100);
    print('OK');
    expect(next.end).toBe('complete');
  });

  test('a module that stays silent is reported', () => {
    observe(lane.run(at()));
    advance(9_000 + 15_000);
    expect(silent).toEqual(['MODULE_SILENT']);
  });
});

describe('sending', () => {
  test('the payload follows the prompt, past whatever comes in between (Q-43, pain point 6)', () => {
    const send = observe(lane.run(cipSend({ link: 0, bytes: bytesOf('a>b') })));
    print('+CIPRXGET: 1,0');
    expect(sent).toEqual(['AT+CIPSEND=0,3\r']);
    prompt();
    expect(sent.at(-1)).toBe('a>b');
    print('SMS DONE', 'OK', '+CIPSEND: 0,3,3');
    expect(send.values).toEqual([{ requested: 3, confirmed: 3 }]);
    expect(unclaimed).toEqual(['+CIPRXGET: 1,0', 'SMS DONE']);
  });

  test('Q-26: a module that echoes the command echoes the payload too, whatever is in it', () => {
    const bytes = bytesOf('\r\nERROR\r\n');
    const report = observe(lane.run(cipSend({ link: 1, bytes })));
    raw('AT+CIPSEND=1,9\r\r\n>');
    raw('\r\nERROR\r\n');
    expect(report.values).toEqual([]);
    print('OK', '+CIPSEND: 1,9,9');
    expect(report.values).toEqual([{ requested: 9, confirmed: 9 }]);
    expect(unclaimed).toEqual([]);
  });

  test('a > that no command asked for is no prompt', () => {
    observe(lane.run(csq()));
    prompt();
    print('', '+CSQ: 1,1', 'OK');
    expect(sent).toEqual(['AT+CSQ\r']);
    expect(unclaimed).toEqual(['>']);
  });
});

describe('fairness', () => {
  /** Traffic that never ends. */
  function endless(link: number): TrafficSource {
    const source: TrafficSource = {
      next: () => ({ command: cipClose({ link }), settle: () => lane.wake(source) }),
    };
    return source;
  }

  const turn = () => {
    const link = /\d+/.exec(sent.at(-1) ?? '')?.[0];
    print('OK', `+CIPCLOSE: ${link},0`);
  };

  test('sources of traffic take turns', () => {
    for (const link of [1, 2, 3]) lane.wake(endless(link));
    for (let count = 0; count < 8; count++) turn();
    expect(sent.map((text) => /\d+/.exec(text)?.[0]).join('')).toBe('123123123');
  });

  test('a control command waits for one chunk of traffic at most', () => {
    lane.wake(endless(1));
    lane.wake(endless(2));
    turn();
    observe(lane.run(csq()));
    observe(lane.run(at()));
    turn();
    print('+CSQ: 1,1', 'OK');
    turn();
    print('OK');
    expect(sent.map((text) => text.trim())).toEqual([
      'AT+CIPCLOSE=1',
      'AT+CIPCLOSE=2',
      'AT+CSQ',
      'AT+CIPCLOSE=1',
      'AT',
      'AT+CIPCLOSE=2',
    ]);
  });
});

test('ending the lane ends everything in it with the same error', () => {
  const running = [observe(lane.run(netOpen())), observe(lane.run(csq())), observe(lane.run(at()))];
  print('OK');
  lane.end(new Error('over'));
  running.push(observe(lane.run(at())));
  expect(running.map((observed) => errorOf(observed)?.message)).toEqual(['over', 'over', 'over', 'over']);
});

test('after its end a lane sends nothing, counts nothing, and keeps its first error', () => {
  observe(lane.run(netOpen()));
  print('OK');
  observe(lane.run(csq()));
  lane.end(new Error('over'));
  lane.end(new Error('over again'));
  sent.length = 0;
  advance(300_000);
  print('OK');
  advance(300_000);
  expect([sent, silent, counts]).toEqual([[], [], []]);
  expect(errorOf(observe(lane.run(at())))?.message).toBe('over');
});

test('the result after a block whose read has ended is not the next command’s', () => {
  const read = observe(lane.run(cipRxGet.take({ link: 1 })));
  print('ERROR');
  expect(errorOf(read)?.code).toBe('REFUSED');
  const next = observe(lane.run(at()));
  raw('\r\n+CIPRXGET: 2,1,2,0\r\nab\r\nOK\r\n');
  expect(next.end).toBe('open');
  expect(unclaimed).toEqual(['+CIPRXGET: 2,1,2,0', 'payload']);
  print('OK');
  expect(next.end).toBe('complete');
});

test('no command gets the second of two results in one chunk', () => {
  const first = observe(lane.run(at()));
  const second = observe(lane.run(at()));
  print('OK', 'OK');
  expect([first.end, second.end, sent]).toEqual(['complete', 'open', ['AT\r', 'AT\r']]);
  print('OK');
  expect(second.end).toBe('complete');
});
