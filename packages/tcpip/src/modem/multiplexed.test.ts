import { csq } from '@a7600/at-codec';
import { a76xx, type EmulatorOptions, note100 } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { serialPort } from '../../test/fixtures.js';
import { errorOf, observe, textOf, world, write } from '../../test/world.js';
import { type MultiplexedOptions, multiplexed } from './multiplexed.js';
import { modem } from './open-modem.js';

const PEER = { host: '10.3.0.1', port: 80 };

/** A module on a UART, multiplexed. */
function line(
  emulated: Omit<EmulatorOptions, 'scheduler' | 'network'> = {},
  options: MultiplexedOptions = {},
) {
  const w = world({ profile: note100, uart: {}, ...emulated });
  const port = serialPort(w);
  const ports = multiplexed(port, { scheduler: w.scheduler, ...options });
  const modem$ = modem(ports, { scheduler: w.scheduler });
  const open = () => observe(modem$);
  /** What a module in plain AT mode answers to AT. */
  const plain = () => {
    const opened = observe(port);
    const heard = observe(opened.last.received$);
    write(opened.last, '\rATE0\r');
    w.advance(1_000);
    opened.unsubscribe();
    return textOf(heard.values);
  };
  return { w, ports, open, plain };
}

describe('modem(multiplexed(…))', () => {
  test('carries commands, transparent data, and a spare port, and returns to plain AT mode', () => {
    const { w, ports, open, plain } = line({ whenClosed: 'goes on' });
    const opened = open();
    const spare = observe(ports.spare);
    w.advance(5_000);
    const network = observe(opened.last.network({ transparent: true }));
    w.advance(2_000);
    const accepted = observe(w.outside.serve(PEER.host, PEER.port));
    const session = observe(network.last.transparent(PEER));
    w.advance(1_000);
    const arrived = observe(accepted.last.received$);
    const received = observe(session.last.received$);
    write(session.last, 'x'.repeat(5_000));
    write(accepted.last, 'y'.repeat(5_000));
    const signal = observe(opened.last.run(csq()));
    const spareHeard = observe(spare.last.received$);
    write(spare.last, 'AT+CGMI\r');
    w.advance(300);
    expect(signal.end).toBe('complete');
    expect(textOf(spareHeard.values)).toContain('SIMCOM');
    w.advance(2_000);
    expect([textOf(arrived.values), textOf(received.values)]).toEqual(['x'.repeat(5_000), 'y'.repeat(5_000)]);
    const close = observe(opened.last.close());
    w.advance(15_000);
    expect([close.end, opened.end, session.end]).toEqual(['complete', 'complete', 'complete']);
    const returned = observe(ports.returned$);
    expect(returned.end).toBe('open');
    spare.unsubscribe();
    w.advance(5_000);
    expect(returned.end).toBe('complete');
    expect(plain()).toContain('\r\nOK\r\n');
  });

  test('can be opened again at once', () => {
    const { w, open } = line({ whenClosed: 'goes on' });
    for (let turn = 0; turn < 3; turn++) {
      const opened = open();
      w.advance(5_000);
      expect(opened.values).toHaveLength(1);
      opened.unsubscribe();
    }
    w.advance(20_000);
    expect(w.scheduler.actions).toEqual([]);
  });

  test('takes over a module that a program has left multiplexed', () => {
    const { w, ports, open } = line({ whenClosed: 'goes on' });
    const first = open();
    w.advance(5_000);
    w.module.control.unplug();
    w.advance(5_000);
    expect(errorOf(first)).toBeDefined();
    const again = multiplexed(serialPort(w), { scheduler: w.scheduler });
    const opened = observe(modem(again, { scheduler: w.scheduler }));
    w.advance(20_000);
    expect(opened.values).toHaveLength(1);
    expect(observe(ports.returned$).end).not.toBe('open');
  });

  test('takes over one that confirms the close-down and goes on, and one in the middle of a frame', () => {
    const profile = { ...note100, leavesMultiplexing: false };
    const { w, open } = line({ whenClosed: 'goes on', profile });
    open();
    w.advance(5_000);
    w.module.control.unplug();
    w.advance(1_000);
    const raw = observe(serialPort(w));
    write(raw.last, Uint8Array.of(0xf9, 0x07, 0xef, 0xb0, 0x0b, 0x41));
    w.advance(100);
    raw.unsubscribe();
    const again = multiplexed(serialPort(w), { scheduler: w.scheduler });
    const opened = observe(modem(again, { scheduler: w.scheduler }));
    w.advance(40_000);
    expect(opened.values).toHaveLength(1);
    opened.unsubscribe();
    const returned = observe(again.returned$);
    w.advance(30_000);
    expect(errorOf(returned)).toMatchObject({ code: 'TIMEOUT', message: expect.stringMatching(/Reset it/) });
    expect(w.scheduler.actions).toEqual([]);
  });

  test('a restart in the middle is told from silence', () => {
    const { w, open } = line();
    const opened = open();
    w.advance(5_000);
    w.module.control.restart();
    w.advance(60_000);
    expect(errorOf(opened)).toMatchObject({ code: 'MODULE_RESTARTED' });
  });
});

describe('firmware that differs', () => {
  test.each([
    ['refuses', { multiplexing: 'refused' }, 'MULTIPLEXER_REFUSED', /refused AT\+CMUX/],
    ['says OK only', { multiplexing: 'only says OK' }, 'MULTIPLEXER_REFUSED', /stays in plain AT mode/],
    ['has no second channel', { channels: 1 }, 'MULTIPLEXER_REFUSED', /channel 2/],
    ['has a channel that is stuck', { stuckChannel: 2 }, 'MODULE_SILENT', /port for data/],
  ] as const)('that %s is named', (_, differs, code, message) => {
    const { w, open } = line({ profile: { ...note100, ...differs } });
    const opened = open();
    w.advance(120_000);
    expect(errorOf(opened)).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(w.scheduler.actions).toEqual([]);
  });

  test.each([
    ['sends no MSC', { signalsChannels: false }],
    ['polls and fills', { pollsData: true, fillingFlags: 4 }],
    ['greets', { channelGreeting: 'QCRDY' }],
    ['checks long lengths in the wrong order', { swapsLongLengths: true }],
  ] as const)('that %s works', (_, differs) => {
    const { w, open } = line({ profile: { ...a76xx, ...differs } });
    const opened = open();
    w.advance(10_000);
    expect(opened.values).toHaveLength(1);
  });
});

test('a module that is silent in every mode is named', () => {
  const { w, open } = line({ start: 'off' });
  const opened = open();
  w.advance(120_000);
  expect(errorOf(opened)).toMatchObject({
    code: 'MODULE_SILENT',
    message: expect.stringMatching(/neither AT nor/),
  });
});

test('frames are no longer than AT+CMUX=? reports', () => {
  const { w, open } = line({}, { frameSize: 5_000 });
  const sent: string[] = [];
  w.module.control.events$.subscribe((event) => {
    if (event.kind === 'command' && event.text.includes('CMUX')) sent.push(event.text);
  });
  open();
  w.advance(5_000);
  expect(sent).toEqual(['AT+CMUX=?', 'AT+CMUX=0,0,5,1500']);
});
