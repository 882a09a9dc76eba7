import { describe, test } from 'vitest';
import {
  call,
  connecting,
  DATA,
  doubted,
  expectJourney,
  held,
  refused,
  type Stage,
  verified,
} from '../../test/journey.js';

/** What a dedicated line, which carries data beside commands on another port, does in {@link DATA} and then. */
const expectBeside = (...stages: readonly Stage[]) => expectJourney('dedicated', stages);

/** The connection has ended on the module, at 20 ms; what it received may still be arriving. */
const DRAINING: readonly Stage[] = [
  ...DATA,
  [15, 'linkClosed', 'data, verify'],
  [20, verified('gone'), 'draining, wake 520'],
];
/** The connection is being closed. */
const HANGING_UP: readonly Stage[] = [
  ...DATA,
  [20, 'lost', 'hangingUp, endConnection lost, endConnection closedHere, closeLink'],
];

describe('a connection that is being made beside commands', () => {
  test.each<[string, readonly Stage[]]>([
    [
      'goes on at CONNECT with what was asked for: both modes are there at once',
      [
        [0, connecting(), 'opening'],
        [1, call('enterDataMode', 1), 'opening'],
        [1, call('enterCommandMode', 2), 'opening, settle 1 superseded'],
        [1, call('enterDataMode', 3), 'opening'],
        [2, 'connected', 'data, dataMode, releasePayload, settle 2 done, settle 3 done'],
      ],
    ],
    [
      'is closed at CONNECT after all is sent, if that was asked for',
      [
        [0, connecting(), 'opening'],
        [1, call('close', 1), 'opening'],
        [2, 'connected', 'data, dataMode, drainPayload, releasePayload'],
      ],
    ],
    [
      'is closed at CONNECT at once, if that was asked for',
      [
        [0, connecting(), 'opening'],
        [1, call('abort', 1), 'opening'],
        [2, 'connected', 'hangingUp, dataMode, endConnection closedHere, closeLink'],
      ],
    ],
    [
      'is closed at CONNECT if it was lost before',
      [
        [0, connecting(), 'opening'],
        [1, 'lost', 'opening, endConnection lost'],
        [2, 'connected', 'hangingUp, dataMode, endConnection closedHere, closeLink'],
      ],
    ],
    [
      'and not answered may be there all the same: it is closed',
      [
        [0, connecting(), 'opening'],
        [9_000, 'unanswered', 'hangingUp, dataMode, closeLink'],
        [9_100, 'freed', 'draining, wake 9600'],
        [
          9_600,
          'time',
          'command, distrust, endConnection closedByModule, freeLink, replay, commandMode true',
        ],
      ],
    ],
    [
      'and refused frees the line',
      [
        [0, connecting(), 'opening'],
        [9_000, refused(), 'command, freeLink'],
      ],
    ],
    [
      'is announced, and given up when its CONNECT does not come for 5 s',
      [
        [100, connecting(true), 'opening, holdCommands, wake 5100'],
        [5_099, 'time', 'opening, wake 5100'],
        [5_100, 'time', 'hangingUp, endConnection unconfirmed, dataMode, closeLink'],
      ],
    ],
    [
      'is not known: CONNECT comes by itself, and it is closed',
      [[0, 'connected', 'hangingUp, dataMode, closeLink']],
    ],
    [
      'after one that was given up begins as the first one',
      [
        [0, connecting(), 'opening'],
        [1, 'lost', 'opening, endConnection lost'],
        [2, refused(), 'command, freeLink'],
        ...DATA,
      ],
    ],
  ])('%s', (_, stages) => expectBeside(...stages));
});

describe('data beside commands', () => {
  test.each<[string, readonly Stage[]]>([
    [
      'never leaves data mode for a call or for commands that wait',
      [
        [20, call('enterCommandMode', 1), 'data, settle 1 done'],
        [20, call('enterDataMode', 2), 'data, settle 2 done'],
        [20, 'wanted', 'data'],
        [20, 'connected', 'data'],
      ],
    ],
    ['delivers what was kept and can only be data', [[20, 'trusted', 'data, trust']]],
    [
      'is doubted: the module is asked, and data goes on when the connection is there',
      [
        [20, doubted('restarted'), 'data, verify'],
        [30, verified('open'), 'data, trust'],
        [40, doubted('closed'), 'data, verify'],
      ],
    ],
    [
      'is doubted again before the answer: the module is asked once more',
      [
        [20, doubted('closed'), 'data, verify'],
        [21, 'linkClosed', 'data'],
        [22, doubted('signal'), 'data'],
        [30, verified('open'), 'data, verify'],
        [40, verified('open'), 'data, trust'],
      ],
    ],
    [
      'is doubted by a report, and again',
      [
        [20, 'linkClosed', 'data, verify'],
        [21, doubted('closed'), 'data'],
        [30, verified('open'), 'data, verify'],
        [40, verified('open'), 'data, trust'],
      ],
    ],
    [
      'is doubted, and asks once for each doubt',
      [
        [20, doubted('closed'), 'data, verify'],
        [22, doubted('signal'), 'data'],
        [30, verified('open'), 'data, verify'],
        [40, verified('open'), 'data, trust'],
        [50, doubted('closed'), 'data, verify'],
        [60, verified('open'), 'data, trust'],
      ],
    ],
    [
      'ends when the next client has the link: no command reaches that client',
      [
        [20, doubted('closed'), 'data, verify'],
        [25, call('close', 1), 'data, drainPayload'],
        [
          30,
          verified('another'),
          'command, replaced, distrust, endConnection closedByModule, freeLink, settle 1 done, replay, carriesNext',
        ],
      ],
    ],
    ['ends with the network', HANGING_UP.slice(DATA.length)],
    ['ends with the modem', [[20, 'ended', 'command, cancelReturn, endConnection lost, freeLink']]],
  ])('%s', (_, stages) => expectBeside(...DATA, ...stages));
});

describe('a connection that has ended on the module', () => {
  const ENDED = 'command, distrust, endConnection closedByModule, freeLink, replay, commandMode true';

  test.each<[string, readonly Stage[]]>([
    [
      'delivers what arrives until nothing has for 0.5 s, and goes on asking whether that is taken',
      [
        [100, 'heard', 'draining'],
        [520, 'time', 'draining, wake 600'],
        [599, 'time', 'draining, wake 600'],
        [600, 'time', 'draining, wake 1100, reportExhausted'],
        [1_099, 'time', 'draining, wake 1100'],
        [1_100, 'time', 'draining, wake 1600, reportExhausted'],
        [1_100, 'exhausted', ENDED],
      ],
    ],
    ['delivers what was kept and can only be data', [[30, 'trusted', 'draining, trust']]],
    [
      'takes no call for a mode',
      [
        [30, call('enterCommandMode', 1), 'draining, settle 1 gone'],
        [30, call('enterDataMode', 2), 'draining, settle 2 gone'],
      ],
    ],
    [
      'is done with at a close: what still arrives is not wanted',
      [
        [
          30,
          call('close', 1),
          'command, distrust, endConnection closedByModule, freeLink, settle 1 done, replay, commandMode true',
        ],
      ],
    ],
    ['is done with at a loss', [[30, 'lost', ENDED.replace('closedByModule', 'lost')]]],
  ])('%s', (_, stages) => expectBeside(...DRAINING, ...stages));

  test('ends the calls that wait for a mode, and a close when all has arrived', () => {
    expectBeside(
      ...DATA,
      [15, call('close', 1), 'data, drainPayload'],
      [15, 'linkClosed', 'data, verify'],
      [20, verified('gone'), 'draining, wake 520'],
      [
        520,
        'exhausted',
        'command, distrust, endConnection closedByModule, freeLink, settle 1 done, replay, commandMode true',
      ],
    );
  });
});

describe('a connection that is closed here', () => {
  /** An abort, at 20 ms. */
  const EMPTYING: readonly Stage[] = [...DATA, [20, call('abort', 1), 'emptying, holdPayload, wake 20020']];

  test.each<[string, readonly Stage[]]>([
    [
      'is closed when what was written has left the port, and the module has had time to send it',
      [
        [30, held(500), 'emptying, wake 1550'],
        [1_549, 'time', 'emptying, wake 1550'],
        [1_550, 'time', 'hangingUp, endConnection closedHere, closeLink'],
      ],
    ],
    ['has that time from when it is known', [[600, held(500), 'emptying, wake 1650']]],
    [
      'is closed after 20 s in any case',
      [
        [20_019, 'time', 'emptying, wake 20020'],
        [20_020, 'time', 'hangingUp, endConnection closedHere, closeLink'],
      ],
    ],
    ['delivers what was kept and can only be data', [[30, 'trusted', 'emptying, trust']]],
    [
      'takes no call for a mode, and another close waits with the first',
      [
        [30, call('enterCommandMode', 2), 'emptying, settle 2 gone'],
        [30, call('enterDataMode', 3), 'emptying, settle 3 gone'],
        [30, call('close', 4), 'emptying'],
        [40, held(0), 'emptying, wake 1090'],
        [1_090, 'time', 'hangingUp, endConnection closedHere, closeLink'],
        [1_100, call('enterCommandMode', 5), 'hangingUp, settle 5 gone'],
        [1_100, 'time', 'hangingUp'],
        [1_200, 'freed', 'draining, wake 1700'],
        [
          1_700,
          'time',
          'command, distrust, endConnection closedByModule, freeLink, settle 1 done, settle 4 done, replay, commandMode true',
        ],
      ],
    ],
    [
      'is closed at once when it is lost meanwhile',
      [[30, 'lost', 'hangingUp, endConnection lost, settle 1 done, endConnection closedHere, closeLink']],
    ],
  ])('%s', (_, stages) => expectBeside(...EMPTYING, ...stages));

  test('waits at a close until all is accepted, and only then', () => {
    expectBeside(
      ...DATA,
      [20, 'drained', 'data'],
      [20, call('close', 1), 'data, drainPayload'],
      [30, 'drained', 'emptying, holdPayload, wake 20030'],
    );
  });

  test('ends no call for a mode that it did not keep waiting, and is lost without words while it hangs up', () => {
    expectBeside(
      ...HANGING_UP,
      [30, call('close', 2), 'hangingUp'],
      [40, 'lost', 'hangingUp, endConnection lost, settle 2 done'],
    );
  });

  test('has no doubt left for the next connection', () => {
    expectBeside(
      ...DATA,
      [15, doubted('closed'), 'data, verify'],
      [20, 'lost', 'hangingUp, endConnection lost, endConnection closedHere, closeLink'],
      [30, 'freed', 'draining, wake 530'],
      [530, 'time', 'command, distrust, endConnection closedByModule, freeLink, replay, commandMode true'],
      [600, connecting(), 'opening'],
      [610, 'connected', 'data, dataMode, releasePayload'],
      [620, doubted('closed'), 'data, verify'],
    );
  });
});
