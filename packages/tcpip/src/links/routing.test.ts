import type { Payload } from '@a7600/at-codec';
import { beforeEach, describe, expect, test } from 'vitest';
import { notingHandler, tableRig } from '../../test/link-rig.js';
import { textOf } from '../../test/world.js';
import type { LinkHandler, LinkInfo } from './link-handler.js';
import { PayloadRouter } from './payload-router.js';

let rig: ReturnType<typeof tableRig>;
let unhandled: string[];
let router: PayloadRouter;
beforeEach(() => {
  rig = tableRig();
  unhandled = [];
  router = new PayloadRouter(rig.table, rig.router, rig.scheduler);
  rig.router.unhandled$.subscribe(({ kind }) => unhandled.push(kind));
});

/** A handler on a link that notes all that comes for it. */
function listening(link: number, info: Partial<LinkInfo> = {}): string[] {
  const heard: string[] = [];
  const handler: LinkHandler = {
    ...notingHandler(link, [], `${link}`, info),
    pushed: (bytes, remaining, from) => heard.push(`${textOf([bytes])} +${remaining} ${from?.host}`) > 0,
    orphanedRead: (chunks: readonly Payload[]) => heard.push(`late ${textOf(chunks.map(({ raw }) => raw))}`),
    framingLost: () => heard.push('lost bytes'),
  };
  rig.table.accept(link, handler);
  rig.table.handOver(handler);
  return heard;
}
/** Whether nothing is lost of what came for a client with that number and address. */
const isWhole = (link: number, host = '9.9.9.9') =>
  rig.table.unclaimed.isWhole({ link, ...peer(host).remote });
const from = (host: string) => `\r\nRECV FROM:${host}:80\r\n`;
const peer = (host: string) => ({ remote: { host, port: 80 } });

test('a block is awaited from the line with its sender to its header', () => {
  const awaited: boolean[] = [];
  for (const text of ['', from('1.1.1.1'), '\r\n+IPCLOSE: 1,1\r\n', '\r\n+RECEIVE,2,1:\r\nx']) {
    rig.print(text);
    awaited.push(router.awaitsBlock);
  }
  expect(awaited).toEqual([false, true, true, false]);
});

describe('a block that is pushed', () => {
  test('goes to its link, a chunk at a time', () => {
    const [one, two] = [listening(1), listening(2)];
    rig.print('\r\n+RECEIVE,1,5:\r\nhel');
    rig.print('lo\r\n+RECEIVE,2,1:\r\nx');
    expect([one, two]).toEqual([['hel +2 undefined', 'lo +0 undefined'], ['x +0 undefined']]);
    expect(unhandled).toEqual([]);
  });

  test('for a link that does not get data that way is nothing that anything here waits for', () => {
    rig.table.accept(1, { ...notingHandler(1, [], '1'), pushed: () => false });
    rig.print('\r\n+RECEIVE,1,5:\r\nhello');
    expect(unhandled).toEqual(['payload']);
  });

  test.each<[string, Partial<LinkInfo>, string, 'taken' | 'left']>([
    ['a connection to this address', peer('1.2.3.4'), '1.2.3.4', 'taken'],
    ['a connection to this IPv6 address', peer('2001:db8::1'), '2001:db8::1', 'taken'],
    ['a connection to another address', peer('1.2.3.5'), '1.2.3.4', 'left'],
    ['a connection to another IPv6 address', peer('2001:db8::2'), '2001:db8::1', 'left'],
    ['a connection to a name, whose address may be this one', peer('a.example'), '1.2.3.4', 'taken'],
    ['a connection whose peer is not known', {}, '1.2.3.4', 'taken'],
    ['a UDP socket, to which any host may send', { kind: 'udp', ...peer('1.1.1.1') }, '1.2.3.4', 'taken'],
  ])(
    'without a link number, when the only link is %s, is judged by its sender (Q-3a)',
    (_, info, sender, outcome) => {
      const heard = listening(5, info);
      rig.print(`${from(sender)}\r\n+IPD2\r\nab`);
      expect(heard).toEqual(outcome === 'taken' ? [`ab +0 ${sender}`] : []);
      expect(unhandled).toEqual([]);
      const { chunks } = rig.table.hold(undefined, { host: sender, port: 80 });
      expect(chunks.map(({ bytes }) => textOf([bytes]))).toEqual(outcome === 'taken' ? [] : ['ab']);
    },
  );

  test('without a link number and sender goes to the only link', () => {
    const heard = listening(5, peer('1.2.3.4'));
    rig.print('\r\n+IPD2\r\nab');
    expect(heard).toEqual(['ab +0 undefined']);
  });

  test('is a reason to ask the module for its links only when the link is unknown', () => {
    listening(1);
    let doubts = 0;
    rig.table.doubted$.subscribe(() => doubts++);
    rig.print('\r\n+RECEIVE,1,1:\r\nx');
    expect(doubts).toBe(0);
    rig.print('\r\n+RECEIVE,2,1:\r\nx');
    expect(doubts).toBe(1);
  });

  test('without a link number is such a reason once for each unknown sender', () => {
    listening(1, peer('1.1.1.1'));
    listening(2, peer('2.2.2.2'));
    let doubts = 0;
    rig.table.doubted$.subscribe(() => doubts++);
    const doubtsAfter = (text: string) => {
      rig.print(`${text}\r\n+IPD1\r\nx`);
      return doubts;
    };
    expect(doubtsAfter(from('1.1.1.1'))).toBe(0);
    expect(doubtsAfter('')).toBe(0);
    expect(doubtsAfter(from('3.3.3.3'))).toBe(1);
    expect(doubtsAfter(from('3.3.3.3'))).toBe(1);
    expect(doubtsAfter(from('4.4.4.4'))).toBe(2);
  });

  test('of an unknown link is told to the link of its sender, if it wants to know', () => {
    const heard = listening(1, peer('1.1.1.1'));
    const other = notingHandler(2, [], '2', peer('2.2.2.2'));
    rig.table.accept(2, other);
    rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,7,1:\r\nx`);
    expect([heard, isWhole(7)]).toEqual([['lost bytes'], false]);
    expect(() => rig.print(`${from('2.2.2.2')}\r\n+RECEIVE,7,1:\r\nx`)).not.toThrow();
  });

  describe('whose header the line has lost, or a peer imitates', () => {
    test('with the number of another connection than its sender has reaches neither, and both are told', () => {
      const [one, two] = [listening(1, peer('1.1.1.1')), listening(2, peer('2.2.2.2'))];
      rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,2,1:\r\nx`);
      expect([one, two, isWhole(2)]).toEqual([['lost bytes'], ['lost bytes'], true]);
    });

    test('after a sender whose block did not come is lost to the client that gets its number, and to no other', () => {
      rig.print(`${from('1.1.1.1')}${from('9.9.9.9')}\r\n+RECEIVE,7,1:\r\nx`);
      expect([isWhole(7, '9.9.9.9'), isWhole(7, '1.1.1.1'), isWhole(8, '9.9.9.9')]).toEqual([
        false,
        true,
        true,
      ]);
    });

    test('after a sender whose block did not come, with a number that is not the sender’s, is told to its link', () => {
      const one = listening(1, { ...peer('1.1.1.1'), server: 0 });
      rig.print(`${from('8.8.8.8')}${from('9.9.9.9')}\r\n+RECEIVE,1,1:\r\nx`);
      expect([one, rig.asked]).toEqual([['lost bytes'], []]);
    });

    test('with the number of a peer that was given by its name, too, where the sender has a number of its own', () => {
      const [one, two] = [listening(1, peer('1.1.1.1')), listening(2, peer('two.example'))];
      rig.print(`${from('9.9.9.9')}\r\n+RECEIVE,2,1:\r\nx`);
      rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,2,1:\r\ny`);
      expect([one, two]).toEqual([['lost bytes'], ['x +0 9.9.9.9', 'lost bytes']]);
    });

    test('goes to a datagram socket from any sender', () => {
      const [one, two] = [listening(1, peer('1.1.1.1')), listening(2, { kind: 'udp', remote: undefined })];
      rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,2,1:\r\nx`);
      expect([one, two]).toEqual([[], ['x +0 1.1.1.1']]);
    });

    test.each([
      [0, ['lost bytes']],
      [199, ['lost bytes']],
      [200, ['x +0 2.2.2.2']],
    ])(
      'is told to the sender that was announced, and what comes %i ms later is its payload or not',
      (ms, heard) => {
        const [one, two] = [listening(1, peer('1.1.1.1')), listening(2, peer('2.2.2.2'))];
        rig.print(from('1.1.1.1'));
        rig.advance(ms);
        rig.print(`${from('2.2.2.2')}\r\n+RECEIVE,2,1:\r\nx`);
        expect([one, two]).toEqual([['lost bytes'], heard]);
        rig.print(`${from('2.2.2.2')}\r\n+RECEIVE,2,1:\r\ny`);
        expect(two.at(-1)).toBe('y +0 2.2.2.2');
      },
    );
  });

  test('without a link number goes to the link of its sender, which counts for one block', () => {
    const [one, two] = [listening(1, peer('1.1.1.1')), listening(2, peer('2.2.2.2'))];
    rig.print(`${from('2.2.2.2')}\r\n+IPD4\r\nab`);
    rig.print(`cd${from('1.1.1.1')}\r\n+IPD1\r\nx`);
    expect([one, two]).toEqual([['x +0 1.1.1.1'], ['ab +2 2.2.2.2', 'cd +0 2.2.2.2']]);
    rig.print('\r\n+IPD1\r\ny');
    expect([one.length, two.length, unhandled]).toEqual([1, 2, ['payload']]);
  });

  test('for which no link is known is held for the client that gets it, also in the middle', () => {
    rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,1,3:\r\nabc`);
    rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,1,4:\r\nde`);
    const heard = listening(1, peer('1.1.1.1'));
    rig.print('fg');
    expect(heard).toEqual(['abc +0 1.1.1.1', 'de +2 1.1.1.1', 'fg +0 1.1.1.1']);
    expect(unhandled).toEqual([]);
  });

  test('without a sender is not handed to a connection whose peer is not known', () => {
    rig.print('\r\n+RECEIVE,1,1:\r\nx');
    expect(listening(1)).toEqual([]);
  });

  test.each([
    ['is whole', '3:\r\nabc'],
    ['lost bytes', '9:\r\nabc\r\n+CREG: 1\r\n\r\nOK\r\n'],
  ])(
    'for which no link is known, and that %s, is dropped when a handler gets the link that takes none',
    (_, came) => {
      rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,1,${came}`);
      const handler = notingHandler(1, [], '1', peer('1.1.1.1'));
      rig.table.accept(1, handler);
      expect(() => rig.table.handOver(handler)).not.toThrow();
      expect(isWhole(1, '1.1.1.1')).toBe(true);
    },
  );

  test('for which no link is known, and that lost bytes, makes its client end', () => {
    rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,1,9:\r\nabc\r\n+CREG: 1\r\n\r\nOK\r\n`);
    const heard = listening(1, peer('1.1.1.1'));
    expect(heard).toEqual(['lost bytes']);
  });

  test('for the number of a link that has ended, as is reported, is held for the next one', () => {
    const one = listening(1, peer('1.1.1.1'));
    rig.print(`\r\n+IPCLOSE: 1,1\r\n${from('2.2.2.2')}\r\n+RECEIVE,1,1:\r\nx`);
    const two = listening(1, peer('2.2.2.2'));
    expect([one, two]).toEqual([[], ['x +0 2.2.2.2']]);
  });

  test('from a sender that no link has makes the module be asked whose the link is, and is held', () => {
    const one = listening(1, { ...peer('1.1.1.1'), server: 0 });
    rig.print(`${from('2.2.2.2')}\r\n+RECEIVE,1,1:\r\nx`);
    expect([one, rig.asked]).toEqual([[], ['AT+CIPOPEN?']]);
    const { chunks } = rig.table.hold(1, { host: '2.2.2.2', port: 80 });
    expect(chunks.map(({ bytes }) => textOf([bytes]))).toEqual(['x']);
  });

  test('for a handler that takes none is unhandled', () => {
    rig.table.accept(1, notingHandler(1, []));
    rig.print('\r\n+RECEIVE,1,1:\r\ny');
    expect(unhandled).toEqual(['payload']);
    expect(() => rig.print('\r\n+RECEIVE,7,7:\r\nhello\r\n+CREG: 1\r\n')).not.toThrow();
  });

  test('that lost bytes is told to its link, if it wants to know', () => {
    const heard = listening(1);
    rig.print('\r\n+RECEIVE,1,7:\r\nhello\r\n+CREG: 1\r\n');
    expect(heard).toContain('lost bytes');
    rig.table.accept(1, notingHandler(1, []));
    rig.print('\r\n+RECEIVE,1,7:\r\nhello\r\n+CREG: 1\r\n');
    expect(unhandled.filter((kind) => kind === 'overrun')).toEqual([]);
  });

  test('that ends in the middle is no loss of the next connection to its sender', () => {
    const first = listening(1, peer('1.1.1.1'));
    rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,1,9:\r\nhello`);
    rig.decoder.lineMode();
    const next = listening(1, peer('1.1.1.1'));
    rig.print(from('2.2.2.2'));
    expect([first, next]).toEqual([['hello +4 1.1.1.1'], []]);
  });

  test('of another service is left to others', () => {
    const heard = listening(1);
    rig.print('\r\n+RECEIVE,1,1:\r\nx\r\n+HTTPREAD: 2\r\nab');
    expect([heard, unhandled.includes('payload')]).toEqual([['x +0 undefined'], true]);
  });
});

describe('a header that the line may have lost', () => {
  test('makes the block of the next sender doubtful for 200 ms', () => {
    listening(1, peer('1.1.1.1'));
    const two = listening(2, peer('2.2.2.2'));
    rig.advance(150);
    rig.print(from('1.1.1.1'));
    rig.advance(150);
    rig.print(`${from('2.2.2.2')}\r\n+RECEIVE,2,1:\r\nx`);
    expect(two).toEqual(['lost bytes']);
    rig.print(from('1.1.1.1'));
    rig.advance(200);
    rig.print(`${from('2.2.2.2')}\r\n+RECEIVE,2,1:\r\ny`);
    expect(two).toEqual(['lost bytes', 'y +0 2.2.2.2']);
  });

  test('is told to the links that want to know', () => {
    rig.table.accept(1, notingHandler(1, [], '1', peer('1.1.1.1')));
    rig.table.accept(2, notingHandler(2, [], '2', peer('2.2.2.2')));
    expect(() => rig.print(`${from('2.2.2.2')}\r\n+RECEIVE,1,1:\r\nx`)).not.toThrow();
    expect(() => rig.print(`${from('9.9.9.9')}\r\n+RECEIVE,1,1:\r\nx`)).not.toThrow();
  });

  test('is not missing where a connection to a name has the address of a datagram socket’s peer', () => {
    listening(1, { kind: 'udp', ...peer('1.1.1.1') });
    const two = listening(2, peer('a.example'));
    rig.print(`${from('1.1.1.1')}\r\n+RECEIVE,2,1:\r\nx`);
    expect(two).toEqual(['x +0 1.1.1.1']);
  });
});

describe('a block whose read has ended', () => {
  test('goes to its link when it is whole', () => {
    const [one, two] = [listening(1), listening(2)];
    rig.print('\r\n+CIPRXGET: 2,1,5,0\r\nhel');
    expect(one).toEqual([]);
    rig.print('lo\r\n+CIPRXGET: 2,2,1,0\r\nx');
    expect([one, two]).toEqual([['late hello'], ['late x']]);
    expect(unhandled).not.toContain('payload');
  });

  test('begins again with each header', () => {
    const heard = listening(1);
    rig.print('\r\n+CIPRXGET: 2,1,9,0\r\nhello');
    rig.decoder.lineMode();
    rig.print('\r\n+CIPRXGET: 2,1,2,0\r\nab');
    expect(heard).toEqual(['late ab']);
  });

  test('that lost bytes is told to its link', () => {
    const heard = listening(1);
    rig.print('\r\n+CIPRXGET: 2,1,9,0\r\nhello\r\n\r\nOK\r\n');
    expect(heard).toContain('lost bytes');
    rig.table.accept(1, { ...notingHandler(1, []), orphanedRead: () => {} });
    rig.print('\r\n+CIPRXGET: 2,1,9,0\r\nhello\r\n\r\nOK\r\n');
    expect(unhandled).not.toContain('overrun');
  });

  test('is unhandled without a handler that wants it', () => {
    rig.table.accept(1, notingHandler(1, []));
    rig.print('\r\n+CIPRXGET: 2,1,1,0\r\nx\r\n+CIPRXGET: 2,2,1,0\r\nx');
    expect(unhandled).toEqual(['text', 'payload', 'text', 'payload']);
  });
});
