import { describe, test } from 'vitest';
import {
  call,
  connecting,
  DATA,
  escaping,
  expectJourney,
  refused,
  type Stage,
  sent,
} from '../../test/journey.js';

/** Command mode while the connection is kept; operation 1 asked for it. */
const ONLINE: readonly Stage[] = [
  ...DATA,
  [10, call('enterCommandMode', 1), 'escaping, holdPayload, wake 20010'],
  ...escaping(10),
  [2_110, 'proven', 'onlineCommand, commandMode false, trust, settle 1 done'],
];
const RETURNING: readonly Stage[] = [...ONLINE, [3_000, call('enterDataMode', 2), 'returning, return']];

describe('a connection that is being made', () => {
  test.each<[string, readonly Stage[]]>([
    ['carries data from CONNECT on', DATA],
    [
      'is announced: no command is sent before its CONNECT',
      [
        [100, connecting(true), 'opening, holdCommands, wake 5100'],
        [200, 'connected', 'data, dataMode, releasePayload'],
      ],
    ],
    [
      'is announced, and its CONNECT does not come for 5 s: data mode is left, if that is where the module is',
      [
        [100, connecting(true), 'opening, holdCommands, wake 5100'],
        [5_099, 'time', 'opening, wake 5100'],
        [5_100, 'time', 'escaping, dataMode, endConnection unconfirmed, holdPayload, wake 25100'],
        ...escaping(5_100),
        [7_200, 'proven', 'closing, commandMode false, trust, endConnection closedHere, closeLink'],
      ],
    ],
    [
      'is announced, and has ended before its CONNECT',
      [
        [0, connecting(true), 'opening, holdCommands, wake 5000'],
        [1, call('close', 1), 'opening'],
        [2, 'linkClosed', 'command, endConnection closedByModule, commandMode true, freeLink, settle 1 done'],
      ],
    ],
    [
      'by a command is not ended by a report, which may be of the one before',
      [
        [0, connecting(), 'opening'],
        [1, 'linkClosed', 'opening'],
        [2, 'time', 'opening, wake Infinity'],
      ],
    ],
    [
      'and refused ends what was asked for meanwhile',
      [
        [0, connecting(), 'opening'],
        [1, call('enterDataMode', 1), 'opening'],
        [1, call('close', 2), 'opening'],
        [1, call('abort', 3), 'opening'],
        [1, call('enterCommandMode', 4), 'opening, settle 1 superseded'],
        [1, call('enterDataMode', 5), 'opening'],
        [2, refused(), 'command, freeLink, settle 2 done, settle 3 done, settle 4 gone, settle 5 gone'],
      ],
    ],
    [
      'and not answered may be there all the same: it is closed',
      [
        [0, connecting(), 'opening'],
        [1, call('enterDataMode', 1), 'opening'],
        [9_000, 'unanswered', 'escaping, dataMode, settle 1 refused, holdPayload, wake 29000'],
        ...escaping(9_000),
        [11_100, 'proven', 'closing, commandMode false, trust, endConnection closedHere, closeLink'],
        [11_200, 'freed', 'command, freeLink'],
      ],
    ],
    [
      'and lost is left as soon as it is there',
      [
        [0, connecting(), 'opening'],
        [1, call('enterCommandMode', 1), 'opening'],
        [2, 'lost', 'opening, endConnection lost, settle 1 gone'],
        [3, 'connected', 'escaping, dataMode, holdPayload, wake 20003'],
        ...escaping(3),
        [2_103, 'proven', 'closing, commandMode false, trust, endConnection closedHere, closeLink'],
      ],
    ],
    [
      'takes the place of the one before, whose end was not heard',
      [
        ...ONLINE,
        [3_000, call('close', 2), 'closing, endConnection closedHere, closeLink'],
        [
          3_001,
          connecting(true),
          'opening, cancelReturn, endConnection replaced, freeLink, settle 2 done, holdCommands, wake 8001',
        ],
        [3_002, 'connected', 'data, dataMode, releasePayload'],
      ],
    ],
    [
      'is not known: CONNECT comes in command mode, and the module is called back',
      [
        [100, 'connected', 'escaping, dataMode, holdPayload, wake 20100'],
        [100, { kind: 'held', silentFrom: 0 }, 'escaping, wake 1150'],
      ],
    ],
  ])('%s', (_, stages) => expectJourney('shared', stages));

  test.each<[string, Stage, string]>([
    [
      'data mode has it',
      [5, call('enterDataMode', 1), 'opening'],
      'data, dataMode, releasePayload, settle 1 done',
    ],
    [
      'command mode',
      [5, call('enterCommandMode', 1), 'opening'],
      'escaping, dataMode, holdPayload, wake 20010',
    ],
    ['its end', [5, call('abort', 1), 'opening'], 'escaping, dataMode, holdPayload, wake 20010'],
    [
      'its end after all is sent',
      [5, call('close', 1), 'opening'],
      'data, dataMode, drainPayload, releasePayload',
    ],
  ])('goes on at CONNECT with what was asked for: %s', (_, asked, does) =>
    expectJourney('shared', [[0, connecting(), 'opening'], asked, [10, 'connected', does]]),
  );
});

describe('data mode', () => {
  test.each<[string, readonly Stage[]]>([
    ['is where the line is: a call for it is done', [[20, call('enterDataMode', 1), 'data, settle 1 done']]],
    [
      'is left for commands that wait, and entered again',
      [
        [20, 'wanted', 'escaping, holdPayload, wake 20020'],
        ...escaping(20),
        [2_120, 'proven', 'returning, commandMode false, trust, return'],
        [2_200, 'connected', 'data, dataMode, releasePayload'],
      ],
    ],
    [
      'is left for a close when all is sent',
      [
        [20, 'drained', 'data'],
        [20, call('close', 1), 'data, drainPayload'],
        [30, 'drained', 'escaping, holdPayload, wake 20030'],
        ...escaping(30),
        [2_130, 'proven', 'closing, commandMode false, trust, endConnection closedHere, closeLink'],
        [2_200, call('enterDataMode', 2), 'closing, settle 2 gone'],
        [2_200, call('abort', 3), 'closing'],
        [2_300, 'freed', 'command, freeLink, settle 1 done, settle 3 done'],
      ],
    ],
    [
      'is left for an abort at once',
      [
        [20, call('abort', 1), 'escaping, holdPayload, wake 20020'],
        ...escaping(20),
        [2_120, 'proven', 'closing, commandMode false, trust, endConnection closedHere, closeLink'],
      ],
    ],
    [
      'is left when the connection is lost',
      [
        [15, call('close', 1), 'data, drainPayload'],
        [20, 'lost', 'escaping, endConnection lost, settle 1 done, holdPayload, wake 20020'],
      ],
    ],
    [
      'ends with the modem',
      [
        [15, call('close', 1), 'data, drainPayload'],
        [20, 'ended', 'command, cancelReturn, endConnection lost, freeLink, settle 1 done'],
        [21, 'ended', 'command'],
      ],
    ],
    [
      'takes no line for a report',
      [
        [20, 'linkClosed', 'data'],
        [20, 'connected', 'data'],
        [20, connecting(), 'data'],
      ],
    ],
  ])('%s', (_, stages) => expectJourney('shared', [...DATA, ...stages]));
});

describe('command mode with a connection', () => {
  test.each<[string, readonly Stage[]]>([
    [
      'is where the line is: a call for it is done',
      [[3_000, call('enterCommandMode', 2), 'onlineCommand, settle 2 done']],
    ],
    [
      'is left for data',
      [
        [3_000, call('enterDataMode', 2), 'returning, return'],
        [3_001, call('enterDataMode', 3), 'returning'],
        [3_100, 'connected', 'data, dataMode, releasePayload, settle 2 done, settle 3 done'],
      ],
    ],
    [
      'is left for a close',
      [
        [3_000, call('close', 2), 'closing, endConnection closedHere, closeLink'],
        [3_100, 'freed', 'command, freeLink, settle 2 done'],
      ],
    ],
    ['is left for an abort', [[3_000, call('abort', 2), 'closing, endConnection closedHere, closeLink']]],
    [
      'ends with the connection',
      [[3_000, 'linkClosed', 'command, cancelReturn, endConnection closedByModule, freeLink']],
    ],
    ['ends with the network', [[3_000, 'lost', 'command, cancelReturn, endConnection lost, freeLink']]],
    [
      'is entered again when the module has left it by itself',
      [
        [3_000, 'connected', 'escaping, dataMode, holdPayload, wake 23000'],
        [3_000, { kind: 'held', silentFrom: 0 }, 'escaping, wake 4050'],
        [4_050, 'time', 'escaping, escape, wake 24050'],
        [4_050, sent(4_050, 1_050), 'escaping, wake 5100'],
        [5_100, 'time', 'escaping, ask, wake 25100'],
        [5_200, 'proven', 'onlineCommand, commandMode false, trust'],
        [5_300, call('enterDataMode', 2), 'returning, return'],
        [5_400, 'connected', 'data, dataMode, releasePayload, settle 2 done'],
      ],
    ],
  ])('%s', (_, stages) => expectJourney('shared', [...ONLINE, ...stages]));
});

describe('the way back to data mode', () => {
  test.each<[string, readonly Stage[]]>([
    ['refused leaves the line in command mode', [[3_100, refused(), 'onlineCommand, settle 2 refused']]],
    [
      'refused because the connection is gone ends it',
      [[3_100, refused(false), 'command, endConnection closedByModule, freeLink, settle 2 gone']],
    ],
    [
      'refused where a close waits too closes it',
      [
        [3_050, call('close', 3), 'returning'],
        [3_100, refused(), 'closing, settle 2 refused, endConnection closedHere, closeLink'],
        [3_200, 'freed', 'command, freeLink, settle 3 done'],
      ],
    ],
    [
      'refused, where the call was superseded, closes it: the module is in neither mode',
      [
        [3_050, call('enterCommandMode', 3), 'returning, settle 2 superseded'],
        [3_100, refused(), 'closing, endConnection unconfirmed, settle 3 gone, closeLink'],
      ],
    ],
    [
      'not answered is found out, and the line stays in command mode',
      [
        [3_100, 'unanswered', 'escaping, dataMode, settle 2 refused, holdPayload, wake 23100'],
        ...escaping(3_100),
        [5_200, 'proven', 'onlineCommand, commandMode false, trust'],
      ],
    ],
    [
      'not answered, where the call was superseded, ends the connection',
      [
        [3_050, call('enterCommandMode', 3), 'returning, settle 2 superseded'],
        [3_100, 'unanswered', 'escaping, dataMode, endConnection unconfirmed, holdPayload, wake 23100'],
        ...escaping(3_100),
        [
          5_200,
          'proven',
          'closing, commandMode false, trust, endConnection closedHere, settle 3 gone, closeLink',
        ],
      ],
    ],
    [
      'ends with the connection',
      [[3_100, 'linkClosed', 'command, cancelReturn, endConnection closedByModule, freeLink, settle 2 gone']],
    ],
    [
      'leads out again where command mode was asked for meanwhile',
      [
        [3_050, call('enterCommandMode', 3), 'returning, settle 2 superseded'],
        [3_100, 'connected', 'escaping, dataMode, holdPayload, wake 23100'],
        ...escaping(3_100),
        [5_200, 'proven', 'onlineCommand, commandMode false, trust, settle 3 done'],
      ],
    ],
    [
      'is not kept in command mode by what was asked for long before',
      [
        [3_100, 'connected', 'data, dataMode, releasePayload, settle 2 done'],
        [3_200, 'wanted', 'escaping, holdPayload, wake 23200'],
        ...escaping(3_200),
        [5_300, 'proven', 'returning, commandMode false, trust, return'],
        [5_400, refused(), 'closing, endConnection unconfirmed, closeLink'],
      ],
    ],
  ])('%s', (_, stages) => expectJourney('shared', [...RETURNING, ...stages]));
});

describe('a connection that is being closed', () => {
  test('is not called back by a late CONNECT: that is left again, and it is closed', () => {
    expectJourney('shared', [
      ...ONLINE,
      [3_000, call('abort', 2), 'closing, endConnection closedHere, closeLink'],
      [3_100, 'connected', 'escaping, dataMode, holdPayload, wake 23100'],
      ...escaping(3_100),
      [5_200, 'proven', 'closing, commandMode false, trust, endConnection closedHere, closeLink'],
      [5_300, 'freed', 'command, freeLink, settle 2 done'],
    ]);
  });

  test('is closed too where command mode and a close were asked for together', () => {
    expectJourney('shared', [
      ...DATA,
      [10, call('enterCommandMode', 1), 'escaping, holdPayload, wake 20010'],
      [10, call('close', 2), 'escaping'],
      ...escaping(10),
      [
        2_110,
        'proven',
        'closing, commandMode false, trust, endConnection closedHere, settle 1 gone, closeLink',
      ],
    ]);
  });
});

test('without a connection, a close is done and anything else is not possible', () => {
  expectJourney('shared', [
    [0, call('close', 1), 'command, settle 1 done'],
    [0, call('abort', 2), 'command, settle 2 done'],
    [0, call('enterDataMode', 3), 'command, settle 3 gone'],
    [0, call('enterCommandMode', 4), 'command, settle 4 gone'],
    [0, 'lost', 'command'],
    [0, 'ended', 'command'],
  ]);
});
