import { instant, recorded } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { serialPort } from '../../test/fixtures.js';
import { errorOf, observe, textOf, type World, world, write } from '../../test/world.js';
import { VERIFY_INTERVAL } from '../line/times.js';
import { modem } from '../modem/open-modem.js';
import type { TransparentOptions } from './options.js';

const PEER = { host: '10.3.0.1', port: 80 };
const QUESTION = 'AT+CIPTIMEOUT?';

/** A transparent session in which data flows. `withLines` gives the port its modem lines. */
function inData(w: World, withLines = false, more: Pick<TransparentOptions, 'confirmInterval'> = {}) {
  const modem$ = withLines ? modem(serialPort(w), { scheduler: w.scheduler }) : w.modem$;
  const opened = observe(modem$);
  w.advance(2_000);
  const network = observe(opened.last.network({ transparent: true }));
  w.advance(2_000);
  const accepted = observe(w.outside.serve(PEER.host, PEER.port));
  const session = observe(network.last.transparent({ ...PEER, ...more }));
  w.advance(2_000);
  const ran: string[] = [];
  w.module.control.events$.subscribe((event) => {
    if (event.kind === 'command') ran.push(event.text);
  });
  const far = accepted.last;
  return {
    modem: opened,
    network,
    session,
    far,
    arrived: observe(far.received$),
    received: observe(session.last.received$),
    ran,
  };
}

/** The payload that must not run: a line that a module in command mode would carry out. */
const PAYLOAD = 'temperature 21\rAT+CRESET\r';

describe('a restart in data mode (Q-29)', () => {
  test.each([
    ['instant', instant],
    ['recorded', recorded],
  ] as const)(
    'is noticed by its start-up lines, which are no data; nothing is written after the first (%s)',
    (_, timing) => {
      const w = world({ timing });
      const { modem: opened, session, received, ran } = inData(w);
      w.module.control.restart();
      w.advance(30_000);
      write(session.last, PAYLOAD);
      w.advance(60_000);
      expect(errorOf(opened)?.code).toBe('MODULE_RESTARTED');
      expect(errorOf(session)?.code).toBe('MODULE_RESTARTED');
      expect(textOf(received.values)).toBe('');
      expect(ran.filter((text) => !text.endsWith(QUESTION))).toEqual([]);
    },
  );

  test('is noticed by DCD, and nothing is written from then on', () => {
    const w = world({ timing: recorded });
    const { modem: opened, session, ran } = inData(w, true);
    w.module.control.restart({ silently: true });
    w.advance(2_000);
    write(session.last, PAYLOAD);
    w.advance(90_000);
    expect(opened.end).not.toBe('open');
    expect(ran.join()).not.toContain('CRESET');
  });

  test('whose lines are lost is noticed by our own payload and an ERROR', () => {
    const w = world({ timing: instant });
    const { modem: opened, session, received, ran } = inData(w, false, { confirmInterval: false });
    w.module.control.restart({ silently: true });
    w.advance(30_000);
    write(session.last, 'temperature 21\r');
    w.advance(1_000);
    write(session.last, PAYLOAD);
    w.advance(60_000);
    expect(errorOf(opened)?.code).toBe('MODULE_RESTARTED');
    expect(ran.join()).not.toContain('CRESET');
    expect(textOf(received.values)).not.toContain('ERROR');
  });

  test('whose lines are lost is noticed within two intervals when nothing is written', () => {
    const w = world({ timing: instant });
    const { modem: opened } = inData(w);
    w.module.control.restart({ silently: true });
    w.advance(120_000);
    expect(errorOf(opened)?.code).toBe('MODULE_RESTARTED');
  });

  test('whose lines are lost is noticed within two intervals when only our payload comes back', () => {
    const w = world({ timing: instant });
    const { modem: opened, session } = inData(w);
    w.module.control.restart({ silently: true });
    for (let second = 0; second < 125; second++) {
      write(session.last, 'x');
      w.advance(1_000);
    }
    expect(errorOf(opened)?.code).toBe('MODULE_RESTARTED');
  });
});

describe('the module is asked', () => {
  const questions = (w: World) => w.commands.filter((text) => text === QUESTION).length;

  test('not while the peer sends something', () => {
    const w = world();
    const { far } = inData(w);
    const before = questions(w);
    for (let turn = 0; turn < 20; turn++) {
      write(far, `reading ${turn}`);
      w.advance(30_000);
    }
    expect(questions(w)).toBe(before);
  });

  test('once in each interval of silence, and the session goes on', () => {
    const w = world();
    const { far, session, received, arrived } = inData(w);
    w.advance(130_000);
    expect(w.commands.filter((text) => text === '+++')).toHaveLength(2);
    write(far, 'still');
    write(session.last, 'here');
    w.advance(5_000);
    expect([textOf(received.values), textOf(arrived.values)]).toEqual(['still', 'here']);
  });

  test('never, where that is switched off', () => {
    const w = world();
    inData(w, false, { confirmInterval: false });
    w.advance(86_400_000);
    expect(w.commands).not.toContain('+++');
  });

  test('at most once in the interval for a peer that repeats start-up lines, which reach the program', () => {
    const w = world();
    const { far, received, modem: opened } = inData(w, false, { confirmInterval: false });
    for (let second = 0; second < 120; second++) {
      write(far, '\r\n*ATREADY: 1\r\n');
      w.advance(1_000);
    }
    w.advance(30_000);
    const escapes = w.commands.filter((text) => text === '+++').length;
    expect(escapes).toBeLessThanOrEqual(150_000 / VERIFY_INTERVAL);
    expect(textOf(received.values)).toBe('\r\n*ATREADY: 1\r\n'.repeat(120));
    expect(opened.end).toBe('open');
  });
});

test('a module that does not answer at all ends the modem with that reason', () => {
  const w = world();
  const { modem: opened, session } = inData(w);
  w.module.control.powerOff();
  w.advance(150_000);
  expect(errorOf(opened)?.code).toBe('MODULE_SILENT');
  expect(errorOf(session)?.code).toBe('MODULE_SILENT');
});

test('a module that another program left in data mode is brought back when the modem is opened', () => {
  const w = world({ whenClosed: 'goes on' });
  const { modem: opened, arrived } = inData(w);
  observe(opened.last.abort());
  w.advance(10_000);
  expect(w.module.control.state.mode).toBe('data');
  const again = observe(w.modem$);
  w.advance(20_000);
  expect(again.values).toHaveLength(1);
  expect(textOf(arrived.values)).toBe('AT\r\x1b\rAT\rAT\r');
  const network = observe(again.last.network());
  w.advance(5_000);
  expect([network.end, w.module.control.openLinks]).toEqual(['open', 0]);
});
