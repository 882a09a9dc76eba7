import { Observable, Subscription } from 'rxjs';
import type { Behaviour } from '../behaviour.js';
import { cipError } from '../ip-error.js';
import type { Module } from '../module.js';
import { ok, type Reply, refuse } from '../reply.js';
import { Server } from '../server.js';
import { number } from '../values.js';

const LAST_SERVER = 3;
const BACKLOG = 3;

export const servers: readonly Behaviour[] = [
  {
    command: '+SERVERSTART',
    test: () => ok('+SERVERSTART: (0-65535),(0-3)'),
    read: (_, module) => {
      if (module.service !== 'open') return cipError(2);
      return ok(...[...module.servers.values()].map(({ index, port }) => `+SERVERSTART: ${index},${port}`));
    },
    write: ({ values }, module) => start(values, module),
  },
  {
    command: '+SERVERSTOP',
    write: ({ values: [value] }, module) => {
      const index = value === undefined || value === '' ? 0 : number(value, 0, LAST_SERVER);
      if (index === undefined) return refuse(`+SERVERSTOP: ${value},3`);
      const server = module.servers.get(index);
      if (server === undefined) return refuse(`+SERVERSTOP: ${index},4`);
      if (module.links.some((link) => server.has(link))) return refuse(`+SERVERSTOP: ${index},9`);
      server.stop();
      module.servers.delete(index);
      return ok(`+SERVERSTOP: ${index},0`);
    },
  },
];

function start(values: readonly string[], module: Module): Reply | Observable<Reply> {
  const port = number(values[0], 0, 65_535);
  const index = number(values[1], 0, LAST_SERVER);
  const backlog = values[2] === undefined ? BACKLOG : number(values[2], 1, BACKLOG);
  if (module.service !== 'open') return cipError(2);
  if (port === undefined || index === undefined || backlog === undefined) return cipError(3);
  if (module.servers.has(index)) return cipError(7);

  return new Observable((subscriber) => {
    const server = new Server(index, port, backlog, (from, connection) => module.accept(from, connection));
    const listening = new Subscription();
    let started = false;
    subscriber.add(() => {
      if (!started) listening.unsubscribe();
    });
    listening.add(
      module.network.listen(port).subscribe({
        next: (listener) => {
          started = true;
          module.servers.set(index, server);
          server.start(listener, listening);
          subscriber.next(ok());
        },
        error: () => subscriber.next(cipError(6)),
      }),
    );
  });
}
