import type { LineEventKind } from './events.js';
import type { LineMode } from './state.js';

/** The modes in the order of the columns of {@link TRANSITIONS}. */
export const MODES = [
  'command',
  'opening',
  'data',
  'escaping',
  'verifying',
  'onlineCommand',
  'returning',
  'closing',
] as const satisfies readonly LineMode[];

/**
 * What the line does about an event, and the modes in which it may be afterwards (`same`: the mode
 * does not change). The functions of the same names are in `reactions.ts`.
 */
export const REACTIONS = {
  /** Nothing. */
  ignore: ['same'],
  open: ['opening'],
  replace: ['opening'],
  enterData: ['data', 'escaping'],
  hangUp: ['escaping'],
  leaveAgain: ['escaping'],
  refuseOpening: ['command'],
  refuseReturn: ['command', 'onlineCommand', 'closing'],
  recover: ['escaping'],
  doubt: ['escaping'],
  doubtToo: ['same'],
  trust: ['same', 'data', 'escaping'],
  leave: ['escaping'],
  queue: ['same'],
  queueInEscape: ['same'],
  drain: ['same'],
  drained: ['same', 'escaping'],
  complete: ['same'],
  fail: ['same'],
  goBack: ['returning'],
  close: ['closing'],
  beginSilence: ['same'],
  beginWait: ['same'],
  extendWait: ['same'],
  prove: ['same', 'verifying', 'onlineCommand', 'returning', 'closing'],
  askAgain: ['same'],
  proceed: ['same', 'command', 'data', 'verifying', 'onlineCommand', 'returning', 'closing'],
  giveUpOpening: ['same', 'escaping'],
  judge: ['command', 'onlineCommand', 'returning', 'closing'],
  free: ['command'],
  lose: ['command'],
  loseInData: ['escaping'],
  loseInEscape: ['same'],
  loseInOpening: ['same'],
  peerLeft: ['command'],
  peerLeftEarly: ['same', 'command'],
  end: ['command'],
  carryData: ['data', 'hangingUp'],
  hangUpDedicated: ['hangingUp'],
  giveUpDedicated: ['same', 'hangingUp'],
  verifyBeside: ['same'],
  judgeBeside: ['same', 'draining', 'command'],
  deliverKept: ['same'],
  keepDraining: ['same'],
  drainedOut: ['same', 'command'],
  finishDraining: ['command'],
  empty: ['emptying'],
  emptyDrained: ['same', 'emptying'],
  settleSent: ['same'],
  emptied: ['same', 'hangingUp'],
  loseDedicated: ['hangingUp'],
  discardRest: ['draining'],
} as const satisfies Record<string, readonly (LineMode | 'same')[]>;

export type ReactionName = keyof typeof REACTIONS;

type Row = readonly [
  command: ReactionName,
  opening: ReactionName,
  data: ReactionName,
  escaping: ReactionName,
  verifying: ReactionName,
  onlineCommand: ReactionName,
  returning: ReactionName,
  closing: ReactionName,
];

const _ = 'ignore';

/** A line that carries commands and data in turn, as a table: one row for each event, one column for each mode. */
// biome-ignore format: a table is read by its columns.
export const TRANSITIONS: Readonly<Record<LineEventKind, Row>> = {
  //                 command     opening          data          escaping         verifying    onlineCommand  returning       closing
  connecting:       ['open',     'replace',       _,            _,               'replace',   'replace',     'replace',      'replace'],
  connected:        ['hangUp',   'enterData',     _,            _,               'leaveAgain','leaveAgain',  'enterData',    'leaveAgain'],
  refused:          [_,          'refuseOpening', _,            _,               _,           _,             'refuseReturn', _],
  unanswered:       [_,          'recover',       _,            _,               _,           _,             'recover',      _],
  doubted:          [_,          _,               'doubt',      'doubtToo',      _,           _,             _,              _],
  trusted:          [_,          _,               _,            'trust',         _,           _,             _,              _],
  wanted:           [_,          _,               'leave',      _,               _,           _,             _,              _],
  enterCommandMode: ['fail',     'queue',         'leave',      'queueInEscape', 'queue',     'complete',    'queue',        'fail'],
  enterDataMode:    ['fail',     'queue',         'complete',   'queue',         'queue',     'goBack',      'queue',        'fail'],
  close:            ['complete', 'queue',         'drain',      'queue',         'queue',     'close',       'queue',        'queue'],
  abort:            ['complete', 'queue',         'leave',      'queueInEscape', 'queue',     'close',       'queue',        'queue'],
  drained:          [_,          _,               'drained',    _,               _,           _,             _,              _],
  held:             [_,          _,               _,            'beginSilence',  _,           _,             _,              _],
  sent:             [_,          _,               _,            'beginWait',     _,           _,             _,              _],
  heard:            [_,          _,               _,            'extendWait',    _,           _,             _,              _],
  proven:           [_,          _,               _,            'prove',         _,           _,             _,              _],
  answered:         [_,          _,               _,            'askAgain',      _,           _,             _,              _],
  time:             [_,          'giveUpOpening', _,            'proceed',       _,           _,             _,              _],
  exhausted:        [_,          _,               _,            _,               _,           _,             _,              _],
  verified:         [_,          _,               _,            _,               'judge',     _,             _,              _],
  freed:            [_,          _,               _,            _,               _,           _,             _,              'free'],
  linkClosed:       [_,          'peerLeftEarly', _,            _,               'peerLeft',  'peerLeft',    'peerLeft',     _],
  lost:             [_,          'loseInOpening', 'loseInData', 'loseInEscape',  'lose',      'lose',        'lose',         'lose'],
  ended:            ['end',      'end',           'end',        'end',           'end',       'end',         'end',          'end'],
};
