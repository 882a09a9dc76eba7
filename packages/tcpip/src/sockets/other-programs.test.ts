import { refuse } from '@a7600/testing';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../../tools/thorough.js';
import { connected, listening } from '../../test/fixtures.js';
import {
  commandsSince,
  errorOf,
  observe,
  openNetwork,
  textOf,
  type World,
  world,
  write,
} from '../../test/world.js';
import { modem } from '../modem/open-modem.js';

const INTERVAL = 60_000;
/** How many lines are damaged, each elsewhere. */
const SEEDS = effort(6, 20);
/** How long two programs have for a fight. */
const HOURS = effort(8, 24);

/** A connection over which something went both ways, and whose counters the module has told. */
function used(w: World, receive: 'buffer' | 'hex' | 'push' = 'buffer') {
  const opened = connected(w, { receive });
  const received = observe(opened.socket.last.received$);
  const ended = observe(opened.socket.last.ended$);
  write(opened.far, 'one ');
  write(opened.socket.last, 'first ');
  w.advance(2 * INTERVAL);
  return { ...opened, received, ended };
}

describe('a connection that another program uses too', () => {
  test.each(['buffer', 'hex'] as const)('ends with a reason when bytes were read from it (%s)', (receive) => {
    const w = world();
    const { socket, far, ended } = used(w, receive);
    socket.last.pause();
    write(far, 'two three ');
    w.advance(1_000);
    w.module.control.otherProgram('AT+CIPRXGET=2,9,4');
    w.advance(2 * INTERVAL);
    expect(ended.values).toMatchObject([
      {
        by: 'lost',
        error: { code: 'LINK_CLOSED', message: expect.stringMatching(/another program has read/) },
      },
    ]);
  });

  test('ends with a reason when something was written to it', () => {
    const w = world();
    const { ended, arrived } = used(w);
    w.module.control.otherProgram('AT+CIPSEND=9,3\rabc');
    w.advance(2 * INTERVAL);
    expect(textOf(arrived.values)).toBe('first abc');
    expect(ended.values).toMatchObject([
      {
        by: 'lost',
        error: { code: 'LINK_CLOSED', message: expect.stringMatching(/another program writes/) },
      },
    ]);
  });

  test('ends with a reason when one to the same peer was opened in its place', () => {
    const w = world();
    const { ended, network } = used(w);
    w.module.control.otherProgram('AT+CIPCLOSE=9');
    w.module.control.otherProgram('AT+CIPOPEN=9,"TCP","example.com",80');
    w.advance(2 * INTERVAL);
    expect(ended.values).toMatchObject([
      { by: 'lost', error: { code: 'LINK_CLOSED', message: expect.stringMatching(/another connection/) } },
    ]);
    w.advance(2 * INTERVAL);
    expect([network.end, w.module.control.openLinks]).toEqual(['open', 0]);
  });
});

describe('a connection that no other program uses', () => {
  test.each(['buffer', 'hex', 'push'] as const)(
    'goes on, paused and with bytes that wait too (%s)',
    (receive) => {
      const w = world();
      const { socket, far, received, ended } = used(w, receive);
      for (let round = 0; round < 20; round++) {
        if (round % 3 === 0) socket.last.pause();
        else socket.last.resume();
        write(far, 'x'.repeat(700));
        write(socket.last, 'y'.repeat(300));
        w.advance(INTERVAL / 3);
      }
      socket.last.resume();
      w.advance(INTERVAL);
      expect([ended.values, textOf(received.values).length]).toEqual([[], 4 + 20 * 700]);
    },
  );

  test.each([/^\+CIPACK/, /^\+CIPRXGET: 4/])('is not ended by one answer that is damaged: %s', (line) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const w = world({ faults: { seed } });
      const { ended } = used(w);
      w.module.control.faults.next('damagedLine', { line });
      w.advance(3 * INTERVAL);
      expect([w.module.control.faults.counts.damagedLine, ended.values]).toEqual([1, []]);
    }
  });

  test('goes on where the firmware does not count', () => {
    const w = world({ behaviours: [{ command: '+CIPACK', write: () => refuse() }] });
    const { ended } = used(w);
    w.advance(10 * INTERVAL);
    expect(ended.values).toEqual([]);
  });
});

describe('bytes that were pushed and did not come', () => {
  test('end their connection when the module counts them and pushes nothing more', () => {
    const w = world();
    const { far, ended } = used(w, 'push');
    w.module.control.faults.next('lostLine', { line: /^\+RECEIVE/ });
    write(far, 'lost');
    w.advance(2 * INTERVAL);
    expect(ended.values).toMatchObject([{ by: 'lost', error: { code: 'FRAMING_LOST' } }]);
  });
});

describe('reports that another program has sent to another port (AT+CATR=2)', () => {
  test('come back within two intervals', () => {
    const w = world();
    const { network, socket, far } = connected(w);
    const received = observe(socket.last.received$);
    const found = observe(network.modem.last.discrepancies$);
    w.module.control.otherProgram('AT+CATR=2');
    write(far, 'here');
    w.advance(2 * INTERVAL);
    expect([textOf(received.values), network.end]).toEqual(['here', 'open']);
    expect(found.values).toEqual([{ kind: 'setting', name: 'AT+CATR', action: 'set again' }]);
  });

  test('and what was pushed meanwhile are lost: the network ends', () => {
    const w = world();
    const { network, far } = connected(w, { receive: 'push' });
    w.module.control.otherProgram('AT+CATR=2');
    write(far, 'lost');
    w.advance(2 * INTERVAL);
    expect(errorOf(network)).toMatchObject({
      code: 'NETWORK_CHANGED',
      message: expect.stringMatching(/AT\+CATR/),
    });
  });

  test('before the modem is opened come back before the network is', () => {
    const w = world();
    w.module.control.otherProgram('AT+CATR=2');
    const { socket, far } = connected(w, { receive: 'push' });
    const received = observe(socket.last.received$);
    write(far, 'here');
    w.advance(100);
    expect(textOf(received.values)).toBe('here');
  });

  test('by the user are not sent there', () => {
    const w = world();
    const { modem: opened } = openNetwork(w);
    const from = w.commands.length;
    expect(errorOf(observe(opened.last.raw('AT+CATR=2')))?.code).toBe('INVALID_ARGUMENT');
    expect(commandsSince(w, from)).toEqual([]);
  });
});

describe('two programs that were both opened as the only one', () => {
  test('are told, and do not fight for ever', () => {
    const mistakes: string[] = [];
    const w = world({ ports: ['at', 'at'] }, { onMistake: (message) => mistakes.push(message) });
    const { network } = listening(w);
    const found = observe(network.modem.last.discrepancies$);
    const [, second] = w.module.ports;
    const other = observe(modem(second as World['module'], { scheduler: w.scheduler, onMistake: undefined }));
    w.advance(2_000);
    const otherNetwork = observe(other.last.network());
    w.advance(1_000);
    observe(otherNetwork.last.listen({ port: 8 }));
    w.advance(HOURS * 60 * INTERVAL);
    const changes = found.values.filter(
      (each) => each.kind === 'server gone' && each.action === 'started again',
    );
    expect(changes.length).toBeLessThan(15);
    expect(found.values.filter(({ kind }) => kind === 'another program').length).toBeGreaterThan(2);
    expect(mistakes[0]).toMatch(/exclusive: false/);
  });

  test.each([false, true])(
    'or one of them, the other %s: a server gets an index that is free',
    (exclusive) => {
      const w = world({ ports: ['at', 'at'] }, { exclusive });
      const { clients, network } = listening(w);
      const [, second] = w.module.ports;
      const other = observe(modem(second as World['module'], { scheduler: w.scheduler, exclusive: false }));
      w.advance(2_000);
      const otherNetwork = observe(other.last.network());
      w.advance(1_000);
      const otherClients = observe(otherNetwork.last.listen({ port: 8 }));
      w.advance(1_000);
      observe(w.module.control.callIn(8, { host: '10.0.0.1', port: 50_000 }));
      w.advance(100);
      expect(otherClients.values.map(({ remote }) => remote.port)).toEqual([50_000]);
      if (exclusive) return;
      w.advance(3 * INTERVAL);
      expect([clients.end, otherClients.end, network.end]).toEqual(['open', 'open', 'open']);
      expect(w.module.control.openServers).toBe(2);
    },
  );

  test('of which one has the link that this one opens: another number is taken then', () => {
    const w = world({}, { exclusive: false });
    const network = openNetwork(w);
    observe(w.outside.serve('10.3.0.1', 80));
    w.module.control.otherProgram('AT+CIPOPEN=9,"TCP","10.3.0.1",80');
    w.module.control.otherProgram('AT+CIPOPEN=8,"TCP","10.3.0.1",80');
    w.advance(100);
    const socket = observe(network.last.connect({ host: '10.3.0.1', port: 80 }));
    w.advance(1_000);
    expect([socket.last.link, w.module.control.openLinks]).toEqual([7, 3]);
  });
});
