import { command, csclk, plainLine } from '@a7600/at-codec';
import type { Behaviour } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { connected, connection, listening } from '../../test/fixtures.js';
import {
  bytesOf,
  commandsSince,
  errorOf,
  observe,
  openNetwork,
  readyModem,
  textOf,
  type World,
  world,
  write,
} from '../../test/world.js';

const MINUTE = 60_000;

/** What another person's telephone has received. */
function messages(w: World): unknown[] {
  return observe(w.module.control.phone('+491700001').messages$).values;
}

describe('a command of the user that would take the line away is not sent, and all goes on', () => {
  test.each([
    ...['AT+CIPSEND=9,40', 'AT+CIPSEND=9', 'AT+CMGF=1;+CMGS="+491700001"', 'AT+HTTPDATA=20,30'],
    ...['ATE1', 'ATV0', 'ATQ1', 'ATS3=10', 'AT+IPR=9600', 'AT+CMUX=0', 'ATO', 'ATD*99#'],
  ])('%s', (line) => {
    const w = world();
    const { network, socket, far, arrived } = connected(w);
    const received = observe(socket.last.received$);
    const from = w.commands.length;
    expect(errorOf(observe(network.modem.last.raw(line)))?.code).toBe('INVALID_ARGUMENT');
    expect(commandsSince(w, from)).toEqual([]);
    w.advance(5 * MINUTE);
    write(socket.last, 'ping');
    write(far, 'pong');
    w.advance(1_000);
    expect([textOf(arrived.values), textOf(received.values)]).toEqual(['ping', 'pong']);
  });
});

describe('AT&F and ATZ', () => {
  test.each(['AT&F', 'ATZ', 'AT+CMEE=1;&F'])('%s is followed by what the SDK has to set again', (line) => {
    const w = world();
    const { network, socket, arrived } = connected(w);
    const raw = observe(network.modem.last.raw(line));
    w.advance(1_000);
    expect(raw).toMatchObject({ values: [[]], end: 'complete' });
    for (let minute = 0; minute < 5; minute++) w.advance(MINUTE);
    write(socket.last, 'ping');
    w.advance(1_000);
    expect([network.end, textOf(arrived.values)]).toEqual(['open', 'ping']);
    const from = w.trace.length;
    observe(network.modem.last.raw('AT+CIPOPEN=12'));
    const printed = w.trace
      .slice(from)
      .flatMap((entry) => (entry.kind === 'received' ? [entry.event.kind] : []));
    expect(printed).not.toContain('echo');
  });

  test.each(['unsubscribed', 'lost'])('also when the answer is %s', (how) => {
    const w = world();
    const modem = readyModem(w);
    if (how === 'lost') w.module.control.faults.next('lostAnswer');
    const raw = observe(modem.last.raw('AT&F'));
    if (how === 'unsubscribed') raw.unsubscribe();
    w.advance(60_000);
    const from = w.trace.length;
    observe(modem.last.raw('AT+CGATT?'));
    w.advance(1_000);
    const printed = w.trace
      .slice(from)
      .flatMap((entry) => (entry.kind === 'received' ? [entry.event.kind] : []));
    expect([modem.end, printed.includes('echo')]).toEqual(['open', false]);
    w.module.control.restart({ silently: true });
    w.advance(2 * MINUTE);
    expect(errorOf(modem)?.code).toBe('MODULE_RESTARTED');
  });

  test('an echo that comes back later is a sign of a restart again (Q-27)', () => {
    const w = world();
    const modem = readyModem(w);
    observe(modem.last.raw('AT&F'));
    w.advance(1_000);
    w.module.control.restart({ silently: true });
    w.advance(2 * MINUTE);
    expect(errorOf(modem)?.code).toBe('MODULE_RESTARTED');
  });
});

describe('an unknown command that asks for data', () => {
  const sent: string[] = [];
  const asking = (size: number | 'until-sub'): Behaviour => ({
    command: '+XPUT',
    write: () => ({
      prompt: size,
      take: (bytes) => {
        sent.push(textOf([bytes]));
        return { units: [], result: 'OK' };
      },
    }),
  });

  test.each([
    ['a text', 'until-sub'],
    ['a payload', 300],
  ] as const)('for %s: is given up, and the module takes commands again', (_, size) => {
    sent.length = 0;
    const w = world({ behaviours: [asking(size)] });
    const modem = readyModem(w);
    const raw = observe(modem.last.raw('AT+XPUT="x"'));
    w.advance(1_000);
    expect(errorOf(raw)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('asked for data'),
    });
    const next = observe(modem.last.raw('AT+CGATT?'));
    w.advance(10_000);
    expect([next.values, modem.end]).toEqual([[['+CGATT: 1']], 'open']);
    // ESC is a byte of a payload that is counted; spaces fill it.
    expect(sent.map((text) => [text.length, text.slice(0, 5)])).toEqual(
      size === 300 ? [[300, '\x1b\rAT\r']] : [],
    );
  });
});

describe('what an earlier program has left half typed', () => {
  /** Types that on the port before the modem is opened. */
  function typedBefore(w: World, ...lines: readonly string[]): void {
    const link = observe(w.module);
    w.advance(15_000);
    for (const line of lines) {
      write(link.last, line);
      w.advance(2_000);
    }
    link.unsubscribe();
    w.advance(1_000);
  }

  test.each([
    ['a message', ['AT+CMGF=1\r', 'AT+CMGS="+491700001"\r', 'half a te']],
    ['a PDU', ['AT+CMGF=0\r', 'AT+CMGS=20\r']],
  ])('%s', (_, lines) => {
    const w = world({ whenClosed: 'goes on' });
    const phone = messages(w);
    typedBefore(w, ...lines);
    const modem = observe(w.modem$);
    w.advance(5_000);
    expect([modem.values.length, modem.end, phone]).toEqual([1, 'open', []]);
  });

  test.each([40, 1_500])('a payload of %d bytes: its link is closed', (size) => {
    const w = world({ whenClosed: 'goes on' });
    observe(w.outside.serve('10.3.0.1', 80));
    typedBefore(w, 'AT+NETOPEN\r', 'AT+CIPOPEN=3,"TCP","10.3.0.1",80\r', `AT+CIPSEND=3,${size}\r`);
    const network = Object.assign(observe(w.modem$), {});
    w.advance(25_000);
    expect(network.values).toHaveLength(1);
    const opened = observe(network.last.network());
    w.advance(5_000);
    expect([opened.end, w.module.control.openLinks]).toEqual(['open', 0]);
  });
});

describe('a module that the user puts to sleep', () => {
  test.each([false, 60_000] as const)(
    'is woken when there is something to say or to read (confirmInterval: %s)',
    (confirmInterval) => {
      const w = world({}, { confirmInterval });
      const { network, socket, far, arrived } = connected(w);
      const received = observe(socket.last.received$);
      observe(network.modem.last.run(csclk({ mode: 2 })));
      for (const text of ['one', 'two']) {
        w.advance(MINUTE);
        write(far, text);
        w.advance(MINUTE);
        write(socket.last, text);
      }
      w.advance(10_000);
      expect([textOf(received.values), textOf(arrived.values), network.end]).toEqual([
        'onetwo',
        'onetwo',
        'open',
      ]);
    },
  );

  test('that only DTR wakes is named as the cause of what it misses', () => {
    const w = world({}, { confirmInterval: false });
    const modem = readyModem(w);
    w.module.control.dtr = false;
    observe(modem.last.raw('AT+CSCLK=1'));
    w.advance(30_000);
    const signal = observe(modem.last.raw('AT+CSQ'));
    w.advance(60_000);
    expect(errorOf(signal)).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('AT+CSCLK is 1'),
    });
    expect(errorOf(modem)).toMatchObject({
      code: 'MODULE_SILENT',
      message: expect.stringContaining('It may sleep: AT+CSCLK is 1, so DTR has to wake it.'),
    });
  });

  test('that a command does not put to sleep is not said to sleep', () => {
    const refusing: Behaviour = { command: '+CSCLK', write: () => ({ units: [], result: 'ERROR' }) };
    const w = world({ behaviours: [refusing] }, { confirmInterval: false });
    const modem = readyModem(w);
    observe(modem.last.raw('AT+CSCLK=2'));
    w.module.control.powerOff();
    const signal = observe(modem.last.raw('AT+CSQ'));
    w.advance(15_000);
    expect(errorOf(signal)?.message).not.toContain('CSCLK');
  });
});

test.each(['AT+CRESET', 'AT+CFUN=1,1'])('a restart that %s has asked for is told as such', (line) => {
  const w = world();
  const { network } = listening(w);
  observe(network.modem.last.raw(line));
  w.advance(30_000);
  expect(errorOf(network)).toMatchObject({
    code: 'MODULE_RESTARTED',
    message: expect.stringMatching(/which AT\+C(RESET|FUN) had asked it for/),
  });
});

test('a socket is written to while a command of the user asks for data', () => {
  const w = world({
    behaviours: [
      { command: '+XPUT', write: () => ({ prompt: 'until-sub', take: () => ({ units: [], result: 'OK' }) }) },
    ],
  });
  const network = openNetwork(w);
  const { socket, arrived } = connection(w, network);
  observe(network.modem.last.raw('AT+XPUT="x"'));
  const written = write(socket.last, bytesOf('hello'));
  w.advance(5_000);
  expect([written.end, textOf(arrived.values)]).toEqual(['complete', 'hello']);
});

test('a message is sent by a command with its text as payload, as the refusal of raw() says', () => {
  const w = world();
  const phone = messages(w);
  const modem = readyModem(w);
  const send = command(plainLine('AT+CMGF=1;+CMGS="+491700001"'), {
    payload: bytesOf('all is well\x1a'),
    timeout: 60_000,
    claims: ({ name }) => name === '+CMGS',
    read: ({ line }) => line.int(0),
  });
  const sent = observe(modem.last.run(send));
  w.advance(1_000);
  expect(sent.values).toHaveLength(1);
  expect(phone).toMatchObject([{ text: 'all is well' }]);
});
