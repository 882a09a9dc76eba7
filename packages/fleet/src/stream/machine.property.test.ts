import type { LinkEnd } from '@a7600/transport';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame } from '../protocol/frame.js';
import { CreditBudget } from './budget.js';
import { StreamMachine, type StreamSide } from './machine.js';

const WINDOW = 5_000;

/** One side with what it was given, and what waits for the other side on the server. */
function side(which: StreamSide, isSlow: boolean, network: Network) {
  const got: number[] = [];
  const ends: LinkEnd[] = [];
  const events: string[] = [];
  let unused = 0;
  const machine: StreamMachine = new StreamMachine(
    which,
    {
      send: (frame) => network.send(which, frame),
      deliver: (bytes) => {
        got.push(...bytes);
        if (isSlow) unused += bytes.length;
        else machine.consume(bytes.length, network.now);
      },
      opened: () => events.push('opened'),
      peerEnded: () => events.push('peerEnded'),
      over: (end) => ends.push(end),
      soon: (work) => network.turn.push(work),
      allowance: () => WINDOW,
    },
    0,
  );
  return {
    machine,
    got,
    ends,
    events,
    use: () => {
      machine.consume(unused, network.now);
      unused = 0;
    },
    get unused() {
      return unused;
    },
  };
}

/** A server that loses what passes in an outage of either connection, and never changes the order. */
class Network {
  now = 0;
  /** What is called after the present turn. */
  readonly turn: (() => void)[] = [];
  readonly away = { agent: false, controller: false };
  private readonly queues = { agent: [] as Uint8Array[], controller: [] as Uint8Array[] };

  send(from: StreamSide, frame: Uint8Array): void {
    const to = from === 'agent' ? 'controller' : 'agent';
    if (!this.away[from] && !this.away[to]) this.queues[to].push(frame);
  }

  lose(to: StreamSide, count: number): void {
    this.queues[to].splice(Math.max(0, this.queues[to].length - count));
  }

  endTurn(): void {
    for (const work of this.turn.splice(0)) work();
  }

  next(to: StreamSide): Uint8Array | undefined {
    return this.queues[to].shift();
  }
}

const sides = fc.constantFrom<StreamSide[]>('agent', 'controller');
const step = fc.oneof(
  fc.record({ do: fc.constant('write' as const), side: sides, size: fc.integer({ min: 1, max: 9_000 }) }),
  fc.record({ do: fc.constant('deliver' as const), side: sides, count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('lose' as const), side: sides, count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('cut' as const), side: sides }),
  fc.record({ do: fc.constant('reconnect' as const), side: sides }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
  fc.record({ do: fc.constant('use' as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Plays the steps, then lets the network be well again until both sides are over. */
function play(steps: readonly Step[], isSlow: boolean) {
  const network = new Network();
  const both = { agent: side('agent', isSlow, network), controller: side('controller', isSlow, network) };
  const wrote = { agent: [] as number[], controller: [] as number[] };
  const give = (to: StreamSide) => {
    const data = network.next(to);
    const frame = data && decodeFrame(data);
    if (frame !== undefined) both[to].machine.receive(frame, network.now);
    network.endTurn();
    return data !== undefined;
  };
  const tick = (ms: number) => {
    network.now += ms;
    both.agent.machine.tick(network.now);
    both.controller.machine.tick(network.now);
  };
  both.controller.machine.consume(0, 0);
  both.agent.machine.consume(0, 0);
  both.agent.machine.open({});
  for (const each of steps) {
    // Writes that follow one another are of one turn.
    if (each.do !== 'write') network.endTurn();
    if (each.do === 'write') {
      const bytes = Uint8Array.from({ length: each.size }, (_, at) => (wrote[each.side].length + at) & 0xff);
      both[each.side].machine.write(bytes);
      wrote[each.side].push(...bytes);
    } else if (each.do === 'deliver') for (let n = 0; n < each.count; n++) give(each.side);
    else if (each.do === 'lose') network.lose(each.side, each.count);
    else if (each.do === 'cut') network.away[each.side] = true;
    else if (each.do === 'use') {
      both.agent.use();
      both.controller.use();
    } else if (each.do === 'pass') tick(each.ms);
    else if (network.away[each.side]) {
      network.away[each.side] = false;
      both[each.side].machine.reconnected(network.now);
    }
    // A side never gets more than it has permitted.
    for (const { unused } of [both.agent, both.controller]) expect(unused).toBeLessThanOrEqual(WINDOW);
  }
  for (const which of ['agent', 'controller'] as const) {
    if (network.away[which]) {
      network.away[which] = false;
      both[which].machine.reconnected(network.now);
    }
  }
  const settle = (rounds: number) => {
    network.endTurn();
    for (let round = 0; round < rounds; round++) {
      while (give('agent') || give('controller')) {}
      both.agent.use();
      both.controller.use();
      tick(500);
    }
  };
  return { both, wrote, settle, network, give, tick };
}

test('whatever is lost in outages, both sides get every byte once and in order, and end once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isSlow) => {
      // Outages that are longer than the silence that ends a stream are the next property's.
      const { both, wrote, settle } = play(
        steps.filter((each) => each.do !== 'pass' || each.ms < 200),
        isSlow,
      );
      settle(40);
      expect(both.controller.got).toEqual(wrote.agent);
      expect(both.agent.got).toEqual(wrote.controller);
      both.controller.machine.finish({ by: 'local' });
      settle(6);
      expect(both.agent.events).toEqual(['peerEnded']);
      both.agent.machine.finish({ by: 'local' });
      settle(6);
      expect(both.controller.ends).toEqual([{ by: 'local' }]);
      expect(both.agent.ends).toEqual([{ by: 'local' }]);
    }),
    { numRuns: 60 },
  );
});

test('however long an outage is, what arrives is a prefix, and each side that ends does so once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.boolean(), (steps, isSlow) => {
      const { both, wrote, settle } = play(steps, isSlow);
      both.agent.machine.finish({ by: 'remote' });
      settle(80);
      for (const [one, other] of [
        ['agent', 'controller'],
        ['controller', 'agent'],
      ] as const) {
        expect(both[one].got).toEqual(wrote[other].slice(0, both[one].got.length));
        expect(both[one].ends).toHaveLength(1);
      }
      // An end in good order means that everything before it arrived.
      if (both.controller.ends[0]?.by === 'remote') expect(both.controller.got).toEqual(wrote.agent);
    }),
    { numRuns: 60 },
  );
});

test('a stream whose other side is gone ends with STREAM_LOST after 15 s, and not before', () => {
  const { both, network, tick } = play([], false);
  network.away.agent = true;
  for (let ms = 0; ms < 14_900; ms += 100) tick(100);
  expect(both.controller.ends).toEqual([]);
  tick(200);
  expect(both.controller.ends).toMatchObject([{ by: 'lost', error: { code: 'STREAM_LOST' } }]);
});

test('time in which this program does not run is no silence of the other side', () => {
  const { both, network, tick, settle } = play([], false);
  // Stopped for a minute; the frames of the other side are still to be read.
  network.now += 60_000;
  both.controller.machine.tick(network.now);
  expect(both.controller.ends).toEqual([]);
  settle(4);
  // A busy one that looks every 3 s: it is not the other side that has no time.
  for (let n = 0; n < 12; n++) tick(3_000);
  expect(both.controller.ends).toEqual([]);
  settle(1);
  network.away.agent = true;
  // The last tick of `settle` was after the last frame: half a second is counted already.
  for (let n = 0; n < 14; n++) tick(3_000);
  expect(both.controller.ends).toEqual([]);
  tick(3_000);
  expect(both.controller.ends).toMatchObject([{ by: 'lost', error: { code: 'STREAM_LOST' } }]);
});

test('the credit of all streams together never passes the budget by more than the smallest window each', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300_000), { minLength: 1, maxLength: 40 }), (received) => {
      const budget = new CreditBudget(1_000_000);
      const granted = received.map(() => 0);
      for (const [index] of received.entries()) budget.add(() => granted[index] as number);
      for (const [index] of received.entries()) granted[index] = budget.allowance(granted[index] as number);
      const sum = granted.reduce((all, each) => all + each, 0);
      expect(sum).toBeLessThanOrEqual(1_000_000 + 4_096 * received.length);
    }),
  );
});
