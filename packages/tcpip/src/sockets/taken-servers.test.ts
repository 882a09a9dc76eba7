import { AtError, CommandErrorNumber, type ServerState } from '@a7600/at-codec';
import { defer, of } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { socketRig } from '../../test/socket-rig.js';
import { errorOf, observe } from '../../test/world.js';
import { Lifetime } from '../base/lifetime.js';
import { listen } from './listen.js';
import { Servers } from './servers.js';

let rig = socketRig();
let servers: Servers;
beforeEach(() => {
  rig = socketRig();
  servers = new Servers(rig.session);
});
const share = () => Object.assign(rig.session, { exclusive: false });
const claim = () => servers.claim(Lifetime.root(rig.scheduler), 0);
/** The module lists these indexes, each on its usual port, unless it is on that one. */
const listed = (indexes: readonly number[], port?: number): ServerState[] =>
  indexes.map((server) => ({ server, port: port ?? 70 + server }));
/** Asks for the servers; what is otherwise than expected is asked for twice. */
function confirm(states: readonly ServerState[]) {
  observe(servers.confirm());
  rig.answer(states);
  rig.answer(states);
}
/** A server that listens on its usual port; it notes what happens to it. */
function serving(notes: unknown[] = []) {
  const server = claim();
  servers.listening(server, {
    port: 70 + server,
    start$: defer(() => of(notes.push('started'))),
    onFailed: (error) => notes.push(error),
  });
  return notes;
}

describe('an index that another program has', () => {
  test('is not taken while the module lists a server there', () => {
    share();
    servers.leave(0);
    confirm(listed([0, 1]));
    expect([claim(), claim()]).toEqual([1, 2]);
  });

  test('is taken when the module lists none there', () => {
    share();
    servers.leave(0);
    servers.leave(1);
    confirm(listed([1]));
    expect([claim(), claim()]).toEqual([0, 2]);
  });

  const inUse = () => new AtError('SOCKET_ERROR', 'refused', { number: CommandErrorNumber.SERVER_IN_USE });
  const refusal = (error: Error) => {
    const clients = observe(listen(rig.scope({ servers }), { port: 7 }));
    rig.refuse(error);
    // What was taken is given back in a turn of its own.
    rig.advance(0);
    return { clients, asked: rig.asked.filter((text) => text.startsWith('AT+SERVERSTART=')) };
  };

  test('is found when the module refuses to start a server there: the next one is taken', () => {
    share();
    const { clients, asked } = refusal(inUse());
    expect([asked, clients.end]).toEqual([['AT+SERVERSTART=7,0', 'AT+SERVERSTART=7,1'], 'open']);
    expect(claim()).toBe(2);
  });

  test('is a fault where this program is the only one, and is told', () => {
    const error = inUse();
    const { clients, asked } = refusal(error);
    expect([asked, errorOf(clients)]).toEqual([['AT+SERVERSTART=7,0'], error]);
  });

  test('is not the reason when the module refuses otherwise', () => {
    share();
    const error = new AtError('SOCKET_ERROR', 'refused', { number: 6 });
    const { clients, asked } = refusal(error);
    expect([asked, errorOf(clients)]).toEqual([['AT+SERVERSTART=7,0'], error]);
  });
});

describe('a server whose index another program takes again and again, though this one was to be the only one', () => {
  const taken = listed([0], 8_080);
  const gone = (action: string) => ({ kind: 'server gone', server: 0, action });
  const fighting = (isFight: boolean) => Object.assign(rig.session, { mayEnd: () => !isFight });

  test('is left for now, which is told once, and does not stop the other one', () => {
    fighting(true);
    const notes = serving();
    confirm(taken);
    confirm(taken);
    expect([notes, rig.reports]).toEqual([[], [gone('left alone')]]);
    const before = rig.asked.length;
    observe(servers.stop(0));
    expect(rig.asked.slice(before)).toEqual([]);
  });

  test('is started again after a while, and then is its own', () => {
    fighting(true);
    const notes = serving();
    confirm(taken);
    fighting(false);
    confirm(taken);
    expect(rig.asked.at(-1)).toBe('AT+SERVERSTOP=0');
    rig.answer();
    expect([notes, rig.reports]).toEqual([['started'], [gone('left alone'), gone('started again')]]);
    const before = rig.asked.length;
    observe(servers.stop(0));
    expect(rig.asked.slice(before)).toEqual(['AT+SERVERSTOP=0']);
  });
});

test('servers that all listen as expected are asked for once', () => {
  serving();
  serving();
  observe(servers.confirm());
  rig.answer(listed([0, 1]));
  expect(rig.asked).toEqual(['AT+SERVERSTART?']);
});
