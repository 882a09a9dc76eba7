import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame, FrameType } from './frame.js';
import { encodeMessage, encodeParameters, encodeSignals, message, readMessages } from './message.js';
import { beginMultiplexing, multiplexer } from './multiplexer.js';
import {
  ASSUMED,
  DRIVEN,
  type MultiplexerEffect,
  type MultiplexerEvent,
  type Step,
  type TimerName,
} from './state.js';

const NOTHING: Uint8Array = new Uint8Array(0);

function received(type: FrameType, dlci: number, payload = NOTHING): MultiplexerEvent {
  return { kind: 'received', frame: { type, dlci, cr: false, pf: true, payload } };
}

function told(type: number, isCommand: boolean, values = NOTHING): MultiplexerEvent {
  return received('UIH', 0, encodeMessage({ type, isCommand, values }));
}

/** Plays events from the beginning and returns the last step with all effects. */
function play(...events: MultiplexerEvent[]): Step {
  return events.reduce<Step>((step, event) => {
    const next = multiplexer(step.state, event, 127);
    return { state: next.state, effects: [...step.effects, ...next.effects] };
  }, beginMultiplexing());
}

/** The last step alone. */
function last(...events: MultiplexerEvent[]): Step {
  return multiplexer(play(...events.slice(0, -1)).state, events.at(-1) as MultiplexerEvent, 127);
}

function sent(effects: readonly MultiplexerEffect[]): string[] {
  return effects.flatMap((effect) => (effect.kind === 'send' ? [describeFrame(effect.frame)] : []));
}

function describeFrame({ type, dlci, payload }: Frame): string {
  const [one] = dlci === 0 ? readMessages(payload) : [];
  if (one === undefined) return `${type} ${dlci}`;
  const name = Object.entries(message).find(([, value]) => value === one.type)?.[0] ?? one.type;
  return `${name} ${one.isCommand ? 'command' : 'response'} ${one.values}`;
}

const up = received('UA', 0);
const opening: MultiplexerEvent[] = [up, { kind: 'open', dlci: 1 }];
const open: MultiplexerEvent[] = [...opening, received('UA', 1)];

describe('the multiplexer (3GPP TS 27.010, 5.3 to 5.7)', () => {
  test('is up when SABM on DLCI 0 is acknowledged', () => {
    expect(sent(play(up).effects)).toEqual(['SABM 0']);
    expect(last(up).effects).toContainEqual({ kind: 'ready' });
  });

  test('gives up after three SABM without an acknowledgement', () => {
    const expired: MultiplexerEvent = { kind: 'expired', timer: 'command 0' };
    const { state, effects } = play(expired, expired, expired);
    expect(sent(effects)).toEqual(['SABM 0', 'SABM 0', 'SABM 0']);
    expect(effects.at(-1)).toEqual({ kind: 'ended', reason: 'unanswered' });
    expect(state.phase).toBe('closed');
  });

  test('does not refuse its own SABM, which a module in plain AT mode echoes', () => {
    expect(sent(play(received('SABM', 0)).effects)).toEqual(['SABM 0']);
    expect(sent(last(up, received('SABM', 0)).effects)).toEqual(['DM 0']);
  });

  test('opens a channel, and says at once that it drives DTR, RTS and data valid', () => {
    const { effects } = last(...open);
    expect(sent(effects)).toEqual([`MSC command ${encodeSignals(1, DRIVEN)}`]);
    expect(effects.at(-1)).toEqual({ kind: 'opened', dlci: 1 });
  });

  test('a channel that is refused is closed with that reason', () => {
    expect(last(...opening, received('DM', 1)).effects).toContainEqual({
      kind: 'closed',
      dlci: 1,
      reason: 'refused',
    });
  });

  test('data before the acknowledgement is an earlier program’s, and dropped', () => {
    expect(last(...opening, received('UIH', 1, Uint8Array.of(1))).effects).toEqual([]);
  });

  test('data on a channel that is not open is answered with DM', () => {
    expect(sent(last(up, received('UIH', 4, Uint8Array.of(1))).effects)).toEqual(['DM 4']);
  });

  test('the signals of the module are confirmed and handed on', () => {
    const values = encodeSignals(1, { ...ASSUMED, fc: true, dv: true });
    const { state, effects } = last(...open, told(message.MSC, true, values));
    expect(sent(effects)).toEqual([`MSC response ${values}`]);
    expect(state.channels.get(1)?.remote).toMatchObject({ fc: true, dv: true });
  });

  test('signals that the module does not confirm are sent three times, then no more', () => {
    const expired: MultiplexerEvent = { kind: 'expired', timer: 'signals 1' };
    const { effects } = play(...open, expired, expired, expired, expired);
    expect(sent(effects).filter((frame) => frame.startsWith('MSC'))).toHaveLength(3);
  });

  test('signals that it confirms are not sent again', () => {
    const confirmed = told(message.MSC, false, encodeSignals(1, DRIVEN));
    expect(last(...open, confirmed, { kind: 'expired', timer: 'signals 1' }).effects).toEqual([]);
  });

  test.each([
    ['FCoff', message.FCOFF, true],
    ['FCon', message.FCON, false],
  ])('%s is confirmed and counts for all channels', (_, type, isHeld) => {
    const { state, effects } = last(up, told(message.FCOFF, true), told(type, true));
    expect(sent(effects)).toHaveLength(1);
    expect(state.isHeld).toBe(isHeld);
  });

  test('negotiated parameters: no frames longer than this side takes', () => {
    const offered = Uint8Array.of(1, 0, 0, 10, 0xdc, 5, 3, 2);
    expect(sent(last(up, told(message.PN, true, offered)).effects)).toEqual([
      'PN response 1,0,0,10,127,0,3,2',
    ]);
  });

  const parameters = (size: number) =>
    told(message.PN, false, encodeParameters({ dlci: 1, frameSize: size }));
  const asked: MultiplexerEvent[] = [up, { kind: 'negotiate', dlci: 1 }];

  test('the size of frames that the module confirms is agreed', () => {
    expect(sent(last(...asked).effects)).toEqual(['PN command 1,0,0,10,127,0,3,2']);
    const { state, effects } = last(...asked, parameters(127));
    expect(effects).toContainEqual({ kind: 'negotiated', dlci: 1, frameSize: 127 });
    expect(state.sizes.get(1)).toBe(127);
  });

  test('a smaller size counts when it comes twice, another one not at all', () => {
    expect(sent(last(...asked, parameters(12)).effects)).toEqual(['PN command 1,0,0,10,127,0,3,2']);
    expect(last(...asked, parameters(12), parameters(12)).state.sizes.get(1)).toBe(12);
    expect(last(...asked, parameters(12), parameters(127)).state.sizes.get(1)).toBe(127);
    const { state, effects } = play(...asked, parameters(128), parameters(0), parameters(500));
    expect(state.sizes.size).toBe(0);
    expect(effects).toContainEqual({ kind: 'negotiated', dlci: 1, frameSize: undefined });
  });

  test.each([
    ['close-down', told(message.CLD, true, Uint8Array.of(7, 0x8d))],
    ['confirmed close-down', told(message.CLD, false, Uint8Array.of(7, 0x8d))],
    ['FCoff', told(message.FCOFF, true, Uint8Array.of(7, 0x8d))],
  ])('a %s with the values of MSC is a damaged MSC, and changes nothing', (_, event) => {
    const { state } = play(...open);
    expect(last(...open, event)).toEqual({ state, effects: [] });
  });

  test('a close-down that the module confirms, and that was not asked for, is its end', () => {
    expect(last(...open, told(message.CLD, false)).effects.at(-1)).toEqual({
      kind: 'ended',
      reason: 'remote',
    });
  });

  test('FCoff that the module confirms, and that was not sent, is taken back', () => {
    expect(sent(last(...open, told(message.FCOFF, false)).effects)).toEqual(['FCON command ']);
  });

  test('signals that the module has read in another way are told again', () => {
    const other = told(message.MSC, false, encodeSignals(1, { ...DRIVEN, fc: true }));
    expect(sent(last(...open, other).effects)).toEqual([`MSC command ${encodeSignals(1, DRIVEN)}`]);
    expect(sent(last(...open, other, other, other).effects)).toEqual([]);
  });

  test('after FCoff for long, each channel is asked whether it still takes no data', () => {
    const { effects } = last(...open, told(message.FCOFF, true), { kind: 'expired', timer: 'hold 0' });
    expect(effects).toContainEqual({ kind: 'held', isHeld: false });
    expect(sent(effects)).toEqual(['SABM 1']);
  });

  test('a test is sent back, and an unknown command is named in the response', () => {
    expect(sent(last(up, told(message.TEST, true, Uint8Array.of(1, 2))).effects)).toEqual([
      'TEST response 1,2',
    ]);
    expect(sent(last(up, told(0x0b, true)).effects)).toEqual([`NSC response ${0x0b}`]);
  });

  test('closes down with CLD, and with DISC where that is not answered', () => {
    const down: MultiplexerEvent = { kind: 'closeDown' };
    expect(sent(last(up, down).effects)).toEqual(['CLD command ']);
    expect(sent(last(up, down, { kind: 'expired', timer: 'command 0' }).effects)).toEqual(['DISC 0']);
    expect(last(...open, down, told(message.CLD, false)).effects).toContainEqual({
      kind: 'ended',
      reason: 'local',
    });
    expect(last(...open, down, received('UA', 0)).effects).toContainEqual({ kind: 'ended', reason: 'local' });
  });

  test.each<[string, MultiplexerEvent]>([
    ['a close-down', told(message.CLD, true)],
    ['DISC on DLCI 0', received('DISC', 0)],
    ['DM on DLCI 0', received('DM', 0)],
  ])('%s of the module ends every channel', (_, event) => {
    const { state, effects } = last(...open, event);
    expect(effects).toContainEqual({ kind: 'closed', dlci: 1, reason: 'remote' });
    expect(effects.at(-1)).toEqual({ kind: 'ended', reason: 'remote' });
    expect(state.channels.size).toBe(0);
  });
});

const dlci = fc.nat(2);
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc
    .record({
      type: fc.constantFrom(...Object.values(message), 0x0b),
      isCommand: fc.boolean(),
      values: fc.uint8Array({ maxLength: 8 }),
    })
    .map(encodeMessage),
);
const timerName = fc
  .tuple(fc.constantFrom('command', 'signals', 'parameters', 'hold'), dlci)
  .map((name) => name.join(' ') as TimerName);
const anyEvent: fc.Arbitrary<MultiplexerEvent> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('open' as const, 'close' as const, 'negotiate' as const),
    dlci: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ kind: fc.constant('drive' as const), dlci, signals: fc.record({ fc: fc.boolean() }) }),
  fc.constant({ kind: 'closeDown' as const }),
  fc.record({ kind: fc.constant('expired' as const), timer: timerName }),
  fc
    .record({
      type: fc.constantFrom<FrameType>('SABM', 'UA', 'DM', 'DISC', 'UIH', 'UI'),
      dlci,
      cr: fc.boolean(),
      pf: fc.boolean(),
      payload,
    })
    .map((frame) => ({ kind: 'received' as const, frame })),
);

describe('the multiplexer, whatever happens in whatever order', () => {
  const all = (
    events: readonly MultiplexerEvent[],
    check: (effects: readonly MultiplexerEffect[]) => void,
  ) => {
    let { state, effects } = beginMultiplexing();
    for (const event of [undefined, ...events]) {
      if (event !== undefined) ({ state, effects } = multiplexer(state, event, 127));
      check(effects);
    }
    return state;
  };

  test('each channel that it opens or asks for ends once, and all end with the multiplexer', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const present = new Set<number>();
        let ended = 0;
        const state = all([up, ...events], (effects) => {
          for (const effect of effects) {
            if (effect.kind === 'send' && effect.frame.type === 'SABM' && effect.frame.dlci > 0) {
              present.add(effect.frame.dlci);
            }
            if (effect.kind === 'opened' || effect.kind === 'data') expect(present).toContain(effect.dlci);
            if (effect.kind === 'closed') expect(present.delete(effect.dlci)).toBe(true);
            if (effect.kind === 'ended') ended += 1;
          }
        });
        expect([...state.channels.keys()].sort()).toEqual([...present].sort());
        expect(ended).toBe(state.phase === 'closed' ? 1 : 0);
      }),
    );
  });

  test('no wait is without a timer, and every timer that is left alone ends its wait', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const timers = new Set<TimerName>();
        const follow = (effects: readonly MultiplexerEffect[]) => {
          for (const effect of effects) {
            if (effect.kind === 'start') timers.add(effect.timer);
            if (effect.kind === 'stop') timers.delete(effect.timer);
          }
        };
        let state = all(
          events.filter(({ kind }) => kind !== 'expired'),
          follow,
        );
        for (let left = 100; timers.size > 0 && left > 0; left--) {
          const [timer] = timers as Set<TimerName>;
          timers.delete(timer as TimerName);
          const step = multiplexer(state, { kind: 'expired', timer: timer as TimerName }, 127);
          state = step.state;
          follow(step.effects);
        }
        expect(timers.size).toBe(0);
        expect(['open', 'closed']).toContain(state.phase);
        for (const channel of state.channels.values()) {
          expect(channel.remote).toBeDefined();
          expect(channel).toMatchObject({ phase: 'open', signalAttempts: 0 });
        }
      }),
    );
  });
});
