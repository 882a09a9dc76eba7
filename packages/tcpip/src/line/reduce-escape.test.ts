import { describe, test } from 'vitest';
import {
  answered,
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

/** Commands wait, and data mode is being left; the payload is out at 100 ms. */
const LEAVING: readonly Stage[] = [
  ...DATA,
  [20, 'wanted', 'escaping, holdPayload, wake 20020'],
  [100, held(100), 'escaping, wake 1150'],
];
/** The escape is sent, with 1 s of silence around it. */
const ESCAPED: readonly Stage[] = [
  ...LEAVING,
  [1_150, 'time', 'escaping, escape, wake 21150'],
  [1_200, sent(1_190, 1_050), 'escaping, wake 2240'],
];
/** The question is sent. */
const ASKED: readonly Stage[] = [
  ...ESCAPED,
  [2_240, 'time', 'escaping, ask, wake 22240'],
  [2_250, sent(2_260), 'escaping, wake 3760'],
];
/** From then on: the module answers nothing to what is left of `escapes` escapes. */
const SILENT: readonly Stage[] = [
  ...ASKED,
  [3_760, 'time', 'escaping, ask, wake 23760'],
  [3_760, sent(3_760), 'escaping, wake 5260'],
  [5_260, 'time', 'escaping, escape, wake 25260'],
  [5_260, sent(5_260, 1_050), 'escaping, wake 6310'],
  [6_310, 'time', 'escaping, ask, wake 26310'],
  [6_310, sent(6_310), 'escaping, wake 7810'],
  [7_810, 'time', 'escaping, ask, wake 27810'],
  [7_810, sent(7_810), 'escaping, wake 9310'],
  [9_310, 'time', 'escaping, escape, wake 29310'],
  [9_310, sent(9_310, 1_050), 'escaping, wake 10360'],
  [10_360, 'time', 'escaping, ask, wake 30360'],
  [10_360, sent(10_360), 'escaping, wake 11860'],
  [11_860, 'time', 'escaping, ask, wake 31860'],
  [11_860, sent(11_860), 'escaping, wake 13360'],
];

/** From {@link LEAVING} on: the escape and the question. */
const LATE: readonly Stage[] = [
  [1_150, 'time', 'escaping, escape, wake 21150'],
  [1_150, sent(1_150, 1_050), 'escaping, wake 2200'],
  [2_200, 'time', 'escaping, ask, wake 22200'],
];

describe('the silence around an escape', () => {
  test.each<[string, readonly Stage[]]>([
    [
      'begins with the last byte that left the port, whatever the timer says',
      [
        [1_000, held(1_000), 'escaping'],
        [1_149, 'time', 'escaping, wake 1150'],
        [1_150, 'time', 'escaping, escape, wake 21150'],
      ],
    ],
    [
      'is longer when something leaves the port within it',
      [
        [500, sent(600), 'escaping'],
        [1_150, 'time', 'escaping, wake 1650'],
        [1_650, 'time', 'escaping, escape, wake 21650'],
      ],
    ],
    [
      'is not shortened by a report of an earlier byte',
      [
        [500, sent(50), 'escaping'],
        [1_150, 'time', 'escaping, escape, wake 21150'],
        [1_160, sent(90, 1_050), 'escaping, wake 1150'],
      ],
    ],
    [
      'is waited for although the module answers within it',
      [
        [1_150, 'time', 'escaping, escape, wake 21150'],
        [1_160, 'proven', 'escaping'],
        [1_200, sent(1_190, 1_050), 'escaping, wake 2240'],
        [1_300, 'proven', 'escaping'],
        [2_240, 'time', 'returning, commandMode true, trust, return'],
      ],
    ],
    [
      'is not waited for where the module answers before anything is sent',
      [[200, 'proven', 'returning, commandMode true, trust, return']],
    ],
  ])('%s', (_, stages) => expectJourney('shared', [...LEAVING, ...stages]));

  test('begins not before data mode began', () => {
    expectJourney('shared', [
      [0, connecting(), 'opening'],
      [500, 'connected', 'data, dataMode, releasePayload'],
      [510, 'wanted', 'escaping, holdPayload, wake 20510'],
      [520, held(100), 'escaping, wake 1550'],
    ]);
  });
});

describe('the answer to the question', () => {
  test.each<[string, readonly Stage[]]>([
    [
      'is waited for longer while bytes arrive',
      [
        [3_000, 'heard', 'escaping'],
        [3_760, 'time', 'escaping, wake 4500'],
        [4_500, 'time', 'escaping, ask, wake 24500'],
      ],
    ],
    [
      'is waited for no longer than 10 s while bytes arrive',
      [
        [12_000, 'heard', 'escaping'],
        [12_259, 'time', 'escaping, wake 12260'],
        [12_260, 'time', 'escaping, ask, wake 32260'],
      ],
    ],
    [
      'is not waited for less because bytes arrived early',
      [
        [2_250, 'heard', 'escaping'],
        [3_759, 'time', 'escaping, wake 3760'],
      ],
    ],
    [
      'to a second question may have come late: what the module says is read to its end',
      [
        [3_760, 'time', 'escaping, ask, wake 23760'],
        [3_800, 'proven', 'returning, commandMode true, trust, return'],
      ],
    ],
    [
      'that proves nothing is followed by another question, once',
      [
        [2_300, answered(), 'escaping, ask, wake 22300'],
        [2_310, sent(2_310), 'escaping, wake 3810'],
        [2_320, answered(), 'escaping'],
        [3_810, 'time', 'escaping, escape, wake 23810'],
        [3_900, answered(), 'escaping'],
      ],
    ],
  ])('%s', (_, stages) => expectJourney('shared', [...ASKED, ...stages]));

  test('is not awaited before the question: bytes change nothing', () => {
    expectJourney('shared', [
      ...ESCAPED,
      [1_300, 'heard', 'escaping'],
      [1_300, answered(), 'escaping'],
      [2_239, 'time', 'escaping, wake 2240'],
      [2_240, 'time', 'escaping, ask, wake 22240'],
    ]);
  });

  test('to the first question after a second escape is read to its end too', () => {
    expectJourney('shared', [
      ...SILENT.slice(0, SILENT.findIndex(([at]) => at === 6_310) + 2),
      [6_400, 'proven', 'returning, commandMode true, trust, return'],
    ]);
  });

  test('asked for again begins with its own two questions after each escape', () => {
    expectJourney('shared', [
      ...SILENT.slice(0, -4),
      [9_400, 'proven', 'escaping'],
      [10_360, 'time', 'returning, commandMode true, trust, return'],
    ]);
  });
});

describe('a module that never answers', () => {
  test('is silent after three escapes with two questions each: the modem ends', () => {
    expectJourney('shared', [
      ...SILENT,
      [13_360, 'time', 'command, endModem silent, endConnection silent, freeLink'],
    ]);
  });

  test('is silent, and has not restarted, if it answered something else only', () => {
    expectJourney('shared', [
      ...SILENT.slice(0, -1),
      [11_870, answered(false), 'escaping'],
      [11_880, sent(11_880), 'escaping, wake 13380'],
      [13_380, 'time', 'command, endModem silent, endConnection silent, freeLink'],
    ]);
  });

  test('has restarted if it answered in the right form with other numbers', () => {
    expectJourney('shared', [
      ...SILENT.slice(0, -1),
      [11_870, answered(true), 'escaping'],
      [11_880, sent(11_880), 'escaping, wake 13380'],
      [12_000, answered(false), 'escaping'],
      [13_380, 'time', 'command, endModem restarted, endConnection restarted, freeLink'],
    ]);
  });

  test('has not where that was before an earlier time that data mode was left', () => {
    expectJourney('shared', [
      ...ASKED,
      [2_300, answered(true), 'escaping, ask, wake 22300'],
      [2_400, 'proven', 'returning, commandMode true, trust, return'],
      [2_500, 'connected', 'data, dataMode, releasePayload'],
      [2_600, 'wanted', 'escaping, holdPayload, wake 22600'],
      [22_599, 'time', 'escaping, wake 22600'],
      [22_600, 'time', 'command, endModem silent, endConnection silent, freeLink'],
    ]);
  });

  test.each<[string, Stage[], string]>([
    [
      'leaves the line in data mode where a caller only asked for command mode',
      [[30, call('enterCommandMode', 1), 'escaping']],
      'data, settle 1 stuck, trust, releasePayload',
    ],
    [
      'and then data mode was asked for',
      [
        [30, call('enterCommandMode', 1), 'escaping'],
        [30, call('enterDataMode', 2), 'escaping'],
      ],
      'data, settle 1 stuck, trust, releasePayload, settle 2 done',
    ],
    [
      'ends the modem where the connection is to be closed too',
      [
        [30, call('enterCommandMode', 1), 'escaping'],
        [30, call('close', 2), 'escaping'],
      ],
      'command, endModem silent, endConnection silent, freeLink, settle 2 done, settle 1 gone',
    ],
    [
      'ends the modem where the connection is to be closed at once',
      [
        [30, call('abort', 1), 'escaping'],
        [30, call('enterCommandMode', 2), 'escaping'],
      ],
      'command, endModem silent, endConnection silent, freeLink, settle 1 done, settle 2 gone',
    ],
    [
      'ends the modem where the connection is lost too',
      [
        [30, 'lost', 'escaping, endConnection lost'],
        [30, call('enterCommandMode', 1), 'escaping'],
      ],
      'command, endModem silent, endConnection silent, freeLink, settle 1 gone',
    ],
  ])('%s', (_, asked, does) => {
    expectJourney('shared', [
      ...DATA,
      [20, 'wanted', 'escaping, holdPayload, wake 20020'],
      ...asked,
      [20_020, 'time', does],
    ]);
  });

  test('leaves no wish for command mode that an earlier mode had', () => {
    expectJourney('shared', [
      ...DATA,
      [10, call('enterCommandMode', 1), 'escaping, holdPayload, wake 20010'],
      ...escaping(10),
      [2_110, 'proven', 'onlineCommand, commandMode false, trust, settle 1 done'],
      [3_000, 'connected', 'escaping, dataMode, holdPayload, wake 23000'],
      [3_100, call('enterCommandMode', 2), 'escaping'],
      [23_000, 'time', 'data, settle 2 stuck, trust, releasePayload'],
      [23_100, 'wanted', 'escaping, holdPayload, wake 43100'],
      ...escaping(23_100),
      [25_200, 'proven', 'returning, commandMode false, trust, return'],
    ]);
  });

  test('is not known to be when its port does not send: the modem ends', () => {
    expectJourney('shared', [
      ...LEAVING,
      [1_150, 'time', 'escaping, escape, wake 21150'],
      [21_149, 'time', 'escaping, wake 21150'],
      [21_150, 'time', 'command, endModem silent, endConnection silent, freeLink'],
    ]);
    expectJourney('shared', [
      ...DATA,
      [20, doubted('silent'), 'escaping, withhold, holdPayload, wake 20020'],
      [30, call('enterCommandMode', 1), 'escaping'],
      [20_020, 'time', 'command, endModem silent, endConnection silent, freeLink, settle 1 gone'],
    ]);
  });
});

describe('what happens while data mode is being left', () => {
  test.each<[string, readonly Stage[]]>([
    [
      'calls are done in command mode',
      [
        [200, call('enterDataMode', 1), 'escaping'],
        [200, call('enterCommandMode', 2), 'escaping, settle 1 superseded, wake 1150'],
        ...LATE,
        [2_400, 'proven', 'onlineCommand, commandMode false, trust, settle 2 done'],
      ],
    ],
    [
      'an abort closes the connection',
      [
        [200, call('abort', 1), 'escaping, wake 1150'],
        ...LATE,
        [2_400, 'proven', 'closing, commandMode false, trust, endConnection closedHere, closeLink'],
      ],
    ],
    [
      'an abort comes before a call for data mode',
      [
        [200, call('enterDataMode', 1), 'escaping'],
        [200, call('abort', 2), 'escaping, wake 1150'],
        ...LATE,
        [
          2_400,
          'proven',
          'closing, commandMode false, trust, endConnection closedHere, settle 1 gone, closeLink',
        ],
      ],
    ],
    [
      'a close waits for data mode, where all is sent first',
      [
        [200, call('close', 1), 'escaping'],
        ...LATE,
        [2_400, 'proven', 'returning, commandMode false, trust, return'],
        [2_500, 'connected', 'data, dataMode, drainPayload, releasePayload'],
      ],
    ],
    [
      'a loss closes the connection',
      [
        [200, 'lost', 'escaping, endConnection lost, wake 1150'],
        ...LATE,
        [2_400, 'proven', 'closing, commandMode false, trust, endConnection closedHere, closeLink'],
      ],
    ],
    [
      'a doubt is resolved afterwards, the first one first',
      [
        [200, doubted('signal'), 'escaping'],
        [300, doubted('closed'), 'escaping'],
        ...LATE,
        [2_400, 'proven', 'verifying, commandMode false, verify'],
        [2_500, verified('open'), 'returning, trust, return'],
        [2_600, 'connected', 'data, dataMode, releasePayload'],
        // The doubt was none that the peer can raise: the next one is resolved at once.
        [2_700, doubted('closed'), 'escaping, withhold, holdPayload, wake 22700'],
        [2_700, held(2_700), 'escaping, wake 3750'],
      ],
    ],
    ['trust means nothing without a doubt', [[200, 'trusted', 'escaping']]],
    [
      'lines are data',
      [
        [200, 'connected', 'escaping'],
        [200, 'linkClosed', 'escaping'],
        [200, 'wanted', 'escaping'],
        [200, connecting(), 'escaping'],
      ],
    ],
    ['the end of the modem ends it', [[200, 'ended', 'command, cancelReturn, endConnection lost, freeLink']]],
  ])('%s', (_, stages) => expectJourney('shared', [...LEAVING, ...stages]));
});
