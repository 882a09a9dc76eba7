import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import { GUARD_TIME } from '../base/guard-time.js';
import type { LineEffect } from './effects.js';
import type { LineEvent, LinkFound } from './events.js';
import { reduce } from './reduce.js';
import { initialState, type LineState } from './state.js';
import { LINES, type LineUse, reactionTo } from './tables.js';
import { REACTIONS, type ReactionName } from './transitions.js';

/** Something that happens to the line, some ms after what happened before. */
type Stimulus = { readonly wait: number } & (
  | { readonly kind: 'connecting'; readonly announced: boolean }
  | { readonly kind: 'refused'; readonly carrier: boolean }
  | { readonly kind: 'doubted'; readonly doubt: 'closed' | 'restarted' | 'echoed' | 'signal' | 'silent' }
  | { readonly kind: 'answered'; readonly contradicts: boolean }
  | { readonly kind: 'verified'; readonly link: LinkFound }
  | { readonly kind: 'report' }
  | {
      readonly kind:
        | 'connected'
        | 'unanswered'
        | 'trusted'
        | 'wanted'
        | 'enterCommandMode'
        | 'enterDataMode'
        | 'close'
        | 'abort'
        | 'drained'
        | 'heard'
        | 'proven'
        | 'time'
        | 'freed'
        | 'linkClosed'
        | 'exhausted'
        | 'lost';
    }
);

const wait = fc.oneof(
  fc.constantFrom(0, 1, GUARD_TIME - 1, GUARD_TIME, GUARD_TIME + 1),
  fc.nat(100),
  fc.nat(12_000),
);
const stimulus: fc.Arbitrary<Stimulus> = fc.oneof(
  fc.record({ wait, kind: fc.constant('connecting' as const), announced: fc.boolean() }),
  fc.record({ wait, kind: fc.constant('refused' as const), carrier: fc.boolean() }),
  fc.record({
    wait,
    kind: fc.constant('doubted' as const),
    doubt: fc.constantFrom('closed', 'restarted', 'echoed', 'signal', 'silent'),
  }),
  fc.record({ wait, kind: fc.constant('answered' as const), contradicts: fc.boolean() }),
  fc.record({
    wait,
    kind: fc.constant('verified' as const),
    link: fc.constantFrom<LinkFound>('open', 'another', 'gone'),
  }),
  fc.record({ wait, kind: fc.constant('report' as const) }),
  fc.record({
    wait,
    kind: fc.constantFrom(
      'connected',
      'unanswered',
      'trusted',
      'wanted',
      'enterCommandMode',
      'enterDataMode',
      'close',
      'abort',
      'drained',
      'heard',
      'proven',
      'time',
      'freed',
      'linkClosed',
      'exhausted',
      'lost',
    ),
  }),
);

/** Effects that put bytes on the line, at once or a moment later. */
const WRITES: ReadonlySet<LineEffect['kind']> = new Set([
  'commandMode',
  'releasePayload',
  'escape',
  'ask',
  'verify',
  'return',
  'closeLink',
]);

/** Plays events against the reducer, with a port that reports what it has sent a few ms later. */
class Play {
  state: LineState = initialState;
  now = 0;
  readonly ends = new Map<number, string[]>();
  /** The last byte of the host, and the escape that is not answered yet. */
  private lastByte = 0;
  private escapedAt = Number.NEGATIVE_INFINITY;
  private readonly reports: LineEvent[] = [];
  private readonly use: LineUse;

  constructor(use: LineUse) {
    this.use = use;
  }

  apply(event: LineEvent): void {
    const { mode } = this.state;
    const { state, effects } = reduce(this.state, event, this.use);
    const targets: readonly string[] = REACTIONS[reactionTo(event.kind, mode, this.use)];
    const allowed = targets.includes(state.mode) || (state.mode === mode && targets.includes('same'));
    expect(allowed, `${event.kind} in ${mode} leads to ${state.mode}`).toBe(true);
    this.state = state;
    for (const effect of effects) this.carryOut(effect);
    // In data mode there are no lines: what reads like a CONNECT is data.
    if (event.kind === 'connected' && mode !== 'data' && mode !== 'escaping') this.lastByte = this.now;
  }

  /** The port reports what it was last asked for. */
  report(): void {
    const next = this.reports.shift();
    if (next !== undefined) this.apply({ ...next, now: this.now } as LineEvent);
  }

  private carryOut(effect: LineEffect): void {
    const { now } = this;
    if (WRITES.has(effect.kind)) {
      expect(now - this.escapedAt, `${effect.kind} after an escape`).toBeGreaterThanOrEqual(GUARD_TIME);
    }
    switch (effect.kind) {
      case 'settle':
        this.ends.get(effect.id)?.push(effect.outcome);
        return;
      case 'holdPayload':
        this.lastByte = Math.max(this.lastByte, now + 3);
        this.reports.length = 0;
        this.reports.push({ kind: 'held', now, silentFrom: this.lastByte });
        return;
      case 'escape':
        expect(now - this.lastByte, 'silence before an escape').toBeGreaterThanOrEqual(GUARD_TIME);
        this.escapedAt = now + 2;
        this.lastByte = this.escapedAt;
        this.reports.push({ kind: 'sent', now, silentFrom: this.escapedAt, guard: GUARD_TIME });
        return;
      case 'ask':
        this.lastByte = now + 2;
        this.reports.push({ kind: 'sent', now, silentFrom: this.lastByte, guard: 0 });
        return;
      case 'releasePayload':
        this.lastByte = now;
        return;
      default:
        return;
    }
  }
}

function play(stimuli: readonly Stimulus[], use: LineUse): Play {
  const run = new Play(use);
  for (const [id, { wait: pause, ...what }] of stimuli.entries()) {
    run.now += pause;
    if (what.kind === 'report') {
      run.report();
      continue;
    }
    const event = { ...what, now: run.now, id } as LineEvent;
    if (isOperation(event)) run.ends.set(id, []);
    run.apply(event);
  }
  return run;
}

function isOperation({ kind }: LineEvent): boolean {
  return kind === 'enterCommandMode' || kind === 'enterDataMode' || kind === 'close' || kind === 'abort';
}

describe.each(['shared', 'dedicated'] as const)('a %s line', (use) => {
  const { modes, transitions }: (typeof LINES)['shared' | 'dedicated'] = LINES[use];
  const rows: readonly [string, readonly ReactionName[]][] = Object.entries(transitions);

  test('every event has a reaction in every mode', () => {
    for (const [event, row] of rows) {
      expect(row, event).toHaveLength(modes.length);
      for (const name of row) {
        for (const mode of REACTIONS[name]) expect(['same', ...modes], `${event}: ${name}`).toContain(mode);
      }
    }
  });

  test('whatever happens in whatever order: modes as the table says, nothing written inside a guard time, each operation ends once', () => {
    fc.assert(
      fc.property(fc.array(stimulus, { maxLength: 60, size: 'max' }), (stimuli) => {
        const run = play(stimuli, use);
        run.apply({ kind: 'ended', now: run.now });
        for (const [id, ends] of run.ends) expect(ends, `operation ${id}`).toHaveLength(1);
        expect(run.state.operations).toEqual([]);
      }),
      { numRuns: effort(300, 3_000), seed: 7600 },
    );
  });
});
