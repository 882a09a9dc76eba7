import { filter } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { caller, connection, listening } from '../../test/fixtures.js';
import {
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

const INTERVAL = 60_000;

/** Ways to lose everything that no line announces. */
const SILENT_LOSSES: readonly (readonly [string, (w: World) => void, string])[] = [
  ['a power cut', (w) => w.module.control.powerOff(), 'MODULE_SILENT'],
  ['a restart', (w) => w.module.control.restart({ silently: true }), 'MODULE_RESTARTED'],
  ['a lost bearer', (w) => w.module.control.loseNetwork(), 'NETWORK_LOST'],
];

describe('an idle modem', () => {
  test.each([
    ['that is ready', (w: World) => readyModem(w)],
    ['with a network', (w: World) => openNetwork(w)],
    ['with a network in push mode', (w: World) => openNetwork(w, { receive: 'push' })],
    ['with a server', (w: World) => listening(w)],
    ['with a socket', (w: World) => connection(w, openNetwork(w))],
    [
      'with a server and nine clients',
      (w: World) => {
        const { clients } = listening(w);
        for (let count = 0; count < 9; count++) caller(w);
        for (const client of clients.values) observe(client.received$);
      },
    ],
  ])('%s confirms something each interval, with four commands at the most', (_, open) => {
    const w = world();
    open(w);
    for (let count = 0; count < 30; count++) {
      const from = w.commands.length;
      w.advance(INTERVAL);
      const sent = commandsSince(w, from);
      expect(sent.length).toBeGreaterThanOrEqual(1);
      expect(sent.length).toBeLessThanOrEqual(4);
    }
  });

  test('that must sleep is asked nothing', () => {
    const w = world({}, { confirmInterval: false });
    listening(w);
    const from = w.commands.length;
    w.advance(24 * 3_600_000);
    expect(commandsSince(w, from)).toEqual([]);
  });

  test('that carries traffic is not asked whether it is there', () => {
    const w = world();
    const { last } = readyModem(w);
    for (let count = 0; count < 100; count++) {
      observe(last.raw('AT+CREG?'));
      w.advance(10_000);
    }
    expect(w.commands.slice(1)).not.toContain('AT');
  });
});

describe.each(SILENT_LOSSES)('%s that no line announces', (_, lose, code) => {
  test.each([
    ['a network', (w: World) => openNetwork(w)],
    ['a server', (w: World) => listening(w).network],
    ['a socket', (w: World) => Object.assign(connection(w, openNetwork(w)).socket, {})],
  ] as const)('ends %s within two intervals', (_what, open) => {
    const w = world();
    const opened = open(w);
    lose(w);
    w.advance(2 * INTERVAL);
    expect(errorOf(opened)?.code).toBe(code);
  });
});

test('a module that is silently restarted without a network ends the modem', () => {
  const w = world();
  const modem = readyModem(w);
  w.module.control.restart({ silently: true });
  w.advance(2 * INTERVAL);
  expect(errorOf(modem)?.code).toBe('MODULE_RESTARTED');
});

describe('a lost line', () => {
  test.each([
    ['with the number of the link', 'AT'],
    ["with its sender's address only (Q-3a), as another program has set it", 'AT+CIPCCFG=10,0,0,0,0,0,500'],
  ])('+CLIENT, in push mode, %s: the client is given to its server, with its first bytes', (_, set) => {
    const w = world();
    const network = openNetwork(w, { receive: 'push' });
    const clients = observe(network.last.listen({ port: 7 }));
    const found = observe(
      network.modem.last.discrepancies$.pipe(filter(({ kind }) => kind === 'unknown link')),
    );
    w.advance(1_000);
    w.module.control.otherProgram(set);
    w.module.control.faults.next('lostLine', { line: /^\+CLIENT/ });
    const caller = observe(w.outside.callIn(7)).last;
    const heard = observe(caller.received$);
    write(caller, 'first');
    w.advance(130_000);
    expect([clients.values.length, heard.end]).toEqual([1, 'open']);
    expect(textOf(observe(clients.last.received$).values)).toBe('first');
    expect(found.values).toMatchObject([{ kind: 'unknown link', action: 'given to its server' }]);
  });

  test('+CLIENT: the client is given to its server, and its data delivered', () => {
    const w = world();
    const { network, clients } = listening(w);
    const found = observe(network.modem.last.discrepancies$);
    w.module.control.faults.next('lostLine', { line: /^\+CLIENT/ });
    const far = caller(w);
    write(far.link, 'hello');
    expect(clients.values).toHaveLength(0);
    w.advance(2 * INTERVAL);
    expect(clients.values).toHaveLength(1);
    const received = observe(clients.last.received$);
    w.advance(100);
    expect(textOf(received.values)).toBe('hello');
    write(clients.last, 'back');
    w.advance(100);
    expect(textOf(far.values)).toBe('back');
    expect(found.values).toMatchObject([{ kind: 'unknown link', action: 'given to its server' }]);
  });

  test('+IPCLOSE: the socket ends, and how the connection ended is not known', () => {
    const w = world();
    const { socket, far } = connection(w, openNetwork(w));
    const received = observe(socket.last.received$);
    w.module.control.faults.next('lostLine', { line: /^\+IPCLOSE/ });
    observe(far.close());
    w.advance(2 * INTERVAL);
    expect([errorOf(received)?.code, errorOf(socket)?.code]).toEqual(['LINK_CLOSED', 'LINK_CLOSED']);
  });

  test.each([
    ['its line in the list of links', /^\+CIPOPEN: 9,/],
    ['the line of its server', /^\+SERVERSTART: 0/],
  ])('%s: nothing ends, and nothing is started again', (_, line) => {
    const w = world();
    const network = openNetwork(w);
    const { socket, far } = connection(w, network);
    const server = observe(network.last.listen({ port: 7 }));
    const found = observe(network.modem.last.discrepancies$);
    w.advance(10);
    w.module.control.faults.next('lostLine', { line });
    w.advance(3 * INTERVAL);
    expect([socket.end, server.end, found.values]).toEqual(['open', 'open', []]);
    const received = observe(socket.last.received$);
    write(far, 'still there');
    w.advance(100);
    expect(textOf(received.values)).toBe('still there');
  });

  test('an answer that comes twice: the one to the next question is not believed alone', () => {
    for (const command of ['AT+NETOPEN?', 'AT+CIPOPEN?']) {
      const w = world();
      const network = openNetwork(w);
      const { socket } = connection(w, network);
      const server = observe(network.last.listen({ port: 7 }));
      w.advance(10);
      let armed = true;
      w.module.control.events$.subscribe((event) => {
        if (!armed || event.kind !== 'command' || event.text !== command) return;
        armed = false;
        w.module.control.faults.next('repeatedAnswer');
      });
      w.advance(5 * INTERVAL);
      expect([network.end, socket.end, server.end]).toEqual(['open', 'open', 'open']);
    }
  });

  test('+CIPRXGET: the data is read', () => {
    const w = world();
    const { socket, far } = connection(w, openNetwork(w));
    const received = observe(socket.last.received$);
    w.module.control.faults.next('lostLine', { line: /^\+CIPRXGET: 1/ });
    write(far, 'hello');
    w.advance(2 * INTERVAL);
    expect(textOf(received.values)).toBe('hello');
  });
});

describe('a link that nothing here opened', () => {
  const open = 'AT+CIPOPEN=5,"TCP","10.3.0.1",80';

  test.each([
    ['another program', true, 'closed', 0],
    ['another program, and the modem is shared', false, 'left alone', 1],
  ] as const)('by %s: it is reported and %s', (_, exclusive, action, left) => {
    const w = world({}, { exclusive });
    const { modem } = openNetwork(w);
    observe(w.outside.serve('10.3.0.1', 80));
    const found = observe(modem.last.discrepancies$);
    w.module.control.otherProgram(open);
    w.advance(10 * INTERVAL);
    expect(w.module.control.openLinks).toBe(left);
    // Once, however often it is found again.
    expect(found.values).toMatchObject([{ kind: 'unknown link', link: { link: 5 }, action }]);
  });

  test('but by a command of the user: it is left alone, and no other program is suspected', () => {
    const mistakes: string[] = [];
    const w = world({}, { onMistake: (message) => mistakes.push(message) });
    const { modem } = openNetwork(w);
    observe(w.outside.serve('10.3.0.1', 80));
    const found = observe(modem.last.discrepancies$);
    observe(modem.last.raw(open));
    w.advance(10 * INTERVAL);
    expect(w.module.control.openLinks).toBe(1);
    expect(found.values).toMatchObject([{ kind: 'unknown link', action: 'left alone' }]);
    expect(mistakes).toEqual([]);
  });
});

test('a server that another program has stopped is started again', () => {
  const w = world();
  const { network, clients } = listening(w);
  const found = observe(network.modem.last.discrepancies$);
  w.module.control.otherProgram('AT+SERVERSTOP=0');
  w.advance(2 * INTERVAL);
  expect(found.values).toEqual([{ kind: 'server gone', server: 0, action: 'started again' }]);
  caller(w);
  w.advance(100);
  expect(clients.values).toHaveLength(1);
});

describe('what another program has put in the place of ours', () => {
  test.each([
    ['another peer', 'AT+CIPOPEN=9,"TCP","10.3.0.2",81'],
    ['a datagram socket', 'AT+CIPOPEN=9,"UDP",,,6000'],
  ])('%s under the number of a link: ours ends, and nothing is written to it', (_, open) => {
    const w = world();
    const { socket } = connection(w, openNetwork(w), '10.3.0.1');
    const stranger = observe(w.outside.serve('10.3.0.2', 81));
    const ended = observe(socket.last.ended$);
    w.module.control.otherProgram('AT+CIPCLOSE=9');
    w.module.control.otherProgram(open);
    w.advance(10);
    const arrived = stranger.values.map(({ received$ }) => observe(received$));
    w.advance(2 * INTERVAL);
    expect(ended.last).toMatchObject({ by: 'lost', error: { code: 'LINK_CLOSED', link: 9 } });
    expect(errorOf(observe(socket.last.write('ours')))).toMatchObject({ code: 'LINK_CLOSED' });
    w.advance(INTERVAL);
    expect(arrived.map(({ values }) => textOf(values)).join('')).toBe('');
    expect(w.module.control.openLinks).toBe(0);
  });

  test('another port for a server: ours listens again', () => {
    const w = world();
    const { clients } = listening(w);
    w.module.control.otherProgram('AT+SERVERSTOP=0');
    w.module.control.otherProgram('AT+SERVERSTART=8080,0');
    w.advance(2 * INTERVAL);
    caller(w);
    w.advance(100);
    expect([clients.end, clients.values.length]).toEqual(['open', 1]);
    expect(errorOf(observe(w.outside.callIn(8080)))).toMatchObject({ failure: 'refused' });
  });
});

test('the statistics count what went wrong on the line', () => {
  const w = world();
  const { last } = readyModem(w);
  const statistics = observe(last.statistics$);
  w.module.control.faults.next('lostLine', { line: /^OK/ });
  observe(last.raw('AT+CSQ'));
  w.advance(60_000);
  expect(statistics.last).toMatchObject({ unansweredCommands: 1, resynchronisations: 1 });
});
