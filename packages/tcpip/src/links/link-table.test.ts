import { beforeEach, describe, expect, test } from 'vitest';
import { notingHandler, openState, tableRig } from '../../test/link-rig.js';
import { observe } from '../../test/world.js';
import type { LinkHandler } from './link-handler.js';

let { table, asked, notes, answer } = tableRig();
beforeEach(() => {
  ({ table, asked, notes, answer } = tableRig());
});

describe('the module’s own table', () => {
  test('ends links that are open here and not there', () => {
    table.claim((link) => notingHandler(link, notes));
    table.claim((link) => notingHandler(link, notes));
    const gone = observe(table.gone$);
    table.confirm().subscribe();
    expect(asked).toEqual(['AT+CIPOPEN?']);
    answer([openState(9)]);
    expect([notes, asked.length]).toEqual([[], 2]);
    answer([openState(9)]);
    expect([notes, gone.values]).toEqual([['8 lost'], [8]]);
    // Nothing of the next connection with that number went to the one that ended.
    expect(table.unclaimed.isWhole(openState(8))).toBe(true);
  });

  test('ends a link that it does not list any more by an error that says so, for the handler that wants to know', () => {
    const [lost, unlisted]: [Error[], Error[]] = [[], []];
    table.claim((link) => ({ ...notingHandler(link, notes), lost: (error: Error) => lost.push(error) }));
    table.claim((link) => ({
      ...notingHandler(link, notes),
      lost: (error: Error) => lost.push(error),
      unlisted: (error: Error) => unlisted.push(error),
    }));
    table.confirm().subscribe();
    answer([]);
    answer([]);
    const ended = (link: number) =>
      expect.objectContaining({
        ...{ code: 'LINK_CLOSED', link },
        message: `The module does not list link ${link} any more, and its end was not heard: what was not read is lost.`,
      });
    expect([lost, unlisted]).toEqual([[ended(9)], [ended(8)]]);
  });

  test('ends a link once: not when its handler has left it', () => {
    const first = table.claim((link) => notingHandler(link, notes));
    table.free(9, first);
    table.lose(first, new Error('lost'));
    expect(notes).toEqual([]);
  });

  test('is not told to a link whose end was not in question', () => {
    table.claim((link) => ({ ...notingHandler(link, notes), inQuestion: () => notes.push('asked') }));
    table.confirm().subscribe();
    answer([openState(9)]);
    expect(notes).toEqual([]);
  });

  test('ends a link as its report says, which came before the connection was confirmed', () => {
    const rig = tableRig();
    const reasons: number[] = [];
    const closedByModule = (reason: number) => void reasons.push(reason);
    rig.table.accept(9, { ...notingHandler(9, rig.notes), closedByModule });
    rig.print('\r\n+IPCLOSE: 9,1\r\n');
    rig.table.confirm().subscribe();
    rig.answer([]);
    expect([reasons, rig.notes]).toEqual([[1], []]);
  });

  test('ends none that is missing in one answer only: a line was lost, or it was the answer to another command', () => {
    table.claim((link) => notingHandler(link, notes));
    for (let count = 0; count < 3; count++) {
      table.confirm().subscribe();
      answer([]);
      answer([openState(9)]);
    }
    expect([notes, asked.length]).toEqual([[], 6]);
  });

  test('says nothing of a handler that got the link after the question, nor of one that has left it', () => {
    const first = table.claim((link) => notingHandler(link, notes, 'first'));
    const gone = observe(table.gone$);
    table.confirm().subscribe();
    table.free(9, first);
    table.claim((link) => notingHandler(link, notes, 'second'));
    answer([]);
    expect([notes, gone.values]).toEqual([[], []]);
  });

  test('ends a link whose number another connection has, which then is an unknown one', () => {
    const info = { remote: { host: '1.2.3.4', port: 6 } };
    table.claim((link) => notingHandler(link, notes, 'ours', info));
    const seen = [observe(table.gone$), observe(table.unknown$)];
    table.confirm().subscribe();
    answer([openState(9)]);
    expect([notes, asked.length]).toEqual([[], 2]);
    answer([openState(9)]);
    expect(notes).toEqual(['ours lost']);
    expect(seen.map(({ values }) => values)).toEqual([[9], [openState(9)]]);
    expect(table.get(9)).toBeUndefined();
  });

  test('leaves a link alone that is not open yet, or has another handler by now', () => {
    const info = { remote: { host: '1.2.3.4', port: 6 } };
    table.claim((link) => notingHandler(link, notes, 'opening', { ...info, state: 'opening' }));
    const first = table.claim((link) => notingHandler(link, notes, 'first', info));
    const unknown = observe(table.unknown$);
    for (let count = 0; count < 2; count++) {
      table.confirm().subscribe();
      if (count === 1) {
        table.free(8, first);
        table.claim((link) => notingHandler(link, notes, 'second', info));
      }
      answer([openState(8), openState(9)]);
    }
    expect([notes, unknown.values]).toEqual([[], []]);
  });

  test('gives links that were unknown before and after to the first that takes them, others are unknown', () => {
    const unknown = observe(table.unknown$);
    const taken: number[] = [];
    table.onUnknown(({ link }) => link === 1 && taken.push(link) > 0);
    const dispose = table.onUnknown(({ link }) => link === 2 && taken.push(link) > 0);
    table.confirm().subscribe();
    const late = table.claim((link) => notingHandler(link, notes));
    answer([openState(1), openState(2), openState(3), openState(late.info.link)]);
    expect([taken, unknown.values.map(({ link }) => link)]).toEqual([[1, 2], [3]]);
    dispose();
    table.confirm().subscribe();
    answer([openState(2), openState(late.info.link)]);
    expect(unknown.values.map(({ link }) => link)).toEqual([3, 2]);
  });
});

describe('what the module lists', () => {
  const confirm = (meanwhile: () => void = () => {}) => {
    const seen = { unknown: observe(table.unknown$), doubts: observe(table.doubted$) };
    table.confirm().subscribe();
    meanwhile();
    answer([openState(9)]);
    return { unknown: seen.unknown.values.map(({ link }) => link), doubts: seen.doubts.values.length };
  };

  test('is no reason to doubt where it is what was opened', () => {
    table.claim((link) => notingHandler(link, notes, 'ours', { remote: { host: '1.2.3.4', port: 5 } }));
    expect(confirm()).toEqual({ unknown: [], doubts: 0 });
  });

  test('is known when a handler got the link, or left it, while the module was asked', () => {
    let handler: LinkHandler | undefined;
    const take = () => {
      handler = table.claim((link) => notingHandler(link, notes));
    };
    expect(confirm(take)).toEqual({ unknown: [], doubts: 0 });
    const leave = () => table.free(9, handler as LinkHandler);
    expect(confirm(leave)).toEqual({ unknown: [], doubts: 0 });
    expect(confirm()).toEqual({ unknown: [9], doubts: 0 });
  });

  const lose = (...of: Parameters<typeof table.hold>) => table.unclaimed.lose(table.hold(...of));

  test.each<[string, () => void]>([
    ['its number', () => lose(9, undefined)],
    ['its sender', () => lose(undefined, { host: '1.2.3.4', port: 5 })],
    ['both', () => lose(9, { host: '1.2.3.4', port: 5 })],
  ])('is given to no server when data of it was lost that bore %s', (_, miss) => {
    const taken: number[] = [];
    table.onUnknown(({ link }) => taken.push(link) > 0);
    miss();
    expect([confirm().unknown, taken]).toEqual([[9], []]);
    expect([confirm().unknown, taken]).toEqual([[], [9]]);
  });

  test('is given to a server when data of another sender was lost', () => {
    const taken: number[] = [];
    table.onUnknown(({ link }) => taken.push(link) > 0);
    lose(undefined, { host: '1.2.3.4', port: 6 });
    lose(9, { host: '1.2.3.4', port: 6 });
    expect([confirm().unknown, taken]).toEqual([[], [9]]);
  });

  test('says, twice, that another connection has the link: ours ends with what the module lists', () => {
    const lost: Error[] = [];
    const ours = notingHandler(9, notes, 'ours', { remote: { host: '1.2.3.4', port: 6 } });
    table.claim(() => ({ ...ours, lost: (error: Error) => lost.push(error) }));
    confirm();
    confirm();
    expect(lost).toEqual([
      expect.objectContaining({
        code: 'LINK_CLOSED',
        link: 9,
        message:
          'The module lists another connection under link 9 (TCP with 1.2.3.4:5): ours has ended unheard, and ' +
          'another program or a client got its number.',
      }),
    ]);
  });
});

describe('link numbers', () => {
  test('go out from the highest, down to the first that is not reserved', () => {
    const claim = () => table.claim((link) => notingHandler(link, notes), 1).info.link;
    expect(Array.from({ length: 9 }, claim)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(claim).toThrow('All 9 links of the module are in use.');
    expect(table.claim((link) => notingHandler(link, notes)).info.link).toBe(0);
    expect(() => table.claim((link) => notingHandler(link, notes))).toThrow('All 10 links');
  });

  test('that another program has are not used until the module gives them away, or all links are lost', () => {
    const highest = () => {
      const handler = table.claim((link) => notingHandler(link, notes));
      table.free(handler.info.link, handler);
      return handler.info.link;
    };
    table.leave(9);
    expect(highest()).toBe(8);
    const client = notingHandler(9, notes);
    table.accept(9, client);
    table.free(9, client);
    expect(highest()).toBe(9);
    table.leave(9);
    table.loseAll(new Error('lost'));
    expect(highest()).toBe(9);
  });

  test('that another program has are not closed', () => {
    table.leave(9);
    table.confirm().subscribe();
    answer([openState(9)]);
    expect(asked).toEqual(['AT+CIPOPEN?']);
  });

  test('are given back only by the handler that has them', () => {
    const first = table.claim((link) => notingHandler(link, notes));
    const other = notingHandler(9, notes, 'other');
    table.free(9, other);
    expect(table.has(9, first)).toBe(true);
    table.free(9, first);
    expect(table.get(9)).toBeUndefined();
  });
});
