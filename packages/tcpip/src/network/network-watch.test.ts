import { AtError, IpErrorNumber } from '@a7600/at-codec';
import { EMPTY, of } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { notingHandler, openState } from '../../test/link-rig.js';
import { type Belief, networkWatchRig } from '../../test/network-watch-rig.js';
import { errorOf, observe } from '../../test/world.js';
import type { Servers } from '../sockets/servers.js';
import { BUFFERED, HEADERS } from './settings.js';

const GRACE = 60_000;
const LOST = '\r\n+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n';
const GONE =
  'The module lost the network, and every connection with it. Check the signal and the subscription, then open the ' +
  'network again.';
const OTHER_MODE =
  'The module is not set as it was when the network was opened (AT+CIPRXGET, AT+CIPMODE), so that data may be lost. ' +
  'Another program, or a command of raw() such as AT&F, may have changed it. Open the network again.';

let { session, beliefs, watch, network, notes, asked, answer, refuse, advance, print, scheduler, table } =
  networkWatchRig(GRACE);
beforeEach(() => {
  ({ session, beliefs, watch, network, notes, asked, answer, refuse, advance, print, scheduler, table } =
    networkWatchRig(GRACE));
});

describe('a network', () => {
  const keep = () => watch.keep('10.0.0.2', { size: 0 } as Servers, undefined);

  test('that the module says is lost ends, with every link in it, when that is confirmed (Q-30)', () => {
    keep();
    print(`${LOST}${LOST}`);
    expect([network.end, asked]).toEqual(['open', ['AT+NETOPEN?']]);
    answer(false);
    expect([network.end, watch.isLost]).toEqual(['open', false]);
    answer(false);
    expect(errorOf(network)).toMatchObject({ code: 'NETWORK_LOST', message: GONE });
    expect([notes, watch.isLost]).toEqual([['1 lost'], true]);
  });

  test('whose loss is reported once more, when it is open again, goes on', () => {
    keep();
    print(LOST);
    answer(true);
    answer('10.0.0.2');
    answer([openState(1)]);
    advance(20_000);
    expect([network.end, asked]).toEqual(['open', ['AT+NETOPEN?', 'AT+IPADDR', 'AT+CIPOPEN?']]);
  });

  test('that is reported lost, and said to be open (Q-31), is judged by its address', () => {
    keep();
    print(LOST);
    answer(true);
    refuse(new AtError('IP_ERROR', 'x', { number: IpErrorNumber.NETWORK_NOT_OPENED }));
    expect(errorOf(network)?.code).toBe('NETWORK_LOST');
  });

  test('that is reported lost is lost where the module does not answer for 10 s (Q-11)', () => {
    keep();
    print(LOST);
    advance(9_999);
    expect(network.end).toBe('open');
    advance(1);
    expect(errorOf(network)?.code).toBe('NETWORK_LOST');
  });

  test('that is being opened when a loss is reported has 10 s to be open', () => {
    print(LOST);
    advance(9_999);
    expect([network.end, asked]).toEqual(['open', []]);
    advance(1);
    expect(errorOf(network)?.code).toBe('NETWORK_LOST');
  });

  test('that opens after the loss of the one before was reported is asked for', () => {
    print(LOST);
    advance(5_000);
    keep();
    advance(5_000);
    expect([network.end, asked]).toEqual(['open', ['AT+NETOPEN?']]);
  });

  test('that a command was refused in is asked for, and lost if the module says so', () => {
    const refused = () =>
      table.refused(new AtError('IP_ERROR', 'x', { number: IpErrorNumber.NETWORK_NOT_OPENED }));
    refused();
    answer(true);
    expect([asked, network.end]).toEqual([['AT+NETOPEN?'], 'open']);
    refused();
    refuse(new AtError('REFUSED', 'ERROR'));
    expect(network.end).toBe('open');
    refused();
    answer(false);
    expect(network.end).toBe('open');
    answer(false);
    expect(errorOf(network)?.code).toBe('NETWORK_LOST');
  });

  test('that did not open as a transparent one is another than was asked for', () => {
    watch.notTransparent();
    expect(errorOf(network)).toMatchObject({ code: 'NETWORK_CHANGED', message: OTHER_MODE });
  });

  test('that was closed here is watched no longer', () => {
    watch.watchReceiving(true);
    watch.keep('10.0.0.2', { size: 0 } as Servers, { what: '', host: '', probe$: of(true), every: 30_000 });
    print('\r\n+CREG: 2\r\n');
    expect(observe(watch.stop()).end).toBe('complete');
    expect([beliefs.size, scheduler.actions]).toEqual([0, []]);
    print(`${LOST}\r\n+CREG: 2\r\n\r\n+CREG: 3\r\n\r\n+IPD1\r\nx`);
    observe(session.settings.question.ask());
    advance(10 * GRACE);
    expect([network.end, asked]).toEqual(['open', []]);
  });

  test('that was closed before it was open leaves nothing', () => {
    expect(observe(watch.stop()).end).toBe('complete');
  });

  test('that ended has no effect on the links of the next one, whatever is answered late', () => {
    watch.watchReceiving(true);
    print('\r\n+IPD1\r\nx');
    watch.notTransparent();
    table.accept(2, notingHandler(2, notes));
    answer(false);
    expect(notes).toEqual(['1 lost']);
    expect([beliefs.size, scheduler.actions]).toEqual([0, []]);
  });
});

describe('how received data comes', () => {
  const PUSHED = '\r\n+RECEIVE,1,1:\r\nx';
  const WAITING = '\r\n+CIPRXGET: 1,1\r\n';

  test.each([
    [true, PUSHED, WAITING],
    [true, '\r\n+IPD1\r\nx', WAITING],
    [false, WAITING, PUSHED],
  ])('buffered: %s, is asked for after %j, once at a time', (buffered, sign, usual) => {
    watch.watchReceiving(buffered);
    print(usual);
    expect(asked).toEqual([]);
    print(sign);
    print(sign);
    expect(asked).toEqual(['AT+CIPRXGET?']);
    answer(buffered);
    expect(network.end).toBe('open');
    print(sign);
    expect(asked).toEqual(['AT+CIPRXGET?', 'AT+CIPRXGET?']);
    answer(!buffered);
    expect(errorOf(network)).toMatchObject({ code: 'NETWORK_CHANGED', message: OTHER_MODE });
  });

  test('is asked for again after a question that was refused', () => {
    watch.watchReceiving(true);
    print(PUSHED);
    refuse(new AtError('REFUSED', 'ERROR'));
    expect(network.end).toBe('open');
    print(PUSHED);
    expect(asked).toHaveLength(2);
  });

  /** The watch asks for the kept settings; another program may have changed one. */
  const confirmed = (...values: readonly unknown[]) => {
    observe(session.settings.question.ask());
    for (const value of values) answer(value);
  };

  test('that was changed and is set again has lost data when a sign of it comes, which needs no question', () => {
    watch.watchReceiving(true);
    confirmed(false, undefined, true);
    expect(network.end).toBe('open');
    const before = asked.length;
    print(PUSHED);
    expect(errorOf(network)).toMatchObject({ code: 'NETWORK_CHANGED', message: OTHER_MODE });
    expect(asked).toHaveLength(before);
  });

  test('that was changed has lost data where something was printed unasked since it was seen, which may be pushed data', () => {
    watch.watchReceiving(true);
    session.unasked = 1;
    confirmed(true);
    session.unasked = 2;
    confirmed(false, undefined, true);
    expect(errorOf(network)).toMatchObject({ code: 'NETWORK_CHANGED', message: OTHER_MODE });
  });

  test('that is as it was is no reason to believe a sign', () => {
    watch.watchReceiving(true);
    confirmed(true);
    print(PUSHED);
    expect(network.end).toBe('open');
  });

  test('without headers has lost data where something was printed unasked since they were seen', () => {
    session.settings.keep(HEADERS, true);
    watch.watchHeaders();
    session.unasked = 1;
    confirmed(true);
    confirmed(false, undefined, true);
    expect(network.end).toBe('open');
    session.unasked = 2;
    confirmed(false, undefined, true);
    expect(errorOf(network)).toMatchObject({
      code: 'NETWORK_CHANGED',
      message:
        'Another program has switched off the headers of pushed data (AT+CIPHEAD=0), so that received data was lost. ' +
        'Open the network again.',
    });
  });

  test('has no headers to be kept where they are not kept', () => {
    watch.watchHeaders();
    expect(session.settings.has(HEADERS)).toBe(false);
    expect(session.settings.has(BUFFERED)).toBe(false);
  });
});

describe('the registration', () => {
  const answerStates = (...states: readonly number[]) => {
    for (const stat of states) answer({ stat });
  };

  test('that is lost for the time of grace is asked for in all families, and then the network is lost', () => {
    print('\r\n+CREG: 2\r\n');
    advance(GRACE - 1);
    print('\r\n+CREG: 3\r\n');
    expect(asked).toEqual([]);
    advance(1);
    answerStates(2, 2);
    expect(network.end).toBe('open');
    answerStates(0);
    expect([asked, errorOf(network)?.message]).toEqual([['AT+CEREG?', 'AT+CGREG?', 'AT+CREG?'], GONE]);
    expect(scheduler.actions).toEqual([]);
  });

  test('that one family has ends the question, and the network goes on', () => {
    print('\r\n+CREG: 2\r\n');
    advance(GRACE);
    answerStates(2, 1);
    expect([asked, network.end]).toEqual([['AT+CEREG?', 'AT+CGREG?'], 'open']);
  });

  test('that comes back within the time is not asked for', () => {
    print('\r\n+CREG: 2\r\n');
    advance(GRACE - 1);
    print('\r\n+CREG: 5\r\n');
    advance(GRACE);
    print('\r\n+CREG: 2\r\n');
    advance(GRACE - 1);
    expect(asked).toEqual([]);
    advance(1);
    expect(asked).toEqual(['AT+CEREG?']);
  });

  test('that is reported as lost again does not begin the time of grace again', () => {
    print('\r\n+CREG: 2\r\n');
    advance(GRACE - 1);
    print('\r\n+CREG: 3\r\n');
    advance(1);
    expect(asked).toEqual(['AT+CEREG?']);
    answerStates(1);
    advance(GRACE);
    expect(asked).toEqual(['AT+CEREG?']);
  });

  test.each(['CREG', 'CGREG', 'CEREG'])(
    'of +%s speaks for itself only while another one is there',
    (family) => {
      const other = family === 'CREG' ? 'CEREG' : 'CREG';
      print(`\r\n+${other}: 1\r\n\r\n+${family}: 2\r\n`);
      advance(2 * GRACE);
      expect(asked).toEqual([]);
      print(`\r\n+${other}: 0\r\n`);
      advance(GRACE);
      expect(asked).toEqual(['AT+CEREG?']);
    },
  );
});

describe('what is confirmed again and again', () => {
  const servers = { size: 0, confirm: () => EMPTY };
  beforeEach(() => {
    servers.size = 0;
    watch.keep('10.0.0.2', servers as unknown as Servers, undefined);
  });

  test('is that the network is open, which links are, and, if there are any, which servers', () => {
    const asks = () => [...beliefs].filter(({ applies }) => applies());
    expect(asks()).toHaveLength(2);
    servers.size = 1;
    expect(asks()).toHaveLength(3);
    const [open, links] = asks() as [Belief, Belief];
    observe(links.ask());
    answer([]);
    answer([]);
    expect([asked, notes]).toEqual([['AT+CIPOPEN?', 'AT+CIPOPEN?'], ['1 lost']]);
    observe(open.ask());
    answer(true);
    expect(network.end).toBe('open');
    observe(open.ask());
    answer(false);
    answer(true);
    expect(network.end).toBe('open');
    observe(open.ask());
    answer(false);
    answer(false);
    expect(errorOf(network)?.code).toBe('NETWORK_LOST');
  });

  test('is the address: another one, told twice, ends the network', () => {
    observe(session.settings.question.ask());
    answer('10.0.0.2');
    expect(asked).toEqual(['AT+IPADDR']);
    for (const again of ['10.0.0.3', '10.0.0.2']) {
      observe(session.settings.question.ask());
      answer('10.0.0.9');
      answer(again);
      expect(network.end).toBe('open');
    }
    observe(session.settings.question.ask());
    answer('10.0.0.9');
    answer('10.0.0.9');
    expect(errorOf(network)).toMatchObject({
      code: 'NETWORK_CHANGED',
      message:
        'The network has another address than when it was opened (10.0.0.9 instead of 10.0.0.2): it was closed and ' +
        'opened again by another program, or by the module itself, and the connections of before are gone. Open the ' +
        'network again.',
    });
  });

  test('is that data passes', () => {
    session.bearer.failed('a');
    session.bearer.failed('b');
    advance(60_000);
    for (const value of [true, { stat: 1 }, { rssi: 9 }]) answer(value);
    expect([errorOf(network)?.code, notes]).toEqual(['BEARER_STALLED', ['1 lost']]);
  });
});
