import { csq } from '@a7600/at-codec';
import { a76xx, type Profile, recorded, refuse, sim7600 } from '@a7600/testing';
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
  upon,
} from '../test/fixtures.js';
import {
  bytesOf,
  commandsSince,
  errorOf,
  observe,
  openNetwork,
  readyModem,
  textOf,
  world,
  write,
} from '../test/world.js';

const a76xxBut = (differences: Partial<Profile>): Profile => ({ ...a76xx, ...differences });

describe('order of OK and result (protocol 7.2)', () => {
  test.each(['result first', 'OK first'] as const)('Q-4: a UDP link is closed, %s', (udpClose) => {
    const w = world({ profile: a76xxBut({ udpClose }) });
    const network = openNetwork(w);
    const unhandled = observe(network.modem.last.unhandled$);
    for (let turn = 0; turn < 3; turn++) {
      const socket = observe(network.last.bind({ port: 5_000 }));
      const closed = observe(socket.last.close());
      w.advance(100);
      expect([socket.last.link, closed.end, socket.end]).toEqual([9, 'complete', 'complete']);
    }
    expect(unhandled.values).toEqual([]);
  });

  test.each(['+IPADDR: ', '+IP ERROR: '])('Q-5: %sand words are no address', (prefix) => {
    const w = world({
      behaviours: [{ command: '+IPADDR', execute: () => refuse(`${prefix}Network not opened`) }],
    });
    const network = observe(readyModem(w).last.network());
    w.advance(1_000);
    expect(network.values).toEqual([]);
    expect(errorOf(network)).toMatchObject({ code: 'IP_ERROR', number: 8 });
    expect(w.module.control.networkOpen).toBe(false);
  });

  test('Q-6: a TCP link opens with OK first, a UDP link with the result first', () => {
    const w = world();
    const { network, ...tcp } = connected(w);
    expect(linesSince(w, 0).slice(-2)).toEqual(['OK', '+CIPOPEN: 9,0']);
    const udp = observe(network.last.bind({ port: 5_000 }));
    expect(linesSince(w, 0).slice(-2)).toEqual(['+CIPOPEN: 8,0', 'OK']);
    expect([tcp.socket, udp].map(({ last }) => last.link)).toEqual([9, 8]);
  });

  test.each(['result first', 'OK first'] as const)('Q-7: a server stops, %s', (stopOrder) => {
    const w = world({ profile: a76xxBut({ stopOrder }) });
    const network = openNetwork(w);
    const unhandled = observe(network.modem.last.unhandled$);
    for (let turn = 0; turn < 3; turn++) {
      const server = observe(network.last.listen({ port: 7 }));
      expect(w.module.control.openServers).toBe(1);
      server.unsubscribe();
      w.advance(100);
      expect(w.module.control.openServers).toBe(0);
    }
    expect(unhandled.values).toEqual([]);
  });

  test.each([
    ['refused at once', [{ command: '+CIPOPEN', write: () => refuse('+CIPOPEN: 9,1') }]],
    ['failed later', []],
  ])('Q-9: a connection that %s says why, and frees its link', (_, behaviours) => {
    const w = world({ behaviours });
    const network = openNetwork(w);
    const links = observe(network.modem.last.links$);
    const socket = observe(network.last.connect({ host: '10.3.0.1', port: 1 }));
    w.advance(100);
    expect(errorOf(socket)).toMatchObject({ code: 'CONNECT_REFUSED', number: 1, link: 9 });
    expect(links.last).toEqual([]);
  });

  test('Q-10: +NETOPEN: 1 is a failure as a result, and an open network as an answer', () => {
    const w = world({ surroundings: { bearer: false } });
    const modem = readyModem(w);
    const failed = observe(modem.last.network());
    w.advance(1_000);
    expect(linesSince(w, 0)).toContain('+NETOPEN: 1');
    expect(errorOf(failed)).toMatchObject({ code: 'NETWORK_REFUSED', number: 1 });

    w.module.control.surroundings.bearer = true;
    observe(modem.last.network());
    w.advance(1_000);
    const [from, fromLine] = [w.commands.length, w.trace.length];
    const adopted = observe(modem.last.network());
    w.advance(1_000);
    expect(linesSince(w, fromLine)).toContain('+NETOPEN: 1');
    expect(commandsSince(w, from)).not.toContain('AT+NETOPEN');
    expect(adopted.values).toHaveLength(1);
  });

  test('Q-12: notifications and late results come before, within and after what others are answered', () => {
    const w = world({ timing: recorded, faults: { rates: { lateResult: 0.5 }, delay: [1, 40] } });
    const network = openNetwork(w);
    const ends = [1, 2, 3].map((host) => connection(w, network, `10.3.0.${host}`));
    w.advance(1_000);
    for (const link of [7, 8, 9])
      upon(w, /CIPRXGET=2|CIPSEND/, () => w.module.control.report(`+CIPRXGET: 1,${link}`));
    const received = ends.map(({ socket }) => observe(socket.last.received$));
    for (const [index, { socket, far }] of ends.entries()) {
      write(far, `${index}${long(5_000)}`);
      write(socket.last, `${index}${long(5_000)}`);
    }
    w.advance(10_000);
    for (const [index, { arrived }] of ends.entries()) {
      expect(textOf(received[index]?.values ?? [])).toBe(`${index}${long(5_000)}`);
      expect(textOf(arrived.values)).toBe(`${index}${long(5_000)}`);
    }
  });

  test('Q-13: lines before an OK end nothing', () => {
    const w = world({
      faults: { rates: { chatter: 1 }, chatter: ['SMS DONE', 'PB DONE', '+CGEV: ME DETACH'] },
    });
    expectTalk(w, connected(w));
  });
});

describe('listings, numbers, spelling (protocol 7.3)', () => {
  test.each(['any', 'peer'] as const)(
    'Q-14: a transparent UDP link is there whichever address it is listed with (%s)',
    (udpListing) => {
      const w = world({ profile: a76xxBut({ udpListing }) });
      const network = openNetwork(w, { transparent: true });
      const far = observe(w.outside.host('10.3.0.1').bind(53)).last;
      const session = observe(
        network.last.transparent({ host: '10.3.0.1', port: 53, type: 'udp', localPort: 5_000 }),
      );
      w.advance(1_000);
      const received = observe(session.last.received$);
      observe(far.send(bytesOf('a\r\nCLOSED\r\n'), { host: w.outside.address, port: 5_000 }));
      w.advance(20_000);
      expect(textOf(received.values)).toBe('a\r\nCLOSED\r\n');
      expect(session.end).toBe('open');
    },
  );

  test("Q-15: a client is its server's, whatever index the listing has", () => {
    const w = world({ profile: a76xxBut({ acceptedIndex: 'always 1' }) });
    const { network, clients } = listening(w);
    const second = observe(network.last.listen({ port: 8 }));
    caller(w);
    w.advance(100);
    expect([clients.last.server, second.values]).toEqual([0, []]);
    const listing = observe(network.modem.last.raw('AT+CIPOPEN?'));
    expect(listing.last[0]).toMatch(/^\+CIPOPEN: 0,"TCP",.*,1$/);
  });

  test('Q-19: "No data" means that there is no data, whatever number a document gives it', () => {
    const w = world({ profile: sim7600 });
    const { clients } = listening(w);
    const client = caller(w);
    const received = observe(clients.last.received$);
    w.module.control.report(`+CIPRXGET: 1,${clients.last.link}`);
    w.advance(100);
    expect(linesSince(w, 0)).toContain('+IP ERROR: No data');
    write(client.link, 'still there');
    expect(textOf(received.values)).toBe('still there');
  });
});

describe('the line, the state, the rest (protocol 7.4)', () => {
  test('Q-27: the echo is switched off at the start and after every start; where it stays, no log of lines has payload', () => {
    const w = world({ surroundings: { registration: 2 } });
    observe(w.modem$);
    w.advance(1_000);
    w.module.control.restart();
    w.advance(1_000);
    expect(w.commands.filter((text) => text === 'ATE0')).toHaveLength(2);

    const echoing = world({ behaviours: [ECHOING] });
    const { socket, arrived } = connected(echoing);
    write(socket.last, 'PASS secret\r\n');
    echoing.advance(1_000);
    expect(textOf(arrived.values)).toBe('PASS secret\r\n');
    expect(linesSince(echoing, 0).join()).not.toContain('secret');
  });

  test('Q-27: an echo that comes back shows a restart whose lines were lost', () => {
    const w = world({ profile: a76xxBut({ startLines: [], simLines: [] }) });
    const network = openNetwork(w);
    w.module.control.restart();
    w.advance(1_000);
    const signal = observe(network.modem.last.run(csq()));
    w.advance(1_000);
    expect([network, network.modem].map((one) => errorOf(one)?.code)).toEqual([
      'MODULE_RESTARTED',
      'MODULE_RESTARTED',
    ]);
    expect(signal.end).not.toBe('open');
  });

  test('Q-28: a module that starts with a NUL is opened like any other', () => {
    const w = world({ start: 'starting', timing: recorded, profile: a76xxBut({ startsWithNul: true }) });
    const modem = observe(w.modem$);
    w.advance(30_000);
    expect(modem.values).toHaveLength(1);
  });

  test('Q-31: a network that was lost is closed only where the module says that it is open', () => {
    const w = world();
    observe(readyModem(w).last.network());
    w.advance(1_000);
    const from = w.commands.length;
    w.module.control.loseBearer();
    w.advance(1_000);
    expect(commandsSince(w, from)).toEqual(Array(3).fill('AT+NETOPEN?'));

    const half = world();
    const network = openNetwork(half);
    half.module.control.faults.next('lostCommand', { times: 4 });
    half.module.control.report('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY');
    half.advance(30_000);
    expect(errorOf(network)?.code).toBe('NETWORK_LOST');
    expect(half.commands.slice(-2)).toEqual(['AT+NETOPEN?', 'AT+NETCLOSE']);
    expect(half.module.control.networkOpen).toBe(false);
  });

  test('Q-33: closing what is closed already is no failure', () => {
    const w = world();
    const { network, socket } = connected(w);
    observe(network.modem.last.raw('AT+CIPCLOSE=9'));
    w.advance(100);
    const closed = observe(socket.last.close());
    w.advance(100);
    expect(linesSince(w, 0).slice(-2)).toEqual(['+CIPCLOSE: 9,4', 'ERROR']);
    expect([closed.end, socket.end]).toEqual(['complete', 'complete']);
    observe(network.modem.last.raw('AT+NETCLOSE'));
    w.advance(100);
    const networkClosed = observe(network.last.close());
    w.advance(100);
    expect(linesSince(w, 0).slice(-2)).toEqual(['+NETCLOSE: 2', 'ERROR']);
    expect([networkClosed.end, network.end]).toEqual(['complete', 'complete']);
  });

  test('Q-34: a link that the module still holds is closed and opened again', () => {
    const w = world();
    const network = openNetwork(w);
    observe(w.outside.serve('10.3.0.1', 80));
    observe(network.modem.last.raw('AT+CIPOPEN=9,"TCP","10.3.0.1",80'));
    w.advance(100);
    const from = w.commands.length;
    const ends = connection(w, network);
    w.advance(100);
    expect(commandsSince(w, from)).toEqual([
      'AT+CIPOPEN=9,"TCP","example.com",80',
      'AT+CIPCLOSE=9',
      'AT+CIPOPEN=9,"TCP","example.com",80',
    ]);
    expectTalk(w, ends);
  });

  test('Q-35: a block of which bytes were lost on the line is not handed on; its link fails, others go on (pain point 10)', () => {
    const w = world();
    const { network, ...hit } = connected(w);
    const other = connection(w, network, 'example.org');
    const received = observe(hit.socket.last.received$);
    write(hit.far, long(1_000));
    w.advance(100);
    upon(w, /CIPRXGET=2,9/, () => w.module.control.faults.next('droppedByte', { skip: 60, times: 200 }));
    write(hit.far, long(1_500));
    w.advance(30_000);
    expect(textOf(received.values)).toBe(long(1_000));
    expect(errorOf(hit.socket)).toMatchObject({ code: 'FRAMING_LOST', cause: { code: 'FRAMING_LOST' } });
    expectTalk(w, other);
  });

  test('Q-36: commands among data traffic lose nothing of it', () => {
    const w = world({ timing: recorded }, { signalQualityInterval: 10 });
    const { network, ...ends } = connected(w);
    const signals = observe(network.modem.last.signalQuality$);
    w.advance(100);
    for (let turn = 0; turn < 10; turn++) expectTalk(w, ends);
    expect(signals.values.length).toBeGreaterThan(500);
  });

  test('Q-37: a > in text, or that no command waits for, is no prompt', () => {
    const w = world();
    const ends = connected(w);
    upon(w, /CSQ|CIPSEND/, () => w.module.control.report('+CMGL: 1 > 2'));
    upon(w, /CSQ/, () => w.module.control.report('> 7'));
    const signal = observe(ends.network.modem.last.run(csq()));
    w.module.control.report('> 8');
    w.advance(100);
    expect(signal.end).toBe('complete');
    expectTalk(w, ends);
  });

  test('Q-44: a result may follow its OK without a gap', () => {
    const w = world({ faults: { rates: { join: 1 } } });
    const ends = connected(w);
    w.advance(1_000);
    expectTalk(w, ends);
  });

  test('Q-45: words of other families are passed over', () => {
    const words = ['+CADATAIND: 0', 'DATA ACCEPT:5', 'SEND OK', 'CLOSE OK', 'ALREADY CONNECT', 'Call Ready'];
    const w = world();
    const ends = connected(w);
    const unhandled = observe(ends.network.modem.last.unhandled$);
    upon(w, /CIPSEND/, () => {
      for (const word of words) w.module.control.report(word);
    });
    write(ends.socket.last, 'x');
    w.advance(100);
    expect(unhandled.values.map((event) => 'text' in event && event.text)).toEqual(words);
    expect(textOf(ends.arrived.values)).toBe('x');
    expect(ends.socket.end).toBe('open');
  });
});

/** What this package has no part in. */
const OF_OTHERS: Readonly<Record<string, string>> = {
  'Q-16': 'the SDK is for the families with ten links',
  'Q-21': 'spelling: at-codec',
  'Q-22': 'spelling: at-codec',
  'Q-23': 'names of answers: at-codec',
  'Q-24': 'spelling of commands: at-codec',
  'Q-25': 'a misprint: at-codec',
  'Q-39': 'values of CPSI, which the SDK does not use: at-codec',
  'Q-42': 'the bearers of HTTP and MQTT, which the SDK does not use',
};

test('every quirk from Q-4 on is named by a test, or is none of this package', () => {
  const numbers = [...Array.from({ length: 42 }, (_, index) => String(index + 4)), '24a'];
  const quirks = numbers.map((number) => `Q-${number}`);
  expect(notNamedByTests(import.meta.dirname, quirks)).toEqual(Object.keys(OF_OTHERS));
});
