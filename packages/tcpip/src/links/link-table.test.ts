import type { Command, LinkState } from '@a7600/at-codec';
import { type Observable, Subject, VirtualTimeScheduler } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { observe } from '../../test/world.js';
import type { Lane } from '../lane/lane.js';
import { Router } from '../lane/router.js';
import type { LinkHandler } from './link-handler.js';
import { LinkTable } from './link-table.js';

/** A handler that notes what happens to its link. */
function handlerOf(link: number, notes: string[], name = `${link}`): LinkHandler {
  return {
    info: { link, kind: 'tcp', state: 'open', remote: undefined, server: undefined },
    closedByModule: (reason) => notes.push(`${name} closed ${reason}`),
    lost: () => notes.push(`${name} lost`),
    replacedBy: () => notes.push(`${name} replaced`),
  };
}

const state = (link: number): LinkState => ({
  link,
  type: 'TCP',
  host: '1.2.3.4',
  port: 5,
  server: undefined,
});

/** A table whose lane is the test: it sees each command and answers it. */
function rig() {
  const asked: string[] = [];
  let answers = new Subject<unknown>();
  const run = <R>({ text }: Command<R>): Observable<R> => {
    asked.push(text);
    answers = new Subject();
    return answers as Subject<R>;
  };
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const lane = { run } as Pick<Lane, 'run'> as Lane;
  const table = new LinkTable(lane, new Router(), scheduler);
  const notes: string[] = [];
  const answer = (value: unknown) => {
    answers.next(value);
    answers.complete();
  };
  return { table, asked, notes, answer };
}

let { table, asked, notes, answer } = rig();
beforeEach(() => {
  ({ table, asked, notes, answer } = rig());
});

describe('the module’s own table', () => {
  test('ends links that are open here and not there', () => {
    table.claim((link) => handlerOf(link, notes));
    table.claim((link) => handlerOf(link, notes));
    const gone = observe(table.gone$);
    table.confirm().subscribe();
    expect(asked).toEqual(['AT+CIPOPEN?']);
    answer([state(9)]);
    expect([notes, gone.values]).toEqual([['8 closed 1'], [8]]);
  });

  test('says nothing of a handler that got the link after the question, nor of one that has left it', () => {
    const first = table.claim((link) => handlerOf(link, notes, 'first'));
    const gone = observe(table.gone$);
    table.confirm().subscribe();
    table.free(9, first);
    table.claim((link) => handlerOf(link, notes, 'second'));
    answer([]);
    expect([notes, gone.values]).toEqual([[], []]);
  });

  test('gives links that were unknown before and after to the first that takes them, others are unknown', () => {
    const unknown = observe(table.unknown$);
    const taken: number[] = [];
    table.onUnknown(({ link }) => link === 1 && taken.push(link) > 0);
    const dispose = table.onUnknown(({ link }) => link === 2 && taken.push(link) > 0);
    table.confirm().subscribe();
    const late = table.claim((link) => handlerOf(link, notes));
    answer([state(1), state(2), state(3), state(late.info.link)]);
    expect([taken, unknown.values.map(({ link }) => link)]).toEqual([[1, 2], [3]]);
    dispose();
    table.confirm().subscribe();
    answer([state(2), state(late.info.link)]);
    expect(unknown.values.map(({ link }) => link)).toEqual([3, 2]);
  });
});

describe('link numbers', () => {
  test('go out from the highest, down to the first that is not reserved', () => {
    const claim = () => table.claim((link) => handlerOf(link, notes), 1).info.link;
    expect(Array.from({ length: 9 }, claim)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(claim).toThrow('All 9 links of the module are in use.');
    expect(table.claim((link) => handlerOf(link, notes)).info.link).toBe(0);
    expect(() => table.claim((link) => handlerOf(link, notes))).toThrow('All 10 links');
  });

  test('are given back only by the handler that has them', () => {
    const first = table.claim((link) => handlerOf(link, notes));
    const other = handlerOf(9, notes, 'other');
    table.free(9, other);
    expect(table.has(9, first)).toBe(true);
    table.free(9, first);
    expect(table.get(9)).toBeUndefined();
  });
});
