import { AtError, CommandErrorNumber, type ServerState } from '@a7600/at-codec';
import { defer, of, throwError } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { virtualTime } from '../../../testing/test/virtual-time.js';
import { laneOfTest } from '../../test/link-rig.js';
import { errorOf, observe } from '../../test/world.js';
import { ModemError } from '../base/errors.js';
import { Lifetime } from '../base/lifetime.js';
import { commandsOf } from '../session/command-line.js';
import { Foreign } from '../session/foreign.js';
import type { Session } from '../session/session.js';
import type { Discrepancy } from '../watch/discrepancy.js';
import { Servers } from './servers.js';
import { startServer } from './start-server.js';
import { stopServer } from './stop-server.js';

/** A session whose module is the test: it sees each command and answers it. */
function rig() {
  const { scheduler, advance } = virtualTime();
  const { run, asked, answer, refuse } = laneOfTest();
  const reports: Discrepancy[] = [];
  const session = {
    scheduler,
    lane: { run },
    exclusive: true,
    foreign: new Foreign(),
    mayEnd: (): boolean => session.exclusive,
    report: (discrepancy: Discrepancy) => reports.push(discrepancy),
  };
  const servers = new Servers(session as unknown as Session);
  const lifetime = () => Lifetime.root(scheduler);
  return { asked, reports, session, answer, refuse, advance, servers, lifetime };
}

let { asked, reports, session, answer, refuse, advance, servers, lifetime } = rig();
const listed = (...indexes: readonly number[]): ServerState[] =>
  indexes.map((server) => ({ server, port: 70 + server }));
const listening = (server: number, start: () => unknown, onFailed: (error: unknown) => void = () => {}) => ({
  port: 70 + server,
  start$: defer(() => of(start())),
  onFailed,
});
const asSession = (started: typeof session) => started as unknown as Session;
const refused = () => new AtError('REFUSED', 'ERROR');
const unanswered = () => new ModemError('TIMEOUT', 'late');
const socketError = (number: number) => new AtError('SOCKET_ERROR', 'refused', { number });

beforeEach(() => {
  ({ asked, reports, session, answer, refuse, advance, servers, lifetime } = rig());
});

describe('the four servers of the module (application note, 1.6)', () => {
  test('are taken from the lowest free index on', () => {
    expect([servers.claim(lifetime(), 0), servers.claim(lifetime(), 0)]).toEqual([0, 1]);
    servers.delete(0);
    expect([servers.claim(lifetime(), 0), servers.size]).toEqual([0, 2]);
  });

  test.each([
    [0, 4],
    [1, 3],
  ])('from %i on are %i, and the next is refused with what to do', (first, count) => {
    const claim = () => servers.claim(lifetime(), first);
    const indexes = Array.from({ length: count }, claim);
    expect(indexes).toEqual([0, 1, 2, 3].slice(first));
    const message = `The module has ${count} servers and all are listening. Unsubscribe from one first.`;
    expect(claim).toThrow(expect.objectContaining({ code: 'CAPACITY', message }));
  });

  test('are waited for only while all listen and one is being stopped', () => {
    const held = Array.from({ length: 3 }, lifetime);
    for (const each of held) servers.claim(each, 0);
    held[0]?.release();
    expect(observe(servers.whenFree()).end).toBe('complete');
    servers.claim(lifetime(), 0);
    const waiting = observe(servers.whenFree());
    expect(waiting.end).toBe('open');
    servers.delete(0);
    expect(waiting.end).toBe('complete');
    servers.claim(lifetime(), 0);
    expect(observe(servers.whenFree()).end).toBe('complete');
  });
});

describe('what the module lists (AT+SERVERSTART?)', () => {
  const confirm = (...indexes: readonly number[]) => {
    const confirmed = observe(servers.confirm());
    answer(listed(...indexes));
    // What is otherwise than expected is asked for twice.
    answer(listed(...indexes));
    return confirmed;
  };

  test('a server that is not listed any more is told so, if it has listened', () => {
    const gone: string[] = [];
    for (const name of ['zero', 'one', 'two']) {
      const server = servers.claim(lifetime(), 0);
      if (name !== 'two')
        servers.listening(
          server,
          listening(server, () => gone.push(name)),
        );
    }
    expect(confirm(0).end).toBe('complete');
    expect([gone, reports]).toEqual([['one'], [{ kind: 'server gone', server: 1, action: 'started again' }]]);
  });

  describe('on another port', () => {
    const started: string[] = [];
    const failed: unknown[] = [];
    const other = [{ server: 0, port: 8080 }];
    beforeEach(() => {
      started.length = failed.length = 0;
      const add = () => started.push('again');
      servers.listening(
        servers.claim(lifetime(), 0),
        listening(0, add, (error) => failed.push(error)),
      );
      observe(servers.confirm());
      answer(other);
    });

    test('is believed when it is listed twice: the other one is stopped, ours started again', () => {
      expect([asked.length, started]).toEqual([2, []]);
      answer(other);
      expect(asked[2]).toBe('AT+SERVERSTOP=0');
      answer();
      expect([started, failed]).toEqual([['again'], []]);
      expect(reports).toEqual([{ kind: 'server gone', server: 0, action: 'started again' }]);
    });

    test('is not believed when only one line says so', () => {
      answer(listed(0));
      expect([asked.length, started, failed]).toEqual([2, [], []]);
    });

    test('is left to its program where the modem is shared: ours ends, and does not stop it', () => {
      session.exclusive = false;
      answer(other);
      const message =
        'The server on port 70 does not listen any more: another program has started one on port 8080 in its ' +
        'place (server 0), and the modem is shared. Stop that one, then listen again.';
      expect(failed).toEqual([
        expect.objectContaining({ code: 'PORT_IN_USE', message, command: 'AT+SERVERSTART' }),
      ]);
      observe(servers.stop(0));
      expect([asked.length, started]).toEqual([2, []]);
    });
  });

  test('one that is gone is started again on a shared modem too, but not while it is being given up', () => {
    session.exclusive = false;
    const started: number[] = [];
    const owner = lifetime();
    const server = servers.claim(owner, 0);
    servers.listening(
      server,
      listening(server, () => started.push(server)),
    );
    confirm();
    expect(started).toEqual([0]);
    owner.release();
    confirm();
    expect(started).toEqual([0]);
  });

  test.each([
    [socketError(CommandErrorNumber.SERVER_IN_USE), 0],
    [socketError(6), 1],
  ])('one that cannot be started again ends, unless it listens after all: %s', (error, count) => {
    const failed: unknown[] = [];
    servers.listening(servers.claim(lifetime(), 0), {
      port: 70,
      start$: throwError(() => error),
      onFailed: (why) => failed.push(why),
    });
    confirm();
    expect(failed).toEqual(Array(count).fill(error));
  });

  test('one that is not known can be stopped', () => {
    observe(servers.stop(3));
    expect(asked).toEqual(['AT+SERVERSTOP=3']);
  });

  test('one that was given up or taken again while the module was asked is not told', () => {
    const gone: string[] = [];
    for (const name of ['zero', 'one']) {
      const server = servers.claim(lifetime(), 0);
      servers.listening(
        server,
        listening(server, () => gone.push(name)),
      );
    }
    observe(servers.confirm());
    servers.delete(0);
    servers.delete(1);
    servers.listening(
      servers.claim(lifetime(), 0),
      listening(0, () => gone.push('new')),
    );
    answer([]);
    answer([]);
    expect(gone).toEqual([]);
  });

  test('one that has been given up is not known to listen', () => {
    servers.listening(
      2,
      listening(2, () => {}),
    );
    expect(servers.size).toBe(0);
  });

  test('one that nothing here has started is stopped, and that reported', () => {
    servers.claim(lifetime(), 0);
    confirm(0, 2);
    expect(reports).toEqual([{ kind: 'unknown server', server: 2, port: 72, action: 'stopped' }]);
    expect(asked).toEqual(['AT+SERVERSTART?', 'AT+SERVERSTOP=2']);
  });

  test.each(['on a module that other programs use too', 'that the user started'])(
    'one %s is left alone',
    (whose) => {
      if (whose === 'that the user started') session.foreign.note(commandsOf('AT+SERVERSTART=72,2'));
      else session.exclusive = false;
      confirm(2);
      expect(reports).toEqual([{ kind: 'unknown server', server: 2, port: 72, action: 'left alone' }]);
      expect(asked).toEqual(['AT+SERVERSTART?']);
    },
  );

  test('one that is started, or given up, while the module is asked is no stranger', () => {
    servers.claim(lifetime(), 0);
    observe(servers.confirm());
    servers.claim(lifetime(), 0);
    servers.delete(0);
    answer(listed(0, 1));
    expect([reports, asked]).toEqual([[], ['AT+SERVERSTART?']]);
  });

  test('the question is asked again when its answer gets lost', () => {
    const confirmed = observe(servers.confirm());
    refuse(unanswered());
    answer([]);
    expect([asked, confirmed.end]).toEqual([['AT+SERVERSTART?', 'AT+SERVERSTART?'], 'complete']);
  });
});

describe('a server that is started', () => {
  const start = () => observe(startServer(asSession(session), { port: 7, server: 1, backlog: undefined }));

  test('listens when the module lists it', () => {
    const started = start();
    answer();
    expect(started.end).toBe('open');
    answer(listed(0, 1));
    expect([started.end, asked]).toEqual(['complete', ['AT+SERVERSTART=7,1', 'AT+SERVERSTART?']]);
  });

  test.each<[string, () => Error]>([
    ['is refused without a reason', refused],
    ['is not answered', unanswered],
  ])('and %s listens when the module lists it', (_, error) => {
    const started = start();
    refuse(error());
    answer(listed(1));
    expect(started.end).toBe('complete');
  });

  test('and is not listed is started three times, then reported', () => {
    const started = start();
    for (let attempt = 0; attempt < 3; attempt++) {
      answer();
      answer(listed(0));
    }
    expect(asked).toHaveLength(6);
    expect(errorOf(started)).toMatchObject({
      code: 'NOT_READY',
      message: 'The module says that it has started server 1, and does not list it (AT+SERVERSTART?).',
      command: 'AT+SERVERSTART',
    });
  });

  test('and refused three times without a reason fails with that', () => {
    const started = start();
    const error = refused();
    for (let attempt = 0; attempt < 3; attempt++) {
      refuse(error);
      answer([]);
    }
    expect([started.end, asked.length]).toEqual([{ error }, 6]);
  });

  test('and refused with a reason fails at once', () => {
    const started = start();
    const error = socketError(6);
    refuse(error);
    expect([started.end, asked]).toEqual([{ error }, ['AT+SERVERSTART=7,1']]);
  });

  test('and said to be in use is another’s at first, and its own in a later attempt', () => {
    const inUse = socketError(CommandErrorNumber.SERVER_IN_USE);
    const first = start();
    refuse(inUse);
    expect(first.end).toEqual({ error: inUse });
    const second = start();
    answer();
    answer([]);
    refuse(inUse);
    answer(listed(1));
    expect(second.end).toBe('complete');
  });

  test('counts as started where the firmware refuses twice to list', () => {
    const started = start();
    answer();
    refuse(refused());
    expect(started.end).toBe('open');
    refuse(refused());
    expect(started.end).toBe('complete');
  });

  test('and refused where the firmware does not list is started again, then fails', () => {
    const started = start();
    const error = refused();
    for (let attempt = 0; attempt < 3; attempt++) {
      refuse(error);
      refuse(refused());
      refuse(refused());
    }
    expect(started.end).toEqual({ error });
  });

  test('is started again when the list is not answered', () => {
    const started = start();
    answer();
    refuse(unanswered());
    expect(asked).toEqual(['AT+SERVERSTART=7,1', 'AT+SERVERSTART?', 'AT+SERVERSTART=7,1']);
    answer();
    answer(listed(1));
    expect(started.end).toBe('complete');
  });

  test('fails when the list fails otherwise', () => {
    const started = start();
    answer();
    const error = new ModemError('NETWORK_LOST', 'gone');
    refuse(error);
    expect(started.end).toEqual({ error });
  });
});

describe('a server that is stopped', () => {
  test.each<[string, () => Error]>([
    ['has clients', () => socketError(CommandErrorNumber.CLIENTS_CONNECTED)],
    ['does not answer', unanswered],
  ])('and %s is stopped again every 200 ms, five times, then left', (_, error) => {
    const stopped = observe(stopServer(asSession(session), 1));
    for (let attempt = 1; attempt <= 5; attempt++) {
      refuse(error());
      advance(199);
      expect(asked).toHaveLength(attempt);
      advance(1);
      expect(asked).toHaveLength(attempt + 1);
    }
    refuse(error());
    expect([stopped.end, asked]).toEqual(['complete', Array(6).fill('AT+SERVERSTOP=1')]);
  });

  test('and refused otherwise is left', () => {
    const stopped = observe(stopServer(asSession(session), 1));
    refuse(refused());
    expect([stopped.end, stopped.values, asked.length]).toEqual(['complete', [], 1]);
  });
});
