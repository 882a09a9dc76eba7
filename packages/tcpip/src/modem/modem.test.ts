import { csq, isAtError, packetEvent } from '@a7600/at-codec';
import type { Behaviour } from '@a7600/testing';
import { TransportError } from '@a7600/transport';
import { throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { errorOf, observe, readyModem, world } from '../../test/world.js';
import { modem } from './open-modem.js';

describe('opening a modem', () => {
  test('finds the module, switches echo off, and waits for SIM and registration', () => {
    const w = world();
    const opened = observe(w.modem$);
    w.advance(39);
    expect(opened.values).toEqual([]);
    w.advance(1);
    expect(opened.values).toHaveLength(1);
    expect(w.commands).toEqual([
      'AT',
      'ATE0',
      'ATV1',
      'AT+CMEE=2',
      'AT+SIMCOMATI',
      'AT+CSCLK?',
      'AT+CATR?',
      'AT+CFUN?',
      'AT+CPIN?',
      'AT+CEREG?',
      'AT+CEREG=1',
      'AT+CGREG=1',
      'AT+CREG=1',
    ]);
  });

  test('waits for a SIM that is busy and a registration that takes its time (Q-40)', () => {
    const w = world({ surroundings: { sim: { cme: 14 }, registration: 2 } });
    const { surroundings } = w.module.control;
    const opened = observe(w.modem$);
    w.advance(5_000);
    expect(w.commands.filter((text) => text === 'AT+CPIN?')).toHaveLength(5);
    surroundings.sim = 'READY';
    w.advance(5_000);
    expect(opened.values).toEqual([]);
    surroundings.registration = 11;
    w.advance(1_000);
    expect(opened.values).toHaveLength(1);
  });

  test.each([
    ['a SIM that wants a PIN', { sim: 'SIM PIN' }, 'SIM_LOCKED', /asks for SIM PIN.*`pin`/],
    ['a SIM that wants a PUK', { sim: 'SIM PUK' }, 'SIM_LOCKED', /asks for SIM PUK.*in a phone/],
    ['no SIM', { sim: { cme: 10 } }, 'SIM_MISSING', /SIM not inserted.*Insert it/],
    ['a SIM that failed', { sim: { cme: 13 } }, 'SIM_NOT_READY', /SIM failure/],
    ['no network', { registration: 2 }, 'NOT_REGISTERED', /searching for a network \(signal \d+ of 31\)/],
    ['a network that denies', { registration: 3 }, 'REGISTRATION_DENIED', /denied.*ask its provider/],
  ])('gives up on %s and says what to do', (_, surroundings, code, message) => {
    const w = world({ surroundings }, { readyTimeout: 10_000 });
    const opened = observe(w.modem$);
    w.advance(15_000);
    expect(errorOf(opened)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('gives the cause of a denied registration where the module has it', () => {
    const ceer: Behaviour = {
      command: '+CEER',
      execute: () => ({ units: [{ parts: ['+CEER: EMM cause 7: EPS services not allowed'] }], result: 'OK' }),
    };
    const w = world({ surroundings: { registration: 3 }, behaviours: [ceer] }, { readyTimeout: 10_000 });
    const opened = observe(w.modem$);
    w.advance(5_000);
    w.module.control.report('*REJCAUSE: 7');
    w.advance(10_000);
    expect(errorOf(opened)?.message).toMatch(/cause: "EMM cause 7: EPS services not allowed; \*REJCAUSE: 7"/);
  });

  test('does not wait for a registration while the radio is switched off', () => {
    const off: Behaviour = {
      command: '+CFUN',
      read: () => ({ units: [{ parts: ['+CFUN: 4'] }], result: 'OK' }),
    };
    const w = world({ surroundings: { registration: 0 }, behaviours: [off] });
    const opened = observe(w.modem$);
    w.advance(3_000);
    expect(errorOf(opened)).toMatchObject({
      code: 'RADIO_OFF',
      message: expect.stringContaining('AT+CFUN=1'),
    });
  });

  test('names a module of another family', () => {
    const other: Behaviour[] = [
      { command: '+SIMCOMATI', execute: () => ({ units: [], result: 'ERROR' }) },
      { command: 'I', execute: () => ({ units: [{ parts: ['SIM7080G R1951'] }], result: 'OK' }) },
      { command: '+CAOPEN', test: () => ({ units: [{ parts: ['+CAOPEN: (0-12)'] }], result: 'OK' }) },
    ];
    const w = world({ behaviours: other });
    const opened = observe(w.modem$);
    w.advance(3_000);
    expect(errorOf(opened)).toMatchObject({
      code: 'UNSUPPORTED_MODULE',
      message: expect.stringContaining('AT+CAOPEN'),
    });
  });

  test('starts over when the module starts in the middle of it', () => {
    const w = world({ surroundings: { registration: 2 } });
    const { surroundings } = w.module.control;
    const opened = observe(w.modem$);
    w.advance(1_000);
    w.module.control.restart();
    surroundings.registration = 5;
    w.advance(2_000);
    expect(opened.values).toHaveLength(1);
    expect(w.commands.filter((text) => text === 'ATE0')).toHaveLength(2);
  });

  test('reports a port that cannot be opened as it is', () => {
    const error = new TransportError('PORT_BUSY', 'busy');
    expect(errorOf(observe(modem(throwError(() => error))))).toBe(error);
  });

  test('the emulated port is one port', () => {
    const w = world();
    readyModem(w);
    expect(errorOf(observe(w.modem$))?.code).toBe('PORT_BUSY');
  });
});

describe('an open modem', () => {
  test('runs commands', () => {
    const w = world({ surroundings: { rssi: 17 } });
    const { last } = readyModem(w);
    expect(observe(last.run(csq())).values).toEqual([{ rssi: 17, ber: 0 }]);
  });

  test('emits URCs by name, and unhandled lines separately', () => {
    const w = world();
    const { last } = readyModem(w);
    const events = observe(last.urc$(packetEvent));
    const unhandled = observe(last.unhandled$);
    const network = observe(last.network());
    w.advance(100);
    w.module.control.loseBearer();
    expect(events.values).toEqual([{ event: 'NW PDN DEACT 1' }]);
    expect(errorOf(network)?.code).toBe('NETWORK_LOST');
    expect(unhandled.values).toEqual([]);
    events.unsubscribe();
    observe(last.network());
    w.advance(100);
    w.module.control.loseBearer();
    expect(unhandled.values.map((event) => event.kind)).toContain('urc');
  });

  test('fails everything at once when the module restarts by itself (Q-29)', () => {
    const w = world();
    const opened = readyModem(w);
    const network = observe(opened.last.network());
    w.advance(100);
    w.module.control.restart();
    w.advance(1);
    expect([errorOf(opened)?.code, errorOf(network)?.code]).toEqual(['MODULE_RESTARTED', 'MODULE_RESTARTED']);
    w.advance(20_000);
    expect(w.scheduler.actions).toEqual([]);
  });

  test('fails with the transport when the line is cut', () => {
    const w = world();
    const opened = readyModem(w);
    w.module.control.unplug();
    w.advance(1);
    expect(errorOf(opened)?.code).toBe('TRANSPORT_LOST');
    w.advance(20_000);
    expect(w.scheduler.actions).toEqual([]);
  });

  test('close completes when all is closed, and completes the modem', () => {
    const w = world();
    const opened = readyModem(w);
    const { last } = opened;
    observe(last.network());
    w.advance(100);
    const closed = observe(last.close());
    w.advance(100);
    expect([closed.end, opened.end]).toEqual(['complete', 'complete']);
    expect(w.module.control.networkOpen).toBe(false);
    expect(isAtError(errorOf(observe(last.run(csq()))))).toBe(false);
    expect(errorOf(observe(last.run(csq())))?.code).toBe('CLOSED');
    expect(w.scheduler.actions).toEqual([]);
  });

  test('close completes what tells about the modem', () => {
    const w = world();
    const { last } = readyModem(w);
    const told = [last.state$, last.links$, last.signalQuality$, last.unhandled$, last.urc$(packetEvent)].map(
      (one$) => observe<unknown>(one$),
    );
    w.advance(100);
    observe(last.close());
    w.advance(100);
    expect(told.map(({ end }) => end)).toEqual(Array(5).fill('complete'));
    expect(w.scheduler.actions).toEqual([]);
  });

  test('its loss ends what tells about the modem', () => {
    const w = world();
    const { last } = readyModem(w);
    const told = [last.links$, last.unhandled$, last.urc$(packetEvent)].map((one$) => observe<unknown>(one$));
    const failing = [last.state$, last.signalQuality$].map((one$) => observe<unknown>(one$));
    w.advance(100);
    w.module.control.unplug();
    w.advance(100);
    expect(told.map(({ end }) => end)).toEqual(Array(3).fill('complete'));
    expect(failing.map((one) => errorOf(one)?.code)).toEqual(Array(2).fill('TRANSPORT_LOST'));
    expect(w.scheduler.actions).toEqual([]);
  });

  test('can be opened again', () => {
    const w = world();
    readyModem(w).unsubscribe();
    w.advance(100);
    expect(readyModem(w).values).toHaveLength(1);
  });
});
