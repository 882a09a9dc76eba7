import { cimi, csq } from '@a7600/at-codec';
import { a76xx, type FaultKind, recorded } from '@a7600/testing';
import { reconnect } from '@a7600/transport';
import { describe, expect, test } from 'vitest';
import { notNamedByTests } from '../../../tools/named-by-tests.js';
import {
  caller,
  connected,
  connection,
  ECHOING,
  expectTalk,
  linesSince,
  listening,
  long,
  serialPort,
  upon,
} from '../test/fixtures.js';
import {
  commandsSince,
  errorOf,
  type Observed,
  observe,
  openNetwork,
  readyModem,
  textOf,
  type World,
  world,
  write,
} from '../test/world.js';
import { modem } from './modem/open-modem.js';

/** What the module says itself, and what it is told. */
const WORDS =
  '\r\nOK\r\n\r\nERROR\r\n>\r\n+IPCLOSE: 9,1\r\n+CIPRXGET: 1,9\r\n+CIPRXGET: 2,9,4,0\r\nCONNECT\r\nCLOSED\r\n' +
  '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\r\n*ATREADY: 1\r\n+++ATH\r\n\0\x1a\x1b\x03\xff';

const codeOf = (observed: Observed<unknown>) => errorOf(observed)?.code;

describe('A. bytes lost, late, or given to the wrong party', () => {
  test('pain point 4: what comes by itself answers no question', () => {
    const chatty = world({ faults: { rates: { chatter: 1 } } });
    const calm = world();
    const [one, other] = [chatty, calm].map((w) => {
      const network = openNetwork(w);
      const answers = [csq(), cimi()].map((command) => observe(network.modem.last.run<unknown>(command)));
      w.advance(1_000);
      return [network.modem.last.identity, network.last.address, ...answers.map(({ values }) => values)];
    });
    expect(chatty.module.control.faults.counts.chatter).toBeGreaterThan(20);
    expect(one).toEqual(other);
  });

  test.each(['buffer', 'hex', 'push'] as const)(
    'pain point 5: payload that looks like protocol is payload (%s)',
    (receive) => {
      const w = world();
      const { socket, far, arrived } = connected(w, { receive });
      const received = observe(socket.last.received$);
      write(socket.last, WORDS);
      write(far, WORDS);
      w.advance(1_000);
      expect([textOf(arrived.values), textOf(received.values)]).toEqual([WORDS, WORDS]);
      expect(socket.end).toBe('open');
    },
  );

  test('pain point 8: a link number that is used again is another connection', () => {
    const w = world({ profile: { ...a76xx, noticesClose: 'at once' } });
    const { clients } = listening(w);
    const first = caller(w);
    write(first.link, long(3_000));
    observe(first.link.close());
    w.advance(1_000);
    const second = caller(w);
    write(second.link, 'for the second one');
    w.advance(1_000);
    expect(clients.values.map(({ link }) => link)).toEqual([0, 0]);
    const received = clients.values.map((client) => observe(client.received$));
    w.advance(1_000);
    expect(received.map(({ values }) => textOf(values))).toEqual([long(3_000), 'for the second one']);
    expect(codeOf(write(clients.values[0] as (typeof clients)['last'], 'x'))).toBe('LINK_CLOSED');
    expect(textOf(second.values)).toBe('');
  });
});

describe('B. links and sessions that get stuck', () => {
  test.each(['lostCommand', 'lostAnswer'] as const)(
    'pain point 12: a link number is not used again before it is certain to be closed (%s)',
    (fault) => {
      const w = world();
      const { network, socket } = connected(w);
      w.module.control.faults.next(fault);
      observe(w.outside.serve('10.3.0.1', 80));
      const connect = () => observe(network.last.connect({ host: '10.3.0.1', port: 80 }));
      socket.unsubscribe();
      w.advance(1_000);
      const meanwhile = connect();
      w.advance(60_000);
      const afterwards = connect();
      w.advance(1_000);
      expect([meanwhile, afterwards].map(({ last }) => last.link)).toEqual([8, 9]);
    },
  );

  test('pain point 13: the loss of the bearer is told to everybody at once, and the network comes back', () => {
    const w = world();
    const { scheduler } = w;
    const modem = readyModem(w);
    const networks = observe(modem.last.network().pipe(reconnect({ scheduler })));
    w.advance(1_000);
    const servers = observe(networks.last.listen({ port: 7 }));
    const { socket } = connection(w, { ...networks, modem, last: networks.last, end: networks.end });
    w.module.control.loseBearer(5_000);
    expect([servers, socket].map(codeOf)).toEqual(['NETWORK_LOST', 'NETWORK_LOST']);
    w.advance(60_000);
    expect(networks.values).toHaveLength(2);
    observe(w.outside.serve('10.3.0.1', 80));
    expect(observe(networks.last.connect({ host: '10.3.0.1', port: 80 })).values).toHaveLength(1);
  });

  test('pain point 15: a restart fails what is in flight at once, and the modem can be had again', () => {
    const w = world({ timing: recorded });
    const { scheduler } = w;
    const modems = observe(w.modem$.pipe(reconnect({ scheduler })));
    w.advance(1_000);
    const network = observe(modems.last.network());
    w.advance(1_000);
    upon(w, /CIPOPEN/, () => w.module.control.restart());
    const socket = observe(network.last.connect({ host: '10.3.0.1', port: 80 }));
    w.advance(9_000);
    expect([socket, network].map(codeOf)).toEqual(['MODULE_RESTARTED', 'MODULE_RESTARTED']);
    w.advance(60_000);
    expect(modems.values).toHaveLength(2);
    expect(observe(modems.last.run(csq())).end).toBe('open');
  });

  test('pain point 16: a connect without an answer can be given up, and nothing waits for it', () => {
    const w = world();
    const network = openNetwork(w);
    w.outside.host('10.3.0.9').conditions.closedPorts = 'drop';
    const socket = observe(network.last.connect({ host: '10.3.0.9', port: 80 }));
    w.advance(5_000);
    expect(socket.values).toEqual([]);
    const from = w.commands.length;
    socket.unsubscribe();
    w.advance(1_000);
    expect(commandsSince(w, from)).toEqual(['AT+CIPCLOSE=9']);
    const other = connection(w, network);
    expect(other.socket.last.link).toBe(8);
    expectTalk(w, other);
    w.advance(150_000);
    expect(w.module.control.openLinks).toBe(1);
    expect(connection(w, network, 'example.org').socket.last.link).toBe(9);
  });

  test('pain point 18: a send, its prompt and its payload are one turn, whatever other commands are queued', () => {
    const w = world({ timing: recorded });
    const network = openNetwork(w);
    const ends = [1, 2, 3].map((host) => connection(w, network, `10.3.0.${host}`));
    w.advance(1_000);
    const from = w.trace.length;
    for (let turn = 0; turn < 20; turn++) {
      for (const { socket } of ends) write(socket.last, long(700));
      observe(network.modem.last.run(csq()));
      w.advance(10);
    }
    w.advance(10_000);
    const sent = w.trace.slice(from).filter(({ kind }) => kind !== 'received');
    const sizes = sent.flatMap((entry, at) => {
      const [, size] = (entry.kind === 'command' && /^AT\+CIPSEND=\d,(\d+)/.exec(entry.text)) || [];
      const next = sent[at + 1];
      return size === undefined
        ? []
        : [[Number(size), next?.kind === 'payload' ? next.bytes.length : 'none']];
    });
    expect(sizes.length).toBeGreaterThan(20);
    for (const [asked, given] of sizes) expect(given).toBe(asked);
    for (const { arrived } of ends) expect(textOf(arrived.values)).toBe(long(700).repeat(20));
  });

  test('pain point 19: calls, messages and USSD do not disturb the data', () => {
    const w = world();
    const { network, ...ends } = connected(w);
    const unhandled = observe(network.modem.last.unhandled$);
    const lines = [
      'RING',
      '+CLIP: "+491701234567",145',
      'VOICE CALL: END: 000012',
      '+CMTI: "SM",1',
      '+CUSD: 1,"1>2",15',
    ];
    let reported = 0;
    upon(w, /CIPSEND|CIPRXGET/, () => {
      w.module.control.report(lines[reported++ % lines.length] as string);
    });
    expectTalk(w, ends);
    const seen = unhandled.values.flatMap((event) => ('text' in event ? [event.text] : []));
    expect(seen).toEqual(Array.from({ length: reported }, (_, at) => lines[at % lines.length]));
  });

  test('pain point 20: what no descriptor knows appears once, and a line without an end costs only itself', () => {
    const w = world();
    const { network, ...ends } = connected(w);
    const unhandled = observe(network.modem.last.unhandled$);
    w.module.control.report('+XYZ: 1,"unheard of"');
    expect(unhandled.values).toMatchObject([{ kind: 'text', text: '+XYZ: 1,"unheard of"' }]);
    w.module.control.report('x'.repeat(1_000_000));
    const rest = unhandled.values.slice(1);
    expect(new Set(rest.map(({ kind }) => kind))).toEqual(new Set(['noise']));
    expectTalk(w, ends);
  });

  describe('pain point 21: transparent mode is left in good order', () => {
    /** A session, and what the module was sent in it, with the times. */
    const session = (leaveBy: 'plus' | 'dtr') => {
      const w = world({ uart: { baudRate: 115_200, rtscts: true } });
      const opened = observe(modem(serialPort(w), { scheduler: w.scheduler, rtscts: true }));
      w.advance(1_000);
      const network = observe(opened.last.network({ transparent: true }));
      w.advance(1_000);
      const accepted = observe(w.outside.serve('10.3.0.1', 80));
      const dialled = observe(network.last.transparent({ host: '10.3.0.1', port: 80, leaveBy }));
      w.advance(1_000);
      const { last } = dialled;
      const far = accepted.last;
      const sent: { at: number; text: string }[] = [];
      w.module.control.events$.subscribe((event) => {
        if (event.kind === 'received') sent.push({ at: w.scheduler.now(), text: textOf([event.bytes]) });
      });
      return {
        w,
        session: last,
        far,
        sent,
        arrived: observe(far.received$),
        received: observe(last.received$),
      };
    };

    test('by +++, with nothing written in its guard times, and nothing lost at the switch', () => {
      const { w, session: link, far, sent, arrived, received } = session('plus');
      write(link, long(5_000));
      const suspended = observe(link.enterCommandMode());
      for (let tenths = 0; tenths < 40; tenths++) {
        write(link, `${tenths}.`);
        write(far, `${tenths}.`);
        w.advance(100);
      }
      expect(suspended.end).toBe('complete');
      const at = sent.findIndex(({ text }) => text === '+++');
      const [before, plus, after] = [sent[at - 1], sent[at], sent[at + 1]].map((one) => one?.at ?? 0);
      expect((plus as number) - (before as number)).toBeGreaterThanOrEqual(1_000);
      expect((after as number) - (plus as number)).toBeGreaterThanOrEqual(1_000);
      observe(link.enterDataMode());
      w.advance(5_000);
      const all = Array.from({ length: 40 }, (_, tenths) => `${tenths}.`).join('');
      expect(textOf(arrived.values)).toBe(long(5_000) + all);
      expect(textOf(received.values)).toBe(all);
    });

    test('by DTR, without plus signs', () => {
      const { w, session: link, sent, arrived } = session('dtr');
      write(link, long(5_000));
      const suspended = observe(link.enterCommandMode());
      w.advance(2_000);
      expect(suspended.end).toBe('complete');
      expect(sent.filter(({ text }) => text.includes('+++'))).toEqual([]);
      expect(textOf(arrived.values)).toBe(long(5_000));
    });
  });
});

describe('D. serial line and host', () => {
  test('pain point 28: it does not matter where the chunks are cut', () => {
    const w = world({ timing: recorded, faults: { rates: { split: 0.5, join: 0.5 } } });
    const ends = connected(w);
    w.advance(10_000);
    const received = observe(ends.socket.last.received$);
    write(ends.socket.last, WORDS.repeat(20));
    write(ends.far, WORDS.repeat(20));
    w.advance(60_000);
    expect([textOf(ends.arrived.values), textOf(received.values)]).toEqual(Array(2).fill(WORDS.repeat(20)));
  });

  test.each<[FaultKind, string]>([
    ['stuckPrompt', 'TIMEOUT'],
    ['lostResult', 'TIMEOUT'],
  ])('pain point 29: a write whose bytes are not taken fails in time (%s)', (fault, code) => {
    const w = world();
    const { socket } = connected(w, { timeouts: { cipSend: 10_000 } });
    w.module.control.faults.next(fault);
    const writing = write(socket.last, 'x');
    w.advance(121_000);
    expect(errorOf(writing)).toMatchObject({ code: 'LINK_CLOSED', cause: { code } });
  });

  test('pain point 32: an echo that stays on is told from answers', () => {
    const w = world({ behaviours: [ECHOING] });
    const { network, ...ends } = connected(w);
    expectTalk(w, ends);
    expect(w.commands.slice(0, 2)).toEqual(['AT', 'ATE0']);
    expect(network.modem.last.identity?.model).toBe(a76xx.identity.model);
  });

  describe('pain point 33: the wrong baud rate', () => {
    const opened = (w: World, baudRates?: number[]) =>
      observe(modem(serialPort(w), { scheduler: w.scheduler, baudRates }));

    test('is found among those that are tried', () => {
      const w = world({ uart: { baudRate: 9_600 } });
      const found = opened(w, [9_600, 57_600, 115_200]);
      w.advance(10_000);
      expect(found.values).toHaveLength(1);
    });

    test.each([[undefined], [[9_600, 19_200]]])('ends in an error that names it (%j)', (baudRates) => {
      const w = world({ uart: { baudRate: 9_600 } });
      const found = opened(w, baudRates);
      w.advance(60_000);
      expect(errorOf(found)).toMatchObject({
        code: 'MODULE_SILENT',
        message: expect.stringMatching(/baud rate/),
      });
      w.advance(60_000);
      expect(w.scheduler.actions).toEqual([]);
    });
  });

  test.each([
    ['switched off', []],
    ['that stays on', [ECHOING]],
  ])('pain point 35: a trace shows the dialogue, and no secret of it, with an echo %s', (_, behaviours) => {
    const w = world({ behaviours, surroundings: { sim: 'SIM PIN', pin: '73914862' } }, { pin: '73914862' });
    const opened = observe(w.modem$);
    w.advance(5_000);
    observe(opened.last.network({ apn: 'secret.apn' }));
    w.advance(1_000);
    expect(w.commands).toEqual(expect.arrayContaining(['AT+CPIN="…"', 'AT+NETOPEN']));
    const told = [...w.commands, ...linesSince(w, 0)].join('\n');
    expect(told).toMatch(/\+NETOPEN: 0/);
    expect(told).not.toMatch(/73914862|secret\.apn/);
  });

  test('pain point 39: nothing grows with what is opened and closed', () => {
    const w = world();
    const network = openNetwork(w);
    observe(w.outside.serve('10.3.0.1', 80));
    const held: number[] = [];
    for (let turn = 0; turn < 200; turn++) {
      const opened = [
        observe(network.last.connect({ host: '10.3.0.1', port: 80 })),
        observe(network.last.bind({ port: 5_000 })),
        observe(network.last.listen({ port: 7 })),
      ];
      w.advance(10);
      expect(opened.map(({ end }) => end)).toEqual(['open', 'open', 'open']);
      for (const one of opened) one.unsubscribe();
      w.advance(100);
      held.push(w.scheduler.actions.length);
    }
    expect(Math.max(...held.slice(100))).toBeLessThanOrEqual(Math.max(...held.slice(0, 100)));
    expect([w.module.control.openLinks, w.module.control.openServers]).toEqual([0, 0]);
  });
});

/** What this package has no part in, and where it belongs. */
const OF_OTHERS: Readonly<Record<string, string>> = {
  'pain point 30': 'the port: transport, reconnect and serialport',
  'pain point 31': 'the port: transport, serialport',
  'pain point 34': 'the port: transport, serialport',
  'pain point 36': 'the emulator: testing',
  'pain point 37': 'packaging: pack-check',
  'pain point 38': 'the edge: transport, node and web',
  'pain point 40': 'the port: transport, tcp',
  'pain point 41': 'out of scope',
};

test('every pain point of groups A, B and D is named by a test, or is none of this package', () => {
  const points = Array.from({ length: 42 }, (_, index) => index + 1)
    .filter((number) => number < 22 || number > 27)
    .map((number) => `pain point ${number}`);
  expect(notNamedByTests(import.meta.dirname, points)).toEqual(Object.keys(OF_OTHERS));
});
