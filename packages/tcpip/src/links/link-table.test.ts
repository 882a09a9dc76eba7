import { beforeEach, describe, expect, test } from 'vitest';
import { notingHandler, openState, tableRig } from '../../test/link-rig.js';
import { observe } from '../../test/world.js';

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
    expect([notes, gone.values]).toEqual([['8 closed 1'], [8]]);
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
    const doubts = observe(table.doubted$);
    const seen = [observe(table.gone$), observe(table.unknown$)];
    table.confirm().subscribe();
    answer([openState(9)]);
    expect([notes, doubts.values.length]).toEqual([[], 1]);
    table.confirm().subscribe();
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

describe('link numbers', () => {
  test('go out from the highest, down to the first that is not reserved', () => {
    const claim = () => table.claim((link) => notingHandler(link, notes), 1).info.link;
    expect(Array.from({ length: 9 }, claim)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(claim).toThrow('All 9 links of the module are in use.');
    expect(table.claim((link) => notingHandler(link, notes)).info.link).toBe(0);
    expect(() => table.claim((link) => notingHandler(link, notes))).toThrow('All 10 links');
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
