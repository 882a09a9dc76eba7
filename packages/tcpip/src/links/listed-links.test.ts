import type { LinkState } from '@a7600/at-codec';
import { describe, expect, test } from 'vitest';
import { notingHandler, openState } from '../../test/link-rig.js';
import type { LinkInfo } from './link-handler.js';
import { ListedLinks } from './listed-links.js';

/** What is judged of a link when the module lists these, one after the other; undefined: it does not list the link. */
function judged(info: Partial<LinkInfo>, ...states: readonly (Partial<LinkState> | undefined)[]) {
  return judgedBeside([], info, ...states);
}

/** The same beside other links. */
function judgedBeside(
  others: readonly LinkState[],
  info: Partial<LinkInfo>,
  ...states: readonly (Partial<LinkState> | undefined)[]
) {
  const links = new ListedLinks();
  const handler = notingHandler(9, [], '9', info);
  return states.map((state) => {
    const own = state && { ...openState(9), ...state };
    return links.judge(handler, own, own ? [own, ...others] : others);
  });
}

const REMOTE = { remote: { host: '1.2.3.4', port: 5 } };
const NAMED = { remote: { host: 'example.com', port: 5 } };
const CLIENT = { remote: { host: '1.2.3.4', port: 5 }, server: 0 };
const UDP_TO = { kind: 'udp', ...REMOTE } as const;
const UDP = { kind: 'udp', remote: undefined } as const;

describe('a link as the module lists it (AT+CIPOPEN?, application note 3.2.1)', () => {
  test.each([
    ['what was opened', REMOTE, [{}, {}]],
    ['a name as its address', NAMED, [{}, {}]],
    ['a name as another address each time', NAMED, [{}, { host: '1.2.3.5' }, {}, { host: '1.2.3.5' }]],
    ['a client as it was reported (application note, 3.4)', CLIENT, [{}, {}]],
    ['a peer as a name', REMOTE, [{ host: 'one.two' }, { host: 'one.two' }]],
    ['zeros for a datagram socket (Q-14)', UDP, [{ type: 'UDP', host: '0.0.0.0', port: 0 }, { type: 'UDP' }]],
    [
      'the peer of a datagram, after zeros for long',
      UDP,
      [{ type: 'UDP', host: '0.0.0.0', port: 0 }, { type: 'UDP', host: '0.0.0.0', port: 0 }, { type: 'UDP' }],
    ],
    ['zeros for a datagram socket that has a peer', UDP_TO, [{ type: 'UDP', host: '0.0.0.0', port: 0 }]],
    ['a type that is not known', REMOTE, [{ type: 'TCPv6' }, { type: 'TCPv6' }]],
  ])('%s is its own', (_, info, states) => {
    expect(new Set(judged(info, ...states))).toEqual(new Set(['own']));
  });

  test.each([
    ['another address', REMOTE, { host: '1.2.3.5' }],
    ['another port', REMOTE, { port: 6 }],
    ['another port of a name', NAMED, { port: 6 }],
    ['a datagram socket', REMOTE, { type: 'UDP' }],
    ['a connection for a datagram socket', UDP, { type: 'TCP' }],
  ])('%s is another once it is listed twice in a row', (_, info, state) => {
    expect(judged(info, state, {}, state, state)).toEqual(
      info === UDP ? ['in doubt', 'other', 'other', 'other'] : ['in doubt', 'own', 'in doubt', 'other'],
    );
  });

  test('a single line that is damaged is no evidence, whether it comes first or later', () => {
    const damaged = { host: '9.2.3.4' };
    expect(judged(NAMED, damaged, {}, {}, damaged, {})).toEqual(['own', 'own', 'own', 'in doubt', 'own']);
  });

  test('another client, and another address of a name, are told from what was listed twice before', () => {
    const other = { host: '1.2.3.5', port: 99 };
    for (const info of [CLIENT, NAMED]) {
      const listed = judged(info, {}, {}, { host: '1.2.3.5' }, other, other);
      expect(listed).toEqual(['own', 'own', 'in doubt', 'in doubt', 'other']);
    }
  });

  test('a client that was reported with the number of another one is told at once', () => {
    const its = openState(1);
    expect(judgedBeside([its], CLIENT, { port: 7 })).toEqual(['other']);
    expect(judgedBeside([{ ...its, port: 8 }], CLIENT, { port: 7 })).toEqual(['own']);
    expect(judgedBeside([its], CLIENT, {})).toEqual(['own']);
  });

  test.each([
    [
      'a client that was listed as reported before',
      CLIENT,
      [{}, {}, { port: 7 }],
      ['own', 'own', 'in doubt'],
    ],
    ['a connection that was opened from here', REMOTE, [{ port: 7 }, {}], ['in doubt', 'own']],
  ])(
    '%s is not told at once, though its peer has another number: a second one',
    (_, info, states, listed) => {
      expect(judgedBeside([openState(1)], info, ...states)).toEqual(listed);
    },
  );

  test('a client that is missing in one answer is told from what was listed twice before', () => {
    const other = { port: 99 };
    expect(judged(CLIENT, {}, {}, undefined, other, other)).toEqual([
      ...['own', 'own', 'in doubt'],
      ...['in doubt', 'other'],
    ]);
  });

  test('a client whose reported address is damaged is its own', () => {
    expect(judged(CLIENT, { host: '1.2.3.40' }, { host: '1.2.3.40' })).toEqual(['own', 'own']);
  });
});
