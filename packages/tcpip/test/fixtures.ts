import { type Behaviour, ok } from '@a7600/testing';
import type { SerialLink } from '@a7600/transport';
import { defer, EMPTY, map, type Observable, of } from 'rxjs';
import { expect } from 'vitest';
import type { NetworkOptions } from '../src/network/options.js';
import type { TcpSocket } from '../src/sockets/tcp-socket.js';
import { type Observed, observe, openNetwork, textOf, type World, write } from './world.js';

type OpenNetwork = ReturnType<typeof openNetwork>;

/** A module that is listening on port 7, and what it accepts. */
export function listening(
  w: World,
  options?: NetworkOptions,
): { network: OpenNetwork; clients: Observed<TcpSocket> } {
  const network = openNetwork(w, options);
  const clients = observe(network.last.listen({ port: 7 }));
  w.advance(10);
  return { network, clients };
}

/** A remote client that is connected to port 7, and what it receives. */
export function caller(w: World) {
  const link = observe(w.outside.callIn(7)).last;
  return Object.assign(observe(link.received$), { link });
}

/** A socket in an open network, the remote server that it is connected to, and what that receives. */
export function connection(w: World, network: OpenNetwork, host = 'example.com') {
  const accepted = observe(w.outside.serve(host, 80));
  const socket = observe(network.last.connect({ host, port: 80 }));
  w.advance(10);
  return { socket, far: accepted.last, arrived: observe(accepted.last.received$) };
}

/** The same in a network that is opened for it. */
export function connected(w: World, options?: NetworkOptions) {
  const network = openNetwork(w, options);
  return { network, ...connection(w, network) };
}

/** The lines that the module has printed from the `from`th trace entry on, without blocks of data. */
export function linesSince(w: World, from: number): string[] {
  return w.trace
    .slice(from)
    .flatMap((entry) => (entry.kind === 'received' && 'text' in entry.event ? [entry.event.text] : []));
}

/** Does something whenever the module has read a command of that form, before it answers. */
export function upon({ module: { control } }: World, form: RegExp, act: () => void): void {
  control.events$.subscribe((event) => {
    if (event.kind === 'command' && form.test(event.text)) act();
  });
}

/** That many bytes which tell their place. */
export function long(count: number): string {
  return Array.from({ length: count }, (_, at) => String.fromCharCode(97 + (at % 25))).join('');
}

/** The socket and its far end carry what they are given, both ways, and it takes no more than a second. */
export function expectTalk(w: World, { socket, far, arrived }: ReturnType<typeof connection>): void {
  const received = observe(socket.last.received$);
  const before = textOf(arrived.values);
  write(socket.last, long(4_000));
  write(far, long(5_000));
  w.advance(1_000);
  expect(textOf(arrived.values)).toBe(before + long(4_000));
  expect(textOf(received.values)).toBe(long(5_000));
  received.unsubscribe();
}

/** A module that cannot be kept from echoing, as a behaviour. */
export const ECHOING: Behaviour = { command: 'E', write: () => ok() };

/** The emulated port as one that has lines and a rate to set, as a real one has. */
export function serialPort({ module }: World): Observable<SerialLink> {
  const { control } = module;
  const doing = (work: () => void) =>
    defer(() => {
      work();
      return EMPTY;
    });
  return module.pipe(
    map((link) => ({
      ...link,
      baudRate: 115_200,
      setBaudRate: (baudRate) => doing(() => control.setHostFormat({ baudRate })),
      setLines: ({ dtr }) =>
        doing(() => {
          control.dtr = dtr ?? control.dtr;
        }),
      lines: () => defer(() => of({ cts: true, dsr: true, dcd: control.dcd })),
      drain: () => EMPTY,
    })),
  );
}
