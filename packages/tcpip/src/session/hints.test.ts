import { map, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { ECHOING, serialPort } from '../../test/fixtures.js';
import {
  commandsSince,
  errorOf,
  observe,
  openNetwork,
  readyModem,
  type World,
  world,
} from '../../test/world.js';
import { modem } from '../modem/open-modem.js';

const INTERVAL = 60_000;
/** The pause between a confirmation and the first that a hint asks for, and the answers. */
const SOON = 5_100;

/** Lets most of an interval pass, so that only a hint makes the watch ask. */
function quiet(w: World): number {
  w.advance(INTERVAL + 10_000);
  return w.commands.length;
}

describe('asked at once', () => {
  test.each([
    '+CPIN: READY',
    '+CPIN: NOT READY',
    '+SIMCARD: NOT AVAILABLE',
    '+CGEV: NW PDN DEACT 1',
    '+CGEV: ME DETACH',
    'NO CARRIER',
    'SMS DONE',
    '*ATRADY: 1',
    'R!Y',
    '+CIPVENT: NETWORK CLOSED UNEXPECTEDLY',
    '+CIPRXGET: 1,7',
  ])('after %s', (line) => {
    const w = world();
    openNetwork(w);
    const from = quiet(w);
    w.module.control.report(line);
    w.advance(SOON);
    expect(commandsSince(w, from)).toContain('AT+NETOPEN?');
  });

  test.each(['+CGEV: EPS PDN ACT 1', '+CSQ: 20,99', 'RING', '+CREG: 1'])('not after %s', (line) => {
    const w = world();
    openNetwork(w);
    const from = quiet(w);
    w.module.control.report(line);
    w.advance(SOON);
    expect(commandsSince(w, from)).toEqual([]);
  });

  test.each(['cts', 'dsr', 'dcd'] as const)('after %s has changed in command mode', (line) => {
    const w = world();
    const lines = { cts: true, dsr: true, dcd: false };
    const port$ = serialPort(w).pipe(map((port) => ({ ...port, lines: () => of({ ...lines }) })));
    const opened = observe(modem(port$, { scheduler: w.scheduler }));
    w.advance(1_000);
    observe(opened.last.network());
    w.advance(INTERVAL + 10_000);
    const asked: string[] = [];
    w.module.control.events$.subscribe((event) => {
      if (event.kind === 'command') asked.push(event.text);
    });
    lines[line] = !lines[line];
    w.advance(SOON + 1_000);
    expect(asked).toContain('AT+NETOPEN?');
    opened.unsubscribe();
    w.advance(60_000);
    expect(w.scheduler.actions).toEqual([]);
  });
});

test('a damaged line about the loss of the network is as good as a whole one', () => {
  const w = world();
  const network = openNetwork(w);
  quiet(w);
  w.module.control.faults.next('damagedLine', { line: /^\+CIPEVENT/ });
  w.module.control.loseBearer();
  w.advance(SOON);
  expect(errorOf(network)?.code).toBe('NETWORK_LOST');
});

test('a module that prints unknown lines all the time is asked less and less often', () => {
  const w = world();
  openNetwork(w);
  const from = quiet(w);
  for (let second = 0; second < 3_600; second++) {
    w.module.control.report('+UNKNOWN: 1');
    w.advance(1_000);
  }
  const rounds = commandsSince(w, from).filter((text) => text === 'AT+NETOPEN?').length;
  expect(rounds).toBeLessThan(2 * 60 + 10);
});

test('a modem that must sleep is not asked', () => {
  const w = world({}, { confirmInterval: false });
  readyModem(w);
  const from = w.commands.length;
  w.module.control.report('NO CARRIER');
  w.advance(INTERVAL);
  expect(commandsSince(w, from)).toEqual([]);
});

describe('a line that a module prints when it starts', () => {
  test.each(['*ATREADY: 1', 'RDY', 'START'])('%s that comes again, late, ends nothing', (line) => {
    const w = world();
    const network = openNetwork(w);
    w.module.control.report(line);
    w.advance(3 * INTERVAL);
    expect([network.end, network.modem.end]).toEqual(['open', 'open']);
  });

  test('alone shows a restart by the echo of the next command (Q-26, Q-27), within a second', () => {
    const w = world();
    const network = openNetwork(w);
    w.module.control.restart({ silently: true });
    w.module.control.report('RDY');
    w.advance(1_000);
    expect(errorOf(network)?.code).toBe('MODULE_RESTARTED');
  });

  test('is believed at once while a command is on its way, whose answer will not come', () => {
    const w = world();
    const network = openNetwork(w);
    w.module.control.faults.next('lostCommand');
    const asked = observe(network.modem.last.raw('AT+CSQ'));
    w.module.control.report('RDY');
    expect([errorOf(network)?.code, errorOf(asked)?.code]).toEqual(['MODULE_RESTARTED', 'MODULE_RESTARTED']);
  });

  test('is believed at once where the module echoes in any case', () => {
    const w = world({ behaviours: [ECHOING] });
    const network = openNetwork(w);
    w.module.control.report('RDY');
    expect(errorOf(network)?.code).toBe('MODULE_RESTARTED');
  });
});
