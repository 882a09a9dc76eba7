import { AtError, cipOpen, IpErrorNumber } from '@a7600/at-codec';
import { describe, expect, test } from 'vitest';
import { notingHandler, openState, tableRig } from '../../test/link-rig.js';
import { errorOf, observe } from '../../test/world.js';
import { ModemError } from '../base/errors.js';
import type { LinkInfo } from './link-handler.js';

const ALREADY_CLOSED = new AtError('SOCKET_ERROR', 'The link is closed.', {
  number: 4,
  command: 'AT+CIPCLOSE=9',
});
const REFUSED = new AtError('REFUSED', 'The module answered ERROR.');
const NOT_ANSWERED = new ModemError('TIMEOUT', 'Not answered.');

/** A table with handlers for all ten links, the highest link first. */
function full(info?: Partial<LinkInfo>) {
  const rig = tableRig();
  const handlers = Array.from({ length: 10 }, () =>
    rig.table.claim((link) => notingHandler(link, rig.notes, `${link}`, info)),
  );
  return { ...rig, handlers };
}

describe('links$', () => {
  test('lists the links by number, from the beginning and after each change', () => {
    const { table, notes } = tableRig();
    const lists: number[][] = [];
    table.links$.subscribe((links) => lists.push(links.map(({ link }) => link)));
    const nine = table.claim((link) => notingHandler(link, notes));
    table.accept(3, notingHandler(3, notes));
    table.claim((link) => notingHandler(link, notes));
    table.free(9, nine);
    table.free(9, nine);
    expect(lists).toEqual([[], [9], [3, 9], [3, 8, 9], [3, 8]]);
  });
});

describe('a table that is full', () => {
  test('refuses another link', () => {
    const { table, notes } = full();
    expect(() => table.claim((link) => notingHandler(link, notes))).toThrow(
      expect.objectContaining({
        code: 'CAPACITY',
        message: 'All 10 links of the module are in use. Close a socket before opening another one.',
      }),
    );
  });

  test('is not waited for when no link is being closed', () => {
    expect(observe(full().table.whenFree()).end).toBe('complete');
  });

  test('is waited for while one is being closed, until it is free', () => {
    const { table, handlers } = full();
    const [nine, eight] = handlers as [(typeof handlers)[0], (typeof handlers)[0]];
    table.leaves(nine);
    const free = observe(table.whenFree());
    expect(free.end).toBe('open');
    table.free(8, eight);
    expect(free.end).toBe('complete');
    expect(observe(full({ state: 'closing' }).table.whenFree()).end).toBe('open');
  });

  test('by one: nothing is waited for', () => {
    const { table, handlers } = full({ state: 'closing' });
    table.free(9, handlers[0] as (typeof handlers)[0]);
    expect(observe(table.whenFree()).end).toBe('complete');
  });
});

describe('whether links are shared with a transparent connection', () => {
  test('other handlers share them', () => {
    const { table, notes } = tableRig();
    expect(table.isShared).toBe(false);
    table.claim((link) => notingHandler(link, notes, 'own', { kind: 'transparent' }));
    expect(table.isShared).toBe(false);
    table.claim((link) => notingHandler(link, notes));
    expect(table.isShared).toBe(true);
  });

  test('and so do servers', () => {
    const { table } = tableRig();
    const dispose = table.onUnknown(() => true);
    expect(table.isShared).toBe(true);
    dispose();
    expect(table.isShared).toBe(false);
  });
});

describe('a link that the module gives to another connection', () => {
  test('is lost to the handler that had it, and the module is asked for its table', () => {
    const { table, notes, asked } = tableRig();
    table.accept(3, notingHandler(3, notes, 'first'));
    expect([notes, asked]).toEqual([[], []]);
    table.accept(3, notingHandler(3, notes, 'second'));
    expect([notes, asked]).toEqual([['first replaced'], [cipOpen.read().text]]);
  });

  test('is not missed when that cannot be asked', () => {
    const { table, notes, refuse } = tableRig();
    table.accept(3, notingHandler(3, notes, 'first'));
    table.accept(3, notingHandler(3, notes, 'second'));
    expect(() => refuse(REFUSED)).not.toThrow();
  });
});

describe('what a refusal tells', () => {
  test.each([
    [
      'the network is closed',
      new AtError('IP_ERROR', 'x', { number: IpErrorNumber.NETWORK_NOT_OPENED }),
      ['closed'],
    ],
    [
      'there is no such link',
      new AtError('IP_ERROR', 'x', { number: IpErrorNumber.NO_CONNECTION }),
      ['doubted'],
    ],
    ['something else', REFUSED, []],
  ])('%s', (_, error, expected) => {
    const { table } = tableRig();
    const told: string[] = [];
    table.networkClosed$.subscribe(() => told.push('closed'));
    table.doubted$.subscribe(() => told.push('doubted'));
    table.refused(error);
    expect(told).toEqual(expected);
  });
});

describe('the network or the modem is lost', () => {
  test('every handler is told, what waits for an outcome is given up, and all links are free', () => {
    const { table, notes, abandoned } = tableRig();
    for (let count = 0; count < 2; count++) table.claim((link) => notingHandler(link, notes));
    const error = new Error('lost');
    table.loseAll(error);
    expect([notes, abandoned, table.all()]).toEqual([['9 lost', '8 lost'], [error], []]);
    expect(observe(table.links$).last).toEqual([]);
  });
});

describe('a hint that data waits', () => {
  test('goes to the handler of the link, if it wants it', () => {
    const { table, notes, print } = tableRig();
    let hints = 0;
    let doubts = 0;
    table.doubted$.subscribe(() => doubts++);
    table.accept(1, { ...notingHandler(1, notes), dataWaiting: () => hints++ });
    table.accept(2, notingHandler(2, notes));
    print('\r\n+CIPRXGET: 1,1\r\n\r\n+CIPRXGET: 1,2\r\n');
    expect([hints, doubts]).toEqual([1, 0]);
    print('\r\n+CIPRXGET: 1,7\r\n');
    expect([hints, doubts]).toEqual([1, 1]);
  });

  test('of the end of a link that nothing here has is ignored', () => {
    const { notes, print } = tableRig();
    print('\r\n+IPCLOSE: 7,1\r\n');
    expect(notes).toEqual([]);
  });
});

describe('the module’s table', () => {
  test.each([
    ['a link that is being opened', { state: 'opening' }],
    ['a link that is being closed', { state: 'closing' }],
    ['the transparent connection', { kind: 'transparent' }],
  ] as const)('does not end %s, which need not be in it', (_, info) => {
    const { table, notes, asked, answer } = tableRig();
    table.claim((link) => notingHandler(link, notes, '9', info));
    table.confirm().subscribe();
    answer([]);
    expect([notes, asked.length]).toEqual([[], 1]);
  });

  test('has a link that could not be closed: it is closed once more, and free when it is not there', () => {
    const { table, notes, asked, answer, refuse, advance } = tableRig();
    const stuck: number[] = [];
    table.stuck$.subscribe((link) => stuck.push(link));
    const closed = observe(table.close(9));
    for (let count = 0; count < 13; count++) {
      refuse(NOT_ANSWERED);
      advance(5_000);
    }
    expect([closed.end, stuck, asked.length]).toEqual(['complete', [9], 13]);
    const opening = { state: 'opening' } as const;
    expect(table.claim((link) => notingHandler(link, notes, 'new', opening)).info.link).toBe(8);
    const unknown = observe(table.unknown$);
    table.confirm().subscribe();
    answer([openState(9)]);
    expect([unknown.values, asked.slice(13)]).toEqual([[], ['AT+CIPOPEN?', 'AT+CIPCLOSE=9']]);
    expect(() => refuse(REFUSED)).not.toThrow();
    table.confirm().subscribe();
    answer([openState(3)]);
    expect(asked.slice(15)).toEqual(['AT+CIPOPEN?']);
    expect(table.claim((link) => notingHandler(link, notes)).info.link).toBe(9);
  });
});

describe('closing a link', () => {
  test.each([
    ['that is closed already', ALREADY_CLOSED],
    ['after the modem is lost', new ModemError('CLOSED', 'closed')],
  ])('%s completes, and asks nothing', (_, error) => {
    const { table, asked, refuse } = tableRig();
    const stuck = observe(table.stuck$);
    const closed = observe(table.close(9));
    refuse(error);
    expect([closed.end, asked, stuck.values]).toEqual(['complete', ['AT+CIPCLOSE=9'], []]);
  });

  test('that is refused without a reason is closed if the module says so', () => {
    const { table, asked, refuse, answer } = tableRig();
    const closed = observe(table.close(1));
    refuse(REFUSED);
    expect(asked).toEqual(['AT+CIPCLOSE=1', 'AT+CIPCLOSE?']);
    answer([true, false, true]);
    expect(closed.end).toBe('complete');
  });

  test('that is refused and open is tried again after 5 s', () => {
    const { table, asked, refuse, answer, advance } = tableRig();
    const closed = observe(table.close(1));
    refuse(REFUSED);
    answer([true, true, true]);
    advance(4_999);
    expect(asked).toHaveLength(2);
    advance(1);
    expect(asked[2]).toBe('AT+CIPCLOSE=1');
    answer(undefined);
    expect(closed.end).toBe('complete');
  });

  test('ends when the link has another handler', () => {
    const { table, notes } = tableRig();
    table.accept(1, notingHandler(1, notes, 'first'));
    const closed = observe(table.close(1));
    table.changed();
    expect(closed.end).toBe('open');
    table.accept(1, notingHandler(1, notes, 'second'));
    expect(closed.end).toBe('complete');
  });

  test('all that the module has open closes those alone', () => {
    const { table, asked, answer } = tableRig();
    const closed = observe(table.closeStale());
    answer([false, true, false]);
    expect(asked).toEqual(['AT+CIPCLOSE?', 'AT+CIPCLOSE=1']);
    answer(undefined);
    expect([closed.end, errorOf(closed)]).toEqual(['complete', undefined]);
  });
});
