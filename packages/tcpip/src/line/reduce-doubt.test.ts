import { describe, test } from 'vitest';
import {
  call,
  connecting,
  DATA,
  doubted,
  escaping,
  expectJourney,
  held,
  type Stage,
  sent,
  verified,
} from '../../test/journey.js';

describe('a doubt whether the connection exists', () => {
  const DOUBT: readonly Stage[] = [
    ...DATA,
    [10, doubted('closed'), 'escaping, withhold, holdPayload, wake 20010'],
    ...escaping(10),
    [2_110, 'proven', 'verifying, commandMode false, verify'],
  ];
  test.each<[string, readonly Stage[]]>([
    ['that is none: back to data', [[2_200, verified('open'), 'returning, trust, return']]],
    [
      'where it is gone',
      [
        [2_150, call('enterCommandMode', 1), 'verifying'],
        [
          2_200,
          verified('gone'),
          'command, distrust, endConnection closedByModule, freeLink, settle 1 gone, replay',
        ],
      ],
    ],
    [
      'where another has its link: that one is closed',
      [
        [2_150, call('enterCommandMode', 1), 'verifying'],
        [
          2_200,
          verified('another'),
          'closing, replaced, distrust, endConnection closedByModule, settle 1 gone, closeLink',
        ],
      ],
    ],
    [
      'that the module settles by its report',
      [[2_200, 'linkClosed', 'command, cancelReturn, endConnection closedByModule, freeLink']],
    ],
    [
      'while which the network is lost',
      [[2_200, 'lost', 'command, cancelReturn, endConnection lost, freeLink']],
    ],
    [
      'while which the module goes back to data mode by itself',
      [
        [2_200, 'connected', 'escaping, dataMode, holdPayload, wake 22200'],
        [2_200, held(2_200), 'escaping, wake 12110'],
        [12_110, 'time', 'escaping, escape, wake 32110'],
        [12_110, sent(12_110, 1_050), 'escaping, wake 13160'],
        [13_160, 'time', 'escaping, ask, wake 33160'],
        [13_170, 'proven', 'verifying, commandMode false, verify'],
        [13_200, verified('open'), 'returning, trust, return'],
      ],
    ],
    [
      'goes on with what was asked for meanwhile',
      [
        [2_150, call('enterDataMode', 1), 'verifying'],
        [2_150, call('enterCommandMode', 2), 'verifying, settle 1 superseded'],
        [2_200, verified('open'), 'onlineCommand, trust, settle 2 done'],
      ],
    ],
    [
      'goes on with a call for data mode after one for command mode',
      [
        [2_150, call('enterCommandMode', 1), 'verifying'],
        [2_150, call('enterDataMode', 2), 'verifying'],
        [2_200, verified('open'), 'returning, trust, settle 1 done, return'],
      ],
    ],
    [
      'goes on with a close once it is back in data mode',
      [
        [2_150, call('close', 1), 'verifying'],
        [2_200, verified('open'), 'returning, trust, return'],
        [2_300, 'connected', 'data, dataMode, drainPayload, releasePayload'],
      ],
    ],
    [
      'goes on with an abort at once',
      [
        [2_150, call('abort', 1), 'verifying'],
        [2_200, verified('open'), 'closing, trust, endConnection closedHere, closeLink'],
      ],
    ],
  ])('%s', (_, stages) => expectJourney('shared', [...DOUBT, ...stages]));
});

describe('a doubt that the peer of the connection can raise', () => {
  /** The peer has raised one at 10 ms, which was resolved at 2110 ms, and raises another one. */
  const AGAIN = (
    first: Parameters<typeof doubted>[0],
    second: Parameters<typeof doubted>[0],
  ): readonly Stage[] => [
    ...DATA,
    [10, doubted(first), 'escaping, withhold, holdPayload, wake 20010'],
    ...escaping(10),
    [2_110, 'proven', 'verifying, commandMode false, verify'],
    [2_200, verified('open'), 'returning, trust, return'],
    [2_300, 'connected', 'data, dataMode, releasePayload'],
    [2_400, doubted(second), 'escaping, withhold, holdPayload, wake 22400'],
  ];

  test.each(['closed', 'restarted', 'echoed'] as const)('is resolved once in 10 s: %s', (doubt) => {
    expectJourney('shared', [...AGAIN(doubt, 'closed'), [2_400, held(2_400), 'escaping, wake 12110']]);
  });

  test.each(['signal', 'silent'] as const)('does not delay the next one if it was another: %s', (doubt) => {
    expectJourney('shared', [...AGAIN(doubt, 'closed'), [2_400, held(2_400), 'escaping, wake 3450']]);
  });

  test('of an earlier connection delays none', () => {
    expectJourney('shared', [
      ...AGAIN('closed', 'closed').slice(0, -3),
      [2_200, verified('gone'), 'command, distrust, endConnection closedByModule, freeLink, replay'],
      [2_300, connecting(), 'opening'],
      [2_400, 'connected', 'data, dataMode, releasePayload'],
      [2_500, doubted('closed'), 'escaping, withhold, holdPayload, wake 22500'],
      [2_500, held(2_500), 'escaping, wake 3550'],
    ]);
  });

  test.each<[string, Stage]>([
    ['a call for command mode', [2_500, call('enterCommandMode', 1), 'escaping, wake 3450']],
    ['an abort', [2_500, call('abort', 1), 'escaping, wake 3450']],
    ['a loss', [2_500, 'lost', 'escaping, endConnection lost, wake 3450']],
  ])('delays nothing else: %s', (_, stage) => {
    expectJourney('shared', [
      ...AGAIN('closed', 'closed'),
      [2_400, held(2_400), 'escaping, wake 12110'],
      stage,
      [3_450, 'time', 'escaping, escape, wake 23450'],
    ]);
    const [, ...before] = stage;
    expectJourney('shared', [
      ...AGAIN('closed', 'closed'),
      [2_400, before[0], before[1].replace(', wake 3450', '')],
      [2_400, held(2_400), 'escaping, wake 3450'],
    ]);
  });

  test('does not delay commands that wait', () => {
    expectJourney('shared', [
      ...AGAIN('closed', 'closed').slice(0, -1),
      [2_400, 'wanted', 'escaping, holdPayload, wake 22400'],
      [2_400, held(2_400), 'escaping, wake 3450'],
    ]);
  });

  test('closes the next client’s connection also after the module went back to data mode by itself', () => {
    expectJourney('shared', [
      ...AGAIN('closed', 'closed').slice(0, -3),
      [2_200, verified('another'), 'closing, replaced, distrust, endConnection closedByModule, closeLink'],
      [2_300, 'connected', 'escaping, dataMode, holdPayload, wake 22300'],
      ...escaping(2_300),
      [4_400, 'proven', 'closing, commandMode false, trust, endConnection closedHere, closeLink'],
    ]);
  });

  test('does not wait for a call for data mode or a close', () => {
    expectJourney('shared', [
      ...AGAIN('closed', 'closed'),
      [2_400, call('enterDataMode', 1), 'escaping'],
      [2_400, call('close', 2), 'escaping'],
      [2_400, held(2_400), 'escaping, wake 12110'],
    ]);
  });
});

describe('a doubt that turns out to be data', () => {
  const DOUBT: readonly Stage[] = [
    ...DATA,
    [20, doubted('closed'), 'escaping, withhold, holdPayload, wake 20020'],
  ];

  test.each<[string, readonly Stage[]]>([
    ['lets data mode go on', [[30, 'trusted', 'data, trust, releasePayload']]],
    [
      'lets it go on in the silence too, with what was asked for',
      [
        [25, held(25), 'escaping, wake 1075'],
        [30, call('enterDataMode', 1), 'escaping'],
        [30, call('close', 2), 'escaping'],
        [40, 'trusted', 'data, trust, drainPayload, releasePayload, settle 1 done'],
        [50, doubted('signal'), 'escaping, withhold, holdPayload, wake 20050'],
      ],
    ],
    [
      'comes too late once the escape is sent',
      [
        [25, held(25), 'escaping, wake 1075'],
        [1_075, 'time', 'escaping, escape, wake 21075'],
        [1_080, 'trusted', 'escaping'],
        [1_090, sent(1_090, 1_050), 'escaping, wake 2140'],
        [1_100, 'trusted', 'escaping'],
      ],
    ],
    [
      'does not keep a caller from command mode, and leaves no doubt to resolve',
      [
        [25, call('enterCommandMode', 1), 'escaping'],
        [30, 'trusted', 'escaping, trust'],
        [35, held(35), 'escaping, wake 1085'],
        [40, 'trusted', 'escaping'],
        ...escaping(35).slice(1),
        [2_200, 'proven', 'onlineCommand, commandMode false, trust, settle 1 done'],
      ],
    ],
    [
      'does not keep a caller from the end',
      [
        [25, held(25), 'escaping, wake 1075'],
        [30, call('abort', 1), 'escaping, wake 1075'],
        [40, 'trusted', 'escaping, trust, wake 1075'],
      ],
    ],
    [
      'does not keep a connection that is lost',
      [
        [25, 'lost', 'escaping, endConnection lost'],
        [40, 'trusted', 'escaping, trust'],
      ],
    ],
  ])('%s', (_, stages) => expectJourney('shared', [...DOUBT, ...stages]));
});
