import { describe, expect, test } from 'vitest';
import { observe } from '../../../test/observing.js';
import { virtualTime } from '../../../test/virtual-time.js';
import { mobileNetwork } from './mobile-network.js';
import { addressOf } from './tpdu/address.js';
import { userDataOf } from './tpdu/user-data.js';

const ANN = '+4930111111';
const BOB = '+4930222222';

function world() {
  const { scheduler, advance } = virtualTime();
  const network = mobileNetwork({ scheduler });
  return { network, advance, ann: network.phone(ANN), bob: network.phone(BOB) };
}

describe('messages', () => {
  test('reach a phone, long ones joined', () => {
    const { ann, bob } = world();
    const heard = observe(bob.messages$);
    ann.send(BOB, 'hello');
    ann.send(BOB, 'ж'.repeat(200));
    expect(heard.values).toMatchObject([
      { from: ANN, text: 'hello', parts: 1 },
      { from: ANN, text: 'ж'.repeat(200), parts: 3 },
    ]);
    expect(bob.inbox).toEqual(heard.values);
  });

  test('wait for a phone that is off, in order, and the report waits with them', () => {
    const { ann, bob, advance } = world();
    const reports = observe(ann.reports$);
    bob.on = false;
    ann.send(BOB, 'one', { report: true });
    ann.send(BOB, 'two');
    expect(bob.inbox).toEqual([]);
    expect(reports.values).toEqual([]);
    advance(60_000);
    bob.on = true;
    expect(bob.inbox.map(({ text, at }) => [text, at])).toEqual([
      ['one', 0],
      ['two', 0],
    ]);
    expect(reports.values).toEqual([{ to: BOB, reference: 1, status: 0 }]);
  });

  test('a number without a subscriber cannot be obtained (3GPP TS 23.040, 9.2.3.15)', () => {
    const { ann } = world();
    const reports = observe(ann.reports$);
    ann.send('+4930999999', 'lost', { report: true });
    expect(reports.values).toMatchObject([{ status: 0x43 }]);
  });

  test('one that has expired is not delivered, and reported as such', () => {
    const { network, ann, bob, advance } = world();
    bob.on = false;
    const own = network.attach({
      reachable: () => true,
      receive: (message) => reported.push(message) > 0,
      ring: () => false,
      notify: () => {},
    });
    const reported: unknown[] = [];
    const [data] = userDataOf('short-lived');
    if (data === undefined) throw new Error('A text has user data.');
    // One octet of validity: 5 minutes.
    const validity = Uint8Array.of(0);
    const to = addressOf(BOB);
    const sent = own.submit({ kind: 'submit', flags: 0x31, reference: 9, to, protocol: 0, validity, data });
    if ('forward' in sent) sent.forward();
    advance(301_000);
    bob.on = true;
    expect(bob.inbox).toEqual([]);
    expect(reported).toMatchObject([{ kind: 'status report', reference: 9, status: 0x46 }]);
    expect(ann.inbox).toEqual([]);
  });

  test('a national number means the same subscriber', () => {
    const { ann, bob } = world();
    ann.send('030222222', 'national');
    ann.send('4930222222', 'without plus');
    ann.send('004930222222', 'with 00');
    expect(bob.inbox.map(({ text }) => text)).toEqual(['national', 'without plus', 'with 00']);
  });

  test('a refusal names its cause', () => {
    const { network, ann, bob } = world();
    network.conditions.refusal = 38;
    ann.send(BOB, 'refused');
    network.conditions.refusal = undefined;
    expect(bob.inbox).toEqual([]);
  });
});

describe('calls', () => {
  test('ring, are answered, carry tones, and end for both', () => {
    const { ann, bob } = world();
    const calls = observe(bob.calls$);
    const out = ann.call(BOB);
    const [incoming] = calls.values;
    if (incoming === undefined) throw new Error('It does not ring.');
    expect([out.state, incoming.state, incoming.number]).toEqual(['alerting', 'ringing', ANN]);
    const states = observe(out.states$);
    const tones = observe(out.tones$);
    incoming.answer();
    incoming.sendTones('5');
    out.hangUp();
    expect(states.values).toEqual(['active', 'ended']);
    expect(tones.values).toEqual(['5']);
    expect([out.ended, incoming.ended]).toEqual(['hung up', 'hung up']);
    incoming.hangUp();
    expect(incoming.ended).toBe('hung up');
  });

  test('end when they are rejected, given up, or lead nowhere', () => {
    const { ann, bob } = world();
    const calls = observe(bob.calls$);
    const rejected = ann.call(BOB);
    calls.values[0]?.hangUp();
    const givenUp = ann.call(BOB);
    givenUp.hangUp();
    bob.on = false;
    expect([rejected.ended, givenUp.ended, ann.call(BOB).ended, ann.call('1').ended]).toEqual([
      'rejected',
      'not answered',
      'unreachable',
      'unreachable',
    ]);
  });

  test('a withheld number is not shown', () => {
    const { ann, bob } = world();
    const calls = observe(bob.calls$);
    ann.call(BOB, true);
    expect(calls.values[0]?.number).toBe('');
  });
});

describe('numbers', () => {
  const terminal = { reachable: () => true, receive: () => true, ring: () => false, notify: () => {} };

  test('are given away one after another, the wanted one where it is free', () => {
    const { network } = world();
    expect(network.attach(terminal).number).toBe('+12025550100');
    expect(network.attach(terminal, '+12025550101').number).toBe('+12025550101');
    const last = network.attach(terminal, '+12025550101');
    expect(last.number).toBe('+12025550102');
    last.detach();
    expect(network.attach(terminal).number).toBe('+12025550102');
  });

  test('of a module is no phone', () => {
    const { network } = world();
    network.attach(terminal, '+1');
    expect(() => network.phone('+1')).toThrow('is the number of a module');
    expect(network.phone(ANN)).toBe(network.phone(ANN));
  });
});

test('USSD: a notice, a menu with its answer, an unknown code', () => {
  const { network } = world();
  const own = network.attach({
    reachable: () => true,
    receive: () => true,
    ring: () => false,
    notify: () => {},
  });
  expect(own.ussd('*100#')).toEqual({ kind: 'notice', text: 'Your balance is 12.34 EUR.' });
  expect(own.ussd('*101#').kind).toBe('question');
  expect(own.ussd('2')).toEqual({ kind: 'notice', text: 'Valid until 31/12/2030.' });
  expect(own.ussd('*999#')).toEqual({ kind: 'not supported' });
  own.ussd('*101#');
  own.cancelUssd();
  expect(own.ussd('*100#').kind).toBe('notice');
});
