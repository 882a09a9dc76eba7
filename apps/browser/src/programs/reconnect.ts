import { keepOnline } from '@a7600/tcpip';
import { reconnect } from '@a7600/transport';
import { map, merge, switchMap, tap, timer } from 'rxjs';
import { port, print } from './playground.js';

/** Sends a number each second, and connects again after every loss. Try the faults. */
export const program = keepOnline(port, { onStatus: ({ state }) => print(`The network is ${state}.`) }).pipe(
  switchMap((net) => net.connect({ host: 'echo.example', port: 7 }).pipe(reconnect({ firstDelay: 1_000 }))),
  switchMap((socket) =>
    merge(timer(0, 1_000).pipe(switchMap((count) => socket.write(`${count}\n`))), socket.received$),
  ),
  map((bytes) => new TextDecoder().decode(bytes).trim()),
  tap((number) => print(`${number} came back.`)),
);
