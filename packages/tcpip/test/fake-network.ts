import { EMPTY, finalize, NEVER, Observable, of } from 'rxjs';
import type { ModemLink, ModemNetwork } from '../src/node/modem-network.js';

/** A network whose connections are made by `connect`. */
export function fakeNetwork(connect: () => ModemLink): ModemNetwork {
  return {
    address: '10.0.0.2',
    receive: 'buffer',
    links$: of([]),
    connect: ({ onReleased }) =>
      new Observable<ModemLink>((subscriber) => subscriber.next(connect())).pipe(
        finalize(() => onReleased?.()),
      ),
    listen: () => NEVER,
    bind: () => NEVER,
    resolve: () => EMPTY,
  };
}
