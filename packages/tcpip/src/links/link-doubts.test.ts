import { beforeEach, describe, expect, test } from 'vitest';
import { notingHandler, openState, tableRig } from '../../test/link-rig.js';
import { observe } from '../../test/world.js';
import type { LinkHandler, LinkInfo } from './link-handler.js';

const REMOTE = { host: '1.2.3.4', port: 5 };
const CLOSED = '\r\n+IPCLOSE: 9,1\r\n';

let rig: ReturnType<typeof tableRig>;
beforeEach(() => {
  rig = tableRig();
});

/** A handler on link 9 that also notes whether its end is in question. */
function nine(info: Partial<LinkInfo> = {}): LinkHandler {
  const handler: LinkHandler = {
    ...notingHandler(9, rig.notes, '9', { remote: REMOTE, ...info }),
    inQuestion: (doubt) => rig.notes.push(doubt === undefined ? '9 goes on' : `9 ${doubt}?`),
    wasUsed: false,
  };
  rig.table.accept(9, handler);
  return handler;
}

describe('the end of a link that the module reports (+IPCLOSE, application note 4.2)', () => {
  test('is true when the module does not list the link any more', () => {
    nine();
    rig.print(CLOSED);
    expect([rig.notes, rig.asked]).toEqual([['9 ended?'], ['AT+CIPOPEN?']]);
    rig.answer([]);
    rig.advance(60_000);
    expect([rig.notes, rig.asked.length]).toEqual([['9 ended?', '9 closed 1'], 1]);
  });

  test('is none when the module lists the link: it was of the one before, or of another number', () => {
    const handler = nine();
    const doubts = observe(rig.table.doubted$);
    rig.print(CLOSED);
    rig.answer([openState(9)]);
    expect([rig.notes, doubts.values.length]).toEqual([['9 ended?', '9 goes on'], 1]);
    expect(rig.table.doubts.reportedEnd(handler)).toBe(1);
    rig.advance(60_000);
    observe(rig.table.confirm());
    rig.answer([openState(9)]);
    expect([rig.table.doubts.reportedEnd(handler), doubts.values.length]).toEqual([undefined, 1]);
    expect(rig.notes).not.toContain('9 closed 1');
  });

  test('is true when the module lists the link at first, whose list was older than its report', () => {
    nine();
    rig.print(CLOSED);
    rig.answer([openState(9)]);
    observe(rig.table.confirm());
    rig.answer([]);
    expect(rig.notes.at(-1)).toBe('9 closed 1');
  });

  test('is asked for after the report: what was asked before says nothing about it', () => {
    nine();
    observe(rig.table.confirm());
    rig.print(CLOSED);
    const [first] = [rig.asked.length];
    rig.answer([]);
    expect([first, rig.notes]).toEqual([2, ['9 ended?', '9 closed 1']]);
  });

  test('is asked for once for all that is reported meanwhile, and once more for the rest', () => {
    nine();
    rig.table.accept(8, notingHandler(8, rig.notes));
    rig.print(`${CLOSED}\r\n+IPCLOSE: 8,1\r\n`);
    expect(rig.asked).toEqual(['AT+CIPOPEN?']);
    rig.answer([openState(8)]);
    expect([rig.notes, rig.asked.length]).toEqual([['9 ended?', '9 closed 1'], 2]);
    rig.answer([]);
    expect(rig.notes.at(-1)).toBe('8 closed 1');
  });

  test('is not asked for again when it is reported, and contested, by the number in the header of a block', () => {
    const handler = nine();
    rig.print(CLOSED);
    rig.table.doubts.contest(handler);
    expect([rig.notes, rig.table.doubts.reportedEnd(handler)]).toEqual([['9 ended?'], 1]);
  });

  test.each([
    ['does not answer for 10 s', () => {}],
    ['refuses', () => rig.refuse(new Error('ERROR'))],
  ])('is believed where the module %s', (_, act) => {
    nine();
    rig.print(CLOSED);
    act();
    rig.advance(9_999);
    expect(rig.notes).toEqual(['9 ended?']);
    rig.advance(1);
    expect(rig.notes).toEqual(['9 ended?', '9 closed 1']);
  });

  test('is believed when a client has its number', () => {
    nine();
    rig.print(CLOSED);
    rig.table.accept(9, notingHandler(9, rig.notes, 'client'));
    expect(rig.notes).toEqual(['9 ended?', '9 closed 1', '9 replaced']);
  });

  test('that was not reported is none when a client has its number: the link is lost', () => {
    nine();
    rig.table.accept(9, notingHandler(9, rig.notes, 'client'));
    expect(rig.notes).toEqual(['9 replaced']);
  });

  test('is not believed when another connection has its number: that is not its own, and may have lost data', () => {
    nine();
    const taken: number[] = [];
    rig.table.onUnknown(({ port }) => taken.push(port) > 0);
    rig.print(CLOSED);
    rig.answer([{ ...openState(9), port: 6 }]);
    expect([rig.notes, taken]).toEqual([['9 ended?', '9 lost'], []]);
  });

  test.each([
    ['a name', { remote: { host: 'a.example', port: 5 } }],
    ['a datagram socket', { kind: 'udp', remote: undefined }],
  ] as const)('of %s is compared as far as it can be', (_, info) => {
    nine(info);
    rig.print(CLOSED);
    rig.answer([{ ...openState(9), type: info.remote === undefined ? 'UDP' : 'TCP' }]);
    expect(rig.notes).toEqual(['9 ended?', '9 goes on']);
  });

  test('while it is being opened is asked for when it is open', () => {
    const info = { state: 'opening' as LinkInfo['state'] };
    const handler = { ...notingHandler(9, rig.notes), info: { ...notingHandler(9, []).info, ...info } };
    rig.table.accept(9, handler);
    rig.print(CLOSED);
    expect(rig.asked).toEqual([]);
    handler.info = { ...handler.info, state: 'open' };
    rig.table.doubts.opened(handler);
    rig.answer([]);
    expect([rig.asked, rig.notes]).toEqual([['AT+CIPOPEN?'], ['9 closed 1']]);
  });

  test.each(['closing', 'transparent'] as const)('of one that is %s goes to its handler at once', (what) => {
    nine(what === 'closing' ? { state: what } : { kind: what });
    rig.print(CLOSED);
    expect([rig.notes, rig.asked]).toEqual([['9 closed 1'], []]);
  });

  test('of the transparent connection is not believed while a block is awaited, whose payload it may be', () => {
    nine({ kind: 'transparent' });
    Object.assign(rig.lane, { awaitsBlock: true });
    rig.print(CLOSED);
    expect([rig.notes, rig.asked]).toEqual([[], []]);
  });

  test('is forgotten with the link', () => {
    const handler = nine();
    rig.print(CLOSED);
    rig.table.free(9, handler);
    rig.advance(60_000);
    expect([rig.notes, rig.scheduler.actions]).toEqual([['9 ended?'], []]);
    nine();
    rig.print(CLOSED);
    rig.table.loseAll(new Error('lost'));
    rig.advance(60_000);
    expect([rig.notes.at(-1), rig.scheduler.actions]).toEqual(['9 lost', []]);
  });
});

describe('the report of a client (+CLIENT, application note 3.4)', () => {
  const client = (port = 5) => ({ link: 9, host: '1.2.3.4', port });

  test('that has its link is a repetition', () => {
    nine({ server: 0 });
    const doubts = observe(rig.table.doubted$);
    expect([rig.table.doubts.isDoubtful(client()), doubts.values.length]).toEqual([true, 1]);
    expect([rig.notes, rig.asked]).toEqual([[], []]);
  });

  test.each([
    ['that was accepted', { server: 0 }],
    ['that was opened from here', {}],
  ])('with the number of a link %s, and that lives, is asked for: the number was damaged', (_, info) => {
    nine(info);
    expect([rig.table.doubts.isDoubtful(client(6)), rig.asked]).toEqual([true, ['AT+CIPOPEN?']]);
    rig.answer([openState(9), { ...openState(1), port: 6, server: 0 }]);
    expect(rig.notes).toEqual(['9 contested?', '9 goes on']);
  });

  test.each([
    ['waited', false, true],
    ['was used meanwhile', true, false],
  ])('with the number of a link that has ended unheard, and %s, is true', (_, wasUsed, isWhole) => {
    const handler = Object.assign(nine({ server: 0 }), { wasUsed });
    const taken: number[] = [];
    rig.table.onUnknown(({ port }) => taken.push(port) > 0);
    rig.table.doubts.isDoubtful(client(6));
    rig.answer([{ ...openState(9), port: 6, server: 0 }]);
    expect([rig.notes, rig.table.has(9, handler)]).toEqual([['9 contested?', '9 lost'], false]);
    expect(taken).toEqual(isWhole ? [6] : []);
  });

  test('with the number of a link that the module lists no more loses it, and nothing of the next one', () => {
    nine();
    rig.table.doubts.isDoubtful(client(6));
    rig.answer([]);
    expect([rig.notes, rig.asked.length]).toEqual([['9 contested?'], 2]);
    rig.answer([]);
    expect([rig.notes, rig.table.unclaimed.isWhole(client(6))]).toEqual([['9 contested?', '9 lost'], true]);
  });

  test.each(['is listed', 'is not answered for'])(
    'with the number of a link whose handler does not care about questions, and that %s, changes nothing',
    (how) => {
      const handler = notingHandler(9, rig.notes, '9', { remote: REMOTE });
      rig.table.accept(9, handler);
      rig.table.doubts.isDoubtful(client(6));
      const confirmed = observe(rig.table.confirm());
      if (how === 'is listed') {
        rig.answer([openState(9)]);
        expect(confirmed.end).toBe('complete');
      } else rig.advance(10_000);
      expect([rig.notes, rig.table.doubts.isInQuestion(handler)]).toEqual([[], false]);
    },
  );

  test.each(['opening', 'closing'] as const)('does not contest a link that is %s', (state) => {
    rig.table.doubts.contest(nine({ state }));
    expect([rig.notes, rig.asked]).toEqual([[], []]);
  });

  test('with the number of a link is not believed where the module does not answer: the watch finds out', () => {
    nine({ server: 0 });
    rig.table.doubts.isDoubtful(client(6));
    rig.advance(10_000);
    expect(rig.notes).toEqual(['9 contested?', '9 goes on']);
  });

  test('that has its link is news when its end was reported: it came back from the same port', () => {
    nine({ server: 0 });
    rig.print(CLOSED);
    expect(rig.table.doubts.isDoubtful(client())).toBe(false);
  });

  test('that had its link before is asked for, for two minutes', () => {
    rig.advance(120_000);
    rig.table.free(9, nine({ server: 0 }));
    expect([rig.table.doubts.isDoubtful(client()), rig.asked]).toEqual([true, ['AT+CIPOPEN?']]);
    rig.answer([]);
    expect(rig.table.doubts.isDoubtful(client(6))).toBe(false);
    rig.advance(119_999);
    expect(rig.table.doubts.isDoubtful(client())).toBe(true);
    rig.advance(1);
    expect(rig.table.doubts.isDoubtful(client())).toBe(false);
  });

  test('that had its link before another one is a repetition too', () => {
    nine({ server: 0 });
    rig.table.accept(
      9,
      notingHandler(9, rig.notes, 'next', { remote: { host: '1.2.3.4', port: 6 }, server: 0 }),
    );
    expect(rig.table.doubts.isDoubtful(client())).toBe(true);
  });

  test('that had its link before all links were lost is news', () => {
    rig.table.free(9, nine({ server: 0 }));
    rig.table.loseAll(new Error('lost'));
    expect(rig.table.doubts.isDoubtful(client())).toBe(false);
  });

  test('whose address a connection of ours had is news', () => {
    rig.table.free(9, nine());
    expect(rig.table.doubts.isDoubtful(client())).toBe(false);
  });
});
