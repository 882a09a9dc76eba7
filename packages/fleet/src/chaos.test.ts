import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deedsOfServer } from '../test/chaos/cast.js';
import { Findings } from '../test/chaos/findings.js';
import { Kept } from '../test/chaos/kept.js';
import { History, staleness } from '../test/chaos/list-judge.js';
import { planOf } from '../test/chaos/plan.js';
import type { WayToServer } from '../test/chaos/proxy.js';
import type { Line, Server, Talking } from '../test/processes/programs.js';

// What judges the chaos run is judged here: it has to see each fault, and to accept what is right.

const KINDS = [
  { name: 'kill', weight: 2, targets: ['a', 'b'], aspect: 'process', longest: 9_000 },
  { name: 'stop', weight: 1, targets: ['a', 'b', 'c'], aspect: 'process', longest: 14_000 },
  { name: 'cut', weight: 1, targets: ['a', 'b', 'c'], aspect: 'way', longest: 14_000 },
] as const;

test('a plan is the same for the same seed, 200 events in five minutes, and one thing at a time for each aspect', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const plan = planOf(seed, 200, KINDS);
      expect(planOf(seed, 200, KINDS)).toEqual(plan);
      expect(plan).toHaveLength(200);
      expect(plan.at(-1)?.at).toBeGreaterThan(240_000);
      expect(plan.at(-1)?.at).toBeLessThan(360_000);
      expect(new Set(plan.map(({ kind, target }) => `${kind} ${target}`)).size).toBe(8);
      for (const aspect of ['process', 'way']) {
        const until = new Map<string, number>();
        for (const each of plan.filter(({ kind }) => (kind === 'cut') === (aspect === 'way'))) {
          expect(each.at).toBeGreaterThanOrEqual(until.get(each.target) ?? 0);
          expect(each.until).toBeGreaterThan(each.at);
          until.set(each.target, each.until);
        }
      }
    }),
    { numRuns: 20 },
  );
});

test('a program that was started again counts as there from its first word, not from that of the one before', () => {
  const listeners: ((line: Line) => void)[] = [];
  const start = (): Talking => ({
    process: { kill: () => true } as unknown as Talking['process'],
    said: [],
    listen: (listener) => void listeners.push(listener),
  });
  const states: boolean[] = [];
  const kept = new Kept({ cut: () => {} } as unknown as WayToServer, start, () => states.push(kept.isAwake));
  const speak = (program: number) => listeners[program]?.({ instance: 'any' });
  expect(kept.isAwake).toBe(false);
  speak(0);
  kept.kill();
  kept.again();
  speak(0);
  expect(kept.isAwake).toBe(false);
  speak(1);
  speak(1);
  expect(states).toEqual([true, false, false, true]);
});

test('the age of a value is the time since it was last true', () => {
  const history = new History(true);
  expect([history.age(true, 5_000), history.age(false, 5_000)]).toEqual([0, Number.POSITIVE_INFINITY]);
  history.set(false, 6_000);
  history.set(false, 7_000);
  expect([history.age(true, 9_000), history.age(false, 9_000)]).toEqual([3_000, 0]);
  history.set(true, 10_000);
  expect([history.age(true, 11_000), history.age(false, 11_000)]).toEqual([0, 1_000]);
});

test('a server that is started again can be reached from then on: its clients are there before its starter knows', () => {
  const noted: boolean[] = [];
  const server = {
    process: { kill: () => true },
    restart: () => new Promise<void>(() => {}),
  } as unknown as Pick<Server, 'process' | 'restart'>;
  const deeds = deedsOfServer(server, (isServing) => noted.push(isServing));
  for (const deed of ['kill -9 of the server', 'SIGSTOP of the server']) deeds[deed]?.()();
  expect(noted).toEqual([false, true, false, true]);
});

describe('how old a statement is', () => {
  const agent = (there: boolean, answers = true) => ({
    there: new History(there),
    answers: new History(answers),
  });
  const controller = (reaches: boolean) => ({ awake: new History(true), reaches: new History(reaches) });
  const present = { presence: 'present', state: 'online' };
  const gone = { presence: 'gone', state: 'online' };
  const unknown = { presence: 'unknown', state: 'online' };
  const NEVER = Number.POSITIVE_INFINITY;

  test.each([
    ['present, and it is', present, agent(true), controller(true), 0],
    ['present, and it is not', present, agent(false), controller(true), NEVER],
    ['gone, and it is', gone, agent(false), controller(true), 0],
    ['gone, and it is not', gone, agent(true), controller(true), NEVER],
    ['unknown without a server', unknown, agent(true), controller(false), 0],
    ['unknown with a server', unknown, agent(true), controller(true), NEVER],
    ['nothing without a server', undefined, agent(true), controller(false), 0],
    ['nothing with a server', undefined, agent(true), controller(true), NEVER],
    ['present without a server, and it is not', present, agent(false), controller(false), NEVER],
    ['online, and it does not answer', present, agent(true, false), controller(true), NEVER],
    [
      'waiting, and it does not answer',
      { ...present, state: 'waiting' },
      agent(true, false),
      controller(true),
      0,
    ],
    ['its last state, and it does not answer', gone, agent(false, false), controller(true), 0],
  ])('%s', (_, said, truth, sees, age) => {
    expect(staleness(said, truth, true, sees, 1_000)).toBe(age);
  });

  test('counts from the change on', () => {
    const truth = agent(true);
    truth.there.set(false, 500);
    expect(staleness(present, truth, false, controller(true), 2_000)).toBe(1_500);
  });
});

describe('findings', () => {
  const talking = () => {
    const listeners: ((line: Line) => void)[] = [];
    const running = { listen: (listener: (line: Line) => void) => void listeners.push(listener) };
    return {
      running: running as unknown as Talking,
      say: (line: Line) => {
        for (const listener of listeners) listener(line);
      },
    };
  };
  /** What is found of what an agent and a controller say. */
  const found = (agentSays: readonly Line[], controllerSays: readonly Line[] = []) => {
    const findings = new Findings();
    const [agent, controller] = [talking(), talking()];
    findings.agent('ROOF', agent.running);
    findings.controller('DESK', controller.running);
    for (const line of agentSays) agent.say(line);
    for (const line of controllerSays) controller.say(line);
    findings.settle();
    return findings.wrong;
  };
  const executed = (text: string, at = 0) => ({ executed: text, modem: 'ROOF/m0', at });
  const stream = { stream: 10, received: 10, isRight: true, isOpened: true, ends: 1, code: 'ended' };

  test('nothing is wrong with what is right', () => {
    const commands = [
      executed('AT+MARKQN1D50?', 50),
      executed('AT+MARKXN2D60=7'),
      executed('AT+MARKXN3D60=7'),
    ];
    const streams = [
      stream,
      { ...stream, received: 3, code: 'STREAM_LOST' },
      { ...stream, received: 0, isOpened: false, ends: 0, code: 'AGENT_GONE' },
    ];
    expect(found(commands, [{ asked: 'AT+MARKQN4D50?', code: 'DEADLINE_PASSED' }, ...streams])).toEqual([]);
  });

  test.each([
    ['twice', [executed('AT+MARKQN1D9?'), executed('AT+MARKQN1D9?')], []],
    ['after its deadline', [executed('AT+MARKQN1D50?', 51)], []],
    ['with an outdated epoch', [executed('AT+MARKXN1D9=8'), executed('AT+MARKXN2D9=7')], []],
    ['refused and executed', [executed('AT+MARKXN1D9=8')], [{ asked: 'AT+MARKXN1D9=8', code: 'LEASE_LOST' }]],
    ['lost, doubled or changed bytes', [], [{ ...stream, isRight: false }]],
    ['ended 2 times', [], [{ ...stream, ends: 2 }]],
    ['ended 0 times', [], [{ ...stream, ends: 0 }]],
    ['ended well (remote) after 9 bytes', [], [{ ...stream, received: 9, by: 'remote' }]],
    ['neither moves nor ends', [], [{ stuck: 'a stream neither moves nor ends' }]],
    ['heap', Array.from({ length: 40 }, (_, index) => ({ heap: 20e6 + index * 2e5 })), []],
  ] as const)('%s', (what, agentSays, controllerSays) => {
    expect(found(agentSays, controllerSays)).toEqual([expect.stringContaining(what)]);
  });
});
