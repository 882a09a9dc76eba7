import { linkPair, type PairEnd } from '@a7600/transport';
import { Observable } from 'rxjs';
import { type Connection, type Endpoint, NetworkError } from '../networks/network.js';
import type { Module } from './module.js';

/** Where a client is that calls in without saying so. */
const SOMEWHERE: Endpoint = { host: '10.0.0.1', port: 50_000 };

/** Connects to a server of the module from outside, as `callIn` of its control handle says. */
export function callIn(
  { sockets, network }: Module,
  port: number,
  from: Endpoint = SOMEWHERE,
): Observable<Connection> {
  return new Observable((subscriber) => {
    const server = [...sockets.servers.values()].find((candidate) => candidate.port === port);
    if (server === undefined) {
      subscriber.error(new NetworkError('refused', `The module does not listen on port ${port}.`));
      return;
    }
    const [near, far] = linkPair();
    server.offer(connection(far, from));
    subscriber.next(connection(near, { host: network.address, port }));
    subscriber.complete();
  });
}

function connection(end: PairEnd, remote: Endpoint): Connection {
  const { host, port } = remote;
  const reset = () =>
    end.lose(new NetworkError('reset', `The connection with ${host}:${port} was broken off.`));
  return { ...end, remote, reset };
}
