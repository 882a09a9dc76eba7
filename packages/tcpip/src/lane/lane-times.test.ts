import { at, type Command, cipSend, command, csq, netClose, netOpen, plainLine } from '@a7600/at-codec';
import { describe, expect, test } from 'vitest';
import { laneRig, startedLane } from '../../test/lane-rig.js';
import { bytesOf, errorOf, observe } from '../../test/world.js';

describe('a command that is settled', () => {
  test('is not waited for any longer', () => {
    const { lane, print, advance, counts, sent } = startedLane();
    observe(lane.run(csq()));
    print('+CSQ: 20,0', 'OK');
    advance(20_000);
    expect([counts, sent]).toEqual([[], ['AT+CSQ\r']]);
  });

  test('by the end of another one that was due at the same time is not late', () => {
    const { lane, print, advance, counts } = startedLane();
    lane.run(netOpen()).subscribe({ error: () => lane.end(new Error('over')) });
    print('OK');
    const second = observe(lane.run(netClose()));
    print('OK');
    advance(120_000);
    expect([counts, errorOf(second)?.message]).toEqual([['unansweredCommands'], 'over']);
  });
});

test('a command whose caller is gone can still be ended', () => {
  const { lane } = startedLane();
  lane.run(csq()).subscribe().unsubscribe();
  expect(() => lane.end(new Error('over'))).not.toThrow();
});

describe('an outcome that never comes', () => {
  test('is counted, and the lane goes on without asking anything', () => {
    const { lane, print, advance, counts, sent } = startedLane();
    const opened = observe(lane.run(netOpen()));
    print('OK');
    advance(120_000);
    expect([errorOf(opened)?.code, counts, sent]).toEqual([
      'TIMEOUT',
      ['unansweredCommands'],
      ['AT+NETOPEN\r'],
    ]);
  });

  test('does not disturb the command on the wire', () => {
    const { lane, print, advance, counts, sent } = startedLane();
    observe(lane.run(netOpen()));
    print('OK');
    advance(119_000);
    const signal = observe(lane.run(csq()));
    advance(1_000);
    expect(counts).toEqual(['unansweredCommands']);
    print('+CSQ: 20,0', 'OK');
    expect([signal.end, sent]).toEqual(['complete', ['AT+NETOPEN\r', 'AT+CSQ\r']]);
  });
});

test('the time for a first answer does not begin again with an echo', () => {
  const { lane, raw, advance } = startedLane();
  const opened = observe(lane.run(netOpen()));
  advance(10_000);
  raw('AT+NETOPEN\r\r\n');
  advance(4_999);
  expect(opened.end).toBe('open');
  advance(1);
  expect(errorOf(opened)?.code).toBe('TIMEOUT');
});

test('a caller that tries again at once when it was not answered waits until all is answered', () => {
  const { lane, advance, sent } = startedLane();
  lane.run(csq()).subscribe({ error: () => lane.run(csq()).subscribe() });
  advance(9_000);
  expect(sent).toEqual(['AT+CSQ\r', 'AT\r']);
});

test('a prompt that comes after its time is none', () => {
  const { lane, advance, prompt, print, unclaimed } = startedLane();
  observe(lane.run(cipSend({ link: 0, bytes: bytesOf('hello') })));
  advance(15_000);
  prompt();
  print('', 'hello');
  expect(unclaimed).toEqual(['>', 'hello']);
});

test('a payload that looks like a result is not taken for its own echo', () => {
  const { lane, prompt, print } = startedLane();
  const report = observe(lane.run(cipSend({ link: 0, bytes: bytesOf('\r\nOK\r\n') })));
  prompt();
  print('OK', '+CIPSEND: 0,6,6');
  expect(report.values).toEqual([{ requested: 6, confirmed: 6 }]);
});

describe('lines that no command claims', () => {
  test('do not keep a result from the command on the wire, unless they announce a block', () => {
    const { lane, print, unclaimed } = startedLane();
    print('hello');
    const asked = observe(lane.run(at()));
    print('world', 'OK');
    expect([asked.end, unclaimed]).toEqual(['complete', ['hello', 'world']]);
  });

  test('nor does a late answer that has no block', () => {
    const { lane, print } = startedLane();
    print('+CIPRXGET: 4,1,5');
    const asked = observe(lane.run(at()));
    print('OK');
    expect(asked.end).toBe('complete');
  });

  test('nor do blocks that the module sends unasked (protocol 5)', () => {
    const { lane, raw, unclaimed } = startedLane();
    const asked = observe(lane.run(at()));
    raw('\r\n+IPD5\r\nhello\r\nOK\r\n');
    expect([asked.end, unclaimed]).toEqual(['complete', ['+IPD5', 'payload']]);
  });

  test('of a command that waits for its outcome neither end it nor take the wire from the next one', () => {
    const fetching: Command<number> = {
      ...command<number>(plainLine('AT+HTTPREAD=0,5')),
      claims: (line) => line.name === '+HTTPREAD' && line.payloadLength > 0,
      outcome: {
        claims: (line) => line.name === '+HTTPREAD' && line.payloadLength === 0,
        error: (line) => line.int(0),
      },
      read: ({ payload }) => payload.length,
    };
    const { lane, print, raw } = startedLane();
    const fetched = observe(lane.run(fetching));
    print('OK');
    const signal = observe(lane.run(csq()));
    raw('\r\n+HTTPREAD: 5\r\nhello');
    print('+CSQ: 20,0', 'OK');
    expect(signal.end).toBe('complete');
    print('+HTTPREAD: 0');
    expect(fetched.values).toEqual([1]);
  });
});

describe('a probe', () => {
  test('ends after 2 s, although the module goes on to print results', () => {
    const { lane, print, advance, sent } = laneRig();
    lane.start(5_000);
    observe(lane.run(csq()));
    print('OK');
    for (let count = 0; count < 41; count++) {
      advance(50);
      print('OK');
    }
    expect(sent).toContain('AT+CSQ\r');
  });

  test.each([
    ['at once', 0, 40],
    ['within 20 ms', 20, 40],
    ['later, perhaps what another program has asked', 21, 100],
    ['the second time', 1_000, 100],
  ])('of a module that answers %s waits until it is silent for %s + %s ms', (_, answered, silent) => {
    const { lane, print, advance, sent } = laneRig();
    lane.start(5_000);
    observe(lane.run(csq()));
    advance(answered);
    print('OK');
    advance(silent - 1);
    expect(sent).not.toContain('AT+CSQ\r');
    advance(1);
    // A module that was asked twice is asked for something that only it can answer before that.
    expect(sent.at(-1)).toBe(answered < 1_000 ? 'AT+CSQ\r' : 'AT+CMEE?\r');
  });

  test('claims its echo', () => {
    const { lane, raw, unclaimed } = laneRig();
    lane.start(5_000);
    raw('AT\r\r\nOK\r\n');
    expect(unclaimed).toEqual([]);
  });

  test('gives up what the module has begun when nothing came for half a second', () => {
    let stalls = 0;
    const { lane, print, advance } = laneRig({ onStalled: () => stalls++ });
    lane.start(5_000);
    advance(1_000);
    expect(stalls).toBe(1);
    advance(500);
    print('hello');
    advance(500);
    expect(stalls).toBe(1);
    advance(499);
    print('hello');
    advance(501);
    expect(stalls).toBe(2);
  });
});
