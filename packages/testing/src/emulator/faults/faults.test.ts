import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, connected, ERROR, OK, open, openOnline, say, textOf, unit } from '../../../test/console.js';
import { random } from '../../random.js';
import { instant } from '../timing.js';
import { Faults } from './faults.js';
import { allFaults, faultsOf } from './kinds.js';
import { noise } from './noise.js';
import { Trigger } from './trigger.js';

describe('a trigger', () => {
  const outcomes = (trigger: Trigger, count: number) => Array.from({ length: count }, () => trigger.fire());

  test('fires at its rate, the same way with the same seed', () => {
    const play = (seed: number, rate: number) => {
      const trigger = new Trigger(random(seed));
      trigger.setRate(rate);
      return outcomes(trigger, 10_000);
    };
    const share = (rate: number) => play(1, rate).filter(Boolean).length / 10_000;
    for (const rate of [0, 0.01, 0.3, 0.9, 1]) expect(Math.abs(share(rate) - rate)).toBeLessThan(0.02);
    expect(play(7, 0.2)).toEqual(play(7, 0.2));
    expect(play(7, 0.2)).not.toEqual(play(8, 0.2));
  });

  test('plays its script, one after another, and goes on by rate', () => {
    const trigger = new Trigger(random(1));
    trigger.add(2, 1);
    trigger.add(0, 2);
    trigger.add(1, 1);
    const struck = outcomes(trigger, 8).map((value) => (value ? 'x' : '-'));
    expect(struck.join('')).toBe('--xxx-x-');
    expect([trigger.fires, trigger.chances]).toEqual([4, 8]);
  });

  test('asked for many opportunities at once or for one after another, it strikes the same ones', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 3 })), { maxLength: 4 }),
        fc.array(fc.nat(20), { maxLength: 20 }),
        (seed, rate, script, sizes) => {
          const make = () => {
            const trigger = new Trigger(random(seed));
            trigger.setRate(rate);
            for (const [skip, times] of script) trigger.add(skip, times);
            return trigger;
          };
          const total = sizes.reduce((sum, size) => sum + size, 0);
          const single = make();
          const one = outcomes(single, total).flatMap((struck, index) => (struck ? [index] : []));
          const many: number[] = [];
          const batched = make();
          let at = 0;
          for (const size of sizes) {
            const end = at + size;
            for (let first = batched.next(end - at); first !== undefined; first = batched.next(end - at)) {
              many.push(at + first);
              at += first + 1;
            }
            at = end;
          }
          expect(many).toEqual(one);
          expect([batched.chances, batched.fires]).toEqual([single.chances, single.fires]);
        },
      ),
    );
  });
});

describe('noise', () => {
  test('drops, doubles and flips the bytes that are struck', () => {
    const faults = new Faults();
    const hear = noise(faults, 'to-host');
    const clean = bytesOf('clean');
    expect(hear(clean)).toBe(clean);
    faults.next('droppedByte', { skip: 1, times: 2 });
    faults.next('doubledByte', { skip: 2 });
    expect(textOf(hear(bytesOf('abcdef')))).toBe('adeef');
    faults.next('flippedBit');
    const [first, ...rest] = hear(bytesOf('xyz'));
    const flipped = (first ?? 0) ^ 'x'.charCodeAt(0);
    expect([flipped !== 0 && (flipped & (flipped - 1)) === 0, textOf(Uint8Array.from(rest))]).toEqual([
      true,
      'yz',
    ]);
    expect(faults.counts).toMatchObject({ droppedByte: 2, doubledByte: 1, flippedBit: 1, droppedInput: 0 });
  });

  test('in one direction leaves the other alone', () => {
    const console = open();
    console.module.control.faults.next('droppedInput', { skip: 3 });
    expect(console.at('+CSQ')).toBe(ERROR);
    console.module.control.faults.next('droppedByte', { skip: 2 });
    expect(console.at('')).toBe('\r\nK\r\n');
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0') + OK);
  });
});

describe('scripted faults', () => {
  const faulty = (options: Parameters<typeof openOnline>[0] = {}) => {
    const console = openOnline({ faults: { delay: 700, outage: 5_000, pause: 10 }, ...options });
    const far = connected(console);
    return { console, far, faults: console.module.control.faults };
  };

  test('lostNotification: the next +CIPRXGET: 1 is not printed (pain point 2)', () => {
    const { console, far, faults } = faulty();
    faults.next('lostNotification');
    say(far, 'a');
    expect(console.printed()).toBe('');
    console.at('+CIPRXGET=2,1');
    say(far, 'b');
    expect(console.printed()).toBe(unit('+CIPRXGET: 1,1'));
  });

  test('stuckPrompt: neither prompt nor result, and the next command is answered (Q-43)', () => {
    const { console, faults } = faulty();
    faults.next('stuckPrompt');
    expect(console.at('+CIPSEND=1,5') + console.wait(200_000)).toBe('');
    expect(console.at('')).toBe(OK);
    expect(console.at('+CIPSEND=1,5')).toBe('\r\n>');
  });

  test('lostPrompt: what follows is payload', () => {
    const { console, faults } = faulty();
    faults.next('lostPrompt');
    expect(console.at('+CIPSEND=1,5')).toBe('');
    expect(console.type('hello')).toBe(OK + unit('+CIPSEND: 1,5,5'));
  });

  test('lostCommand, lostAnswer, repeatedAnswer, lateAnswer', () => {
    const { console, faults } = faulty();
    faults.next('lostCommand');
    expect(console.at('+CMEE=0')).toBe('');
    expect(console.at('+CMEE?')).toBe(unit('+CMEE: 2') + OK);
    faults.next('lostAnswer');
    expect(console.at('+CMEE=0')).toBe('');
    expect(console.at('+CMEE?')).toBe(unit('+CMEE: 0') + OK);
    faults.next('repeatedAnswer');
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0') + OK + OK);
    faults.next('lateAnswer');
    expect(console.at('+CSQ') + console.wait(699)).toBe('');
    expect(console.wait(1)).toBe(unit('+CSQ: 23,0') + OK);
  });

  test('lateResult, lostResult, repeatedResult (Q-11)', () => {
    const { console, far, faults } = faulty();
    say(far, 'x');
    console.printed();
    const close = (link: number) => console.at(`+CIPCLOSE=${link}`);
    faults.next('lateResult');
    expect(close(1)).toBe(OK);
    expect(console.at('+CSQ')).toBe(unit('+CSQ: 23,0') + OK);
    expect(console.wait(700)).toBe(unit('+CIPCLOSE: 1,0'));
    connected(console);
    faults.next('lostResult');
    expect(close(1) + console.wait(1_000)).toBe(OK);
    connected(console);
    faults.next('repeatedResult');
    expect(close(1)).toBe(OK + unit('+CIPCLOSE: 1,0').repeat(2));
  });

  test('a late +CIPOPEN: the link is not used before', () => {
    const { console, faults } = faulty();
    faults.next('lateResult');
    const accepted: { write: never }[] = [];
    console.outside.serve('late', 1).subscribe((far) => {
      accepted.push(far as never);
      say(far, 'welcome');
    });
    expect(console.at('+CIPOPEN=2,"TCP","late",1')).toBe(OK);
    expect(console.wait(699)).toBe('');
    expect(console.wait(1)).toBe(unit('+CIPOPEN: 2,0') + unit('+CIPRXGET: 1,2'));
  });

  test('a link that is lost before its late +CIPOPEN stays closed', () => {
    const { console, faults } = faulty();
    faults.next('lateResult');
    const ends: string[] = [];
    console.outside.serve('late', 1).subscribe((far) => {
      far.received$.subscribe({ error: () => ends.push('reset') });
    });
    console.at('+CIPOPEN=2,"TCP","late",1');
    console.module.control.loseBearer();
    expect([console.wait(1_000).includes('+CIPOPEN'), ends]).toEqual([false, ['reset']]);
  });

  test('restart, bearerLoss, registrationLoss, unplug come with a command', () => {
    const { console, faults } = faulty();
    console.at('+CREG=1');
    faults.next('registrationLoss');
    console.at('+CSQ');
    expect(console.wait(10)).toBe(unit('+CREG: 2'));
    expect(console.wait(5_000)).toBe(unit('+CREG: 1'));
    faults.next('bearerLoss');
    console.at('+CSQ');
    expect(console.wait(10)).toContain('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY');
    expect(console.wait(5_000)).toBe(unit('+CGEV: EPS PDN ACT 1'));
    faults.next('restart');
    console.at('+CSQ');
    expect(console.wait(10)).toContain('*ATREADY: 1');
    faults.next('unplug');
    console.at('+CSQ');
    expect(console.at('')).toBe('');
  });

  test('slowSim: the SIM is read later (protocol 9.7)', () => {
    const console = open({ faults: { outage: 5_000 } });
    console.module.control.faults.next('slowSim');
    console.module.control.restart();
    console.at('E0');
    expect(console.at('+CPIN?')).toBe(unit('+CME ERROR: SIM busy'));
    expect(console.wait(5_000)).toContain('+CPIN: READY');
    expect(console.at('+CPIN?')).toBe(unit('+CPIN: READY') + OK);
  });

  test('split and join keep every byte and their order, with time between', () => {
    const { console, faults } = faulty();
    faults.next('split', { times: 2 });
    const [first, later] = [console.at('+CSQ'), console.wait(20)];
    expect(first.length).toBeLessThan(25);
    expect(first + later).toBe(unit('+CSQ: 23,0') + OK);
    faults.next('join');
    expect(console.at('+CSQ')).toBe('');
    expect(console.wait(10)).toBe(unit('+CSQ: 23,0') + OK);
  });

  test('counts tell what has struck, clear ends it', () => {
    const { console, faults } = faulty();
    const struck: string[] = [];
    faults.fired$.subscribe((kind) => struck.push(kind));
    faults.setRate('lostCommand', 1);
    faults.next('lostAnswer', { times: 5 });
    expect(console.at('') + console.at('')).toBe('');
    faults.clear();
    expect(console.at('')).toBe(OK);
    expect([faults.counts.lostCommand, struck]).toEqual([2, ['lostCommand', 'lostCommand']]);
  });
});

test('every kind belongs to a group', () => {
  const grouped = (['conditions', 'silence', 'noise', 'damage', 'absence', 'outage'] as const).flatMap(
    faultsOf,
  );
  expect(new Set(grouped)).toEqual(new Set(allFaults()));
});

test('link conditions lose nothing: the host gets the same lines, in the same order of each kind', () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0, max: 0.8, noNaN: true }), (seed, rate) => {
      const rates = Object.fromEntries(faultsOf('conditions').map((kind) => [kind, rate]));
      const play = (chance: object) => {
        const faults = { seed, rates: chance, delay: [1, 50] as const, chatter: ['*NOISE'] };
        const console = openOnline({ timing: instant, faults });
        console.wait(1_000);
        let printed = '';
        for (const line of ['+CSQ', '+CIPRXGET=4,1', '+CIPOPEN?', '+CIPACK=1']) {
          printed += console.at(line) + console.wait(1_000);
        }
        return printed.replaceAll(unit('*NOISE'), '');
      };
      expect(play(rates)).toBe(play({}));
    }),
  );
});
