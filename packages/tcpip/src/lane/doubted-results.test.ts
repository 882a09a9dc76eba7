import { at, cipRxGet, cipSend, csq } from '@a7600/at-codec';
import { beforeEach, describe, expect, test } from 'vitest';
import { startedLane } from '../../test/lane-rig.js';
import { bytesOf, errorOf, observe } from '../../test/world.js';

let { lane, sent, unclaimed, counts, advance, print, prompt, raw } = startedLane();

beforeEach(() => {
  ({ lane, sent, unclaimed, counts, advance, print, prompt, raw } = startedLane());
});

describe('an ERROR that nothing explains, right after another one', () => {
  const send = () => observe(lane.run(cipSend({ link: 0, bytes: bytesOf('hello') })));

  beforeEach(() => {
    const refused = observe(lane.run(at()));
    print('ERROR');
    expect(errorOf(refused)?.code).toBe('REFUSED');
    advance(199);
  });

  test('is not believed when the prompt comes after it, however late', () => {
    const report = send();
    print('ERROR');
    advance(4_999);
    prompt();
    expect(sent.at(-1)).toBe('hello');
    print('OK', '+CIPSEND: 0,5,5');
    expect(report.values).toEqual([{ requested: 5, confirmed: 5 }]);
  });

  test('is not believed when a block begins after it, also when that takes longer', () => {
    const read = observe(lane.run(cipRxGet.take({ link: 0 })));
    print('ERROR');
    advance(4_999);
    raw('\r\n+CIPRXGET: 2,0,5,0\r\nhel');
    advance(3_000);
    raw('lo\r\n\r\nOK\r\n');
    expect(read.end).toBe('complete');
    expect(unclaimed).toEqual([]);
  });

  test('is not believed when it comes again and again before the prompt', () => {
    const report = send();
    print('ERROR');
    advance(100);
    print('ERROR', 'ERROR');
    prompt();
    expect([report.end, sent.at(-1)]).toEqual(['open', 'hello']);
  });

  test('is believed when nothing else comes, and the next command goes out then', () => {
    const report = send();
    const signal = observe(lane.run(csq()));
    print('ERROR');
    advance(4_999);
    expect([report.end, sent.at(-1)]).toEqual(['open', 'AT+CIPSEND=0,5\r']);
    advance(1);
    expect([errorOf(report)?.code, sent.at(-1)]).toEqual(['REFUSED', 'AT+CSQ\r']);
    print('+CSQ: 20,0', 'OK');
    expect(signal.end).toBe('complete');
  });

  test('is believed at once when it was explained', () => {
    const report = send();
    print('+CIPERROR: 4', 'ERROR');
    expect(errorOf(report)).toMatchObject({ code: 'SOCKET_ERROR', number: 4 });
  });

  test('that is believed in the end was an answer: nothing is counted, and its caller hears of it first', () => {
    const order: string[] = [];
    lane
      .run(cipSend({ link: 0, bytes: bytesOf('x') }))
      .subscribe({ error: () => order.push(sent.at(-1) ?? '') });
    observe(lane.run(csq()));
    print('ERROR');
    advance(5_000);
    expect([order, sent.at(-1), counts]).toEqual([['AT+CIPSEND=0,1\r'], 'AT+CSQ\r', []]);
  });

  test('is believed at once when it comes later', () => {
    const report = send();
    advance(1);
    print('ERROR');
    expect(errorOf(report)?.code).toBe('REFUSED');
  });
});

test('an ERROR right after a success is believed at once', () => {
  observe(lane.run(at()));
  print('OK');
  const report = observe(lane.run(cipSend({ link: 0, bytes: bytesOf('hello') })));
  print('ERROR');
  expect(errorOf(report)?.code).toBe('REFUSED');
});
