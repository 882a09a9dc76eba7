import { Observable, Subscription } from 'rxjs';
import type { Behaviour } from '../at/behaviour.js';
import { ok, okThen, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import { Server } from '../sockets/server.js';
import { cipError, ERR } from './errors.js';

const LAST_SERVER = 3;
const MAX_BACKLOG = 3;

/** Listening servers (protocol 3.13, 3.14, 9.5). */
export const servers: readonly Behaviour[] = [
  {
    command: '+SERVERSTART',
    test: () => ok(`+SERVERSTART: (0-65535),(0-${LAST_SERVER})`),
    read: (_, { sockets }) => {
      if (!sockets.open) return cipError(ERR.networkClosed);
      const running = [...sockets.servers.values()].sort((a, b) => a.index - b.index);
      return ok(...running.map(({ index, port }) => `+SERVERSTART: ${index},${port}`));
    },
    write: ({ values }, module) => start(values, module),
  },
  {
    command: '+SERVERSTOP',
    test: () => ok(`+SERVERSTOP: (0-${LAST_SERVER})`),
    execute: (_, module) => stop('0', module),
    write: ({ values: [value = '0'] }, module) => stop(value, module),
  },
];

function start(values: readonly string[], module: Module): Reply | Observable<Reply> {
  const { sockets, profile } = module;
  const port = number(values[0], 0, 65_535);
  const index = number(values[1], 0, LAST_SERVER);
  const backlog = optional(values[2], 1, MAX_BACKLOG, MAX_BACKLOG);
  if (!sockets.open) return cipError(ERR.networkClosed);
  if (port === undefined || index === undefined || backlog === undefined || values.length > 3) {
    return cipError(ERR.wrongParameter);
  }
  if (sockets.servers.has(index)) return cipError(ERR.alreadyListening);
  if (sockets.transparent && index > 0 && profile.otherLinks === 'refused') return cipError(ERR.notSupported);

  return new Observable((subscriber) => {
    const server = new Server({
      index,
      port,
      startedOn: module.port,
      backlog,
      accept: (from, connection) => sockets.accept(from, connection),
    });
    const listening = new Subscription();
    let started = false;
    subscriber.add(() => {
      if (!started) listening.unsubscribe();
    });
    listening.add(
      module.network.listen(port).subscribe({
        next: ({ connections$ }) => {
          started = true;
          server.start(connections$, listening);
          sockets.serverStarted(server);
          subscriber.next(ok());
        },
        error: () => subscriber.next(cipError(ERR.bindFailed)),
      }),
    );
  });
}

function stop(value: string, module: Module): Reply {
  const { sockets, profile } = module;
  const index = value === '' ? 0 : number(value, 0, LAST_SERVER);
  if (index === undefined) return refuse(`+SERVERSTOP: ${value},${ERR.wrongParameter}`);
  const result = (err: number) => `+SERVERSTOP: ${index},${err}`;
  const server = sockets.servers.get(index);
  if (server === undefined) return refuse(result(ERR.notSupported));
  const clients = sockets.links.filter((link) => server.has(link));
  if (clients.length > 0 && profile.stopsWithClients === 'refused') return refuse(result(ERR.socketsOpened));
  for (const client of clients) client.close();
  sockets.stopServer(server);
  if (profile.stopOrder === 'result first') return ok(result(ERR.ok));
  return okThen(() => module.conclude(result(ERR.ok)));
}
