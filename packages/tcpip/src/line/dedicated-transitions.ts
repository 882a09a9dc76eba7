import type { LineEventKind } from './events.js';
import type { LineMode } from './state.js';
import type { ReactionName } from './transitions.js';

/** The modes of a dedicated line, in the order of the columns of {@link DEDICATED_TRANSITIONS}. */
export const DEDICATED_MODES = [
  'command',
  'opening',
  'data',
  'draining',
  'emptying',
  'hangingUp',
] as const satisfies readonly LineMode[];

type Row = readonly [
  command: ReactionName,
  opening: ReactionName,
  data: ReactionName,
  draining: ReactionName,
  emptying: ReactionName,
  hangingUp: ReactionName,
];

const _ = 'ignore';

/**
 * A dedicated line: it carries the transparent connection while commands have another port. Data mode is
 * never left for a command, and whether the connection exists is asked for on the other port.
 */
// biome-ignore format: a table is read by its columns.
export const DEDICATED_TRANSITIONS: Readonly<Record<LineEventKind, Row>> = {
  //                 command        opening          data           draining        emptying       hangingUp
  connecting:       ['open',            'replace',         _,             _,              _,             _],
  connected:        ['hangUpDedicated', 'carryData',     _,             _,              _,             _],
  refused:          [_,             'refuseOpening', _,             _,              _,             _],
  unanswered:       [_,                 'hangUpDedicated', _,             _,              _,             _],
  doubted:          [_,             _,               'verifyBeside', _,             _,             _],
  trusted:          [_,             _,               'deliverKept', 'deliverKept',  'deliverKept', _],
  wanted:           [_,             _,               _,             _,              _,             _],
  enterCommandMode: ['fail',        'queue',         'complete',    'fail',         'fail',        'fail'],
  enterDataMode:    ['fail',        'queue',         'complete',    'fail',         'fail',        'fail'],
  close:            ['complete',    'queue',         'drain',       'finishDraining', 'queue',     'queue'],
  abort:            ['complete',    'queue',         'empty',       'finishDraining', 'queue',     'queue'],
  drained:          [_,             _,               'emptyDrained', _,             _,             _],
  held:             [_,             _,               _,             _,              'settleSent',  _],
  sent:             [_,             _,               _,             _,              _,             _],
  heard:            [_,             _,               _,             'keepDraining', _,             _],
  proven:           [_,             _,               _,             _,              _,             _],
  answered:         [_,             _,               _,             _,              _,             _],
  time:             [_,             'giveUpDedicated', _,           'drainedOut',   'emptied',     _],
  exhausted:        [_,             _,               _,             'finishDraining', _,           _],
  verified:         [_,             _,               'judgeBeside', _,              _,             _],
  freed:            [_,             _,               _,             _,              _,             'discardRest'],
  linkClosed:       [_,             'peerLeftEarly', 'verifyBeside', _,             _,             _],
  lost:             [_,             'loseInOpening', 'loseDedicated', 'finishDraining', 'loseDedicated', 'loseInOpening'],
  ended:            ['end',         'end',           'end',         'end',          'end',         'end'],
};
