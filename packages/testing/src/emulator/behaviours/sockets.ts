import { NetworkError, type NetworkFailure } from '../../networks/network.js';
import type { Behaviour } from '../behaviour.js';
import { cipError, ipError } from '../ip-error.js';
import type { Link } from '../link.js';
import type { Module } from '../module.js';
import { ok, okThen, type Reply, refuse } from '../reply.js';
import { number } from '../values.js';

/** The most bytes of one send, one read and one push unit. */
const MAX_PIECE = 1500;

/** `<err>` of a failed connect (application note, 4.1, second table). */
const CONNECT_ERRORS: Readonly<Record<NetworkFailure, number>> = {
  refused: 1,
  unreachable: 1,
  reset: 1,
  timeout: 10,
  'unknown-host': 11,
  'port-in-use': 6,
};

export const sockets: readonly Behaviour[] = [
  {
    command: '+CIPOPEN',
    test: () => ok('+CIPOPEN: (0-9),("TCP","UDP","UDP SERVER")'),
    read: (_, { links }) => ok(...links.map(listing)),
    write: ({ values }, module) => open(values, module),
  },
  {
    command: '+CIPSEND',
    test: () => ok('+CIPSEND: (0-9),(1-1500)'),
    write: ({ values }, module) => send(values, module),
  },
  {
    command: '+CIPRXGET',
    test: () => ok('+CIPRXGET: (0-5),(0-9),(1-1500)'),
    read: (_, { settings }) => ok(`+CIPRXGET: ${settings.buffered ? 1 : 0}`),
    write: ({ values }, module) => receive(values, module),
  },
  {
    command: '+CIPCLOSE',
    test: () => ok('+CIPCLOSE: (0-9)'),
    read: (_, { links }) => ok(`+CIPCLOSE: ${links.map(({ state }) => (state === 'open' ? 1 : 0)).join()}`),
    write: ({ values: [value] }, module) => {
      const link = linkOf(value, module);
      if (link === undefined) return ipError('Invalid parameter');
      if (module.service !== 'open') return refuse(`+CIPCLOSE: ${link.number},2`);
      if (link.state !== 'open') return refuse(`+CIPCLOSE: ${link.number},4`);
      return okThen(() => {
        link.close();
        module.report(`+CIPCLOSE: ${link.number},0`);
        module.linkFreed();
      });
    },
  },
];

function linkOf(value: string | undefined, { links }: Module): Link | undefined {
  const index = number(value, 0, links.length - 1);
  return index === undefined ? undefined : links[index];
}

function listing({ number, state, remote, server }: Link): string {
  if (state !== 'open') return `+CIPOPEN: ${number}`;
  return `+CIPOPEN: ${number},"TCP","${remote.host}",${remote.port},${server}`;
}

function open([linkValue, type, host = '', portValue]: readonly string[], module: Module): Reply {
  const link = linkOf(linkValue, module);
  if (link === undefined) return ipError('Invalid parameter');
  const failed = (err: number) => `+CIPOPEN: ${link.number},${err}`;
  const port = number(portValue, 1, 65_535);
  if (module.service !== 'open') return refuse(failed(2));
  if (type !== 'TCP' || host === '' || port === undefined) return refuse(failed(3));
  if (link.state !== 'free') return refuse(failed(4));
  return okThen(() => {
    const work = link.open(-1, { host, port });
    work.add(
      module.network.connect({ host, port }).subscribe({
        next: (connection) => {
          module.report(failed(0));
          link.connected(connection);
        },
        error: (error: unknown) => {
          link.drop();
          module.report(failed(error instanceof NetworkError ? CONNECT_ERRORS[error.failure] : 1));
          module.linkFreed();
        },
      }),
    );
  });
}

function send([linkValue, lengthValue]: readonly string[], module: Module): Reply {
  const link = linkOf(linkValue, module);
  const length = number(lengthValue, 1, MAX_PIECE);
  if (module.service !== 'open') return cipError(2);
  if (link === undefined || length === undefined) return cipError(3);
  if (link.state !== 'open') return cipError(4);
  return {
    prompt: length,
    take: (payload) => {
      const alive = link.state === 'open';
      const taken = alive ? link.room(payload.length) : -1;
      if (taken > 0) link.send(payload.subarray(0, taken));
      return okThen(() => module.report(`+CIPSEND: ${link.number},${length},${taken}`));
    },
  };
}

function receive([mode, linkValue, maxValue]: readonly string[], module: Module): Reply {
  if (mode === '0' || mode === '1') {
    module.settings.buffered = mode === '1';
    return mode === '0' ? okThen(() => dump(module)) : ok();
  }
  const link = linkOf(linkValue, module);
  const hex = mode === '3';
  const most = hex ? MAX_PIECE / 2 : MAX_PIECE;
  const max = maxValue === undefined ? most : number(maxValue, 1, most);
  if (link === undefined || max === undefined) return ipError('Invalid parameter');
  if (mode === '4') return ok(`+CIPRXGET: 4,${link.number},${link.received.length}`);
  if (mode !== '2' && !hex) return ipError('Invalid parameter');
  if (link.received.length === 0) return ipError('No data');
  const bytes = link.read(max);
  const header = `+CIPRXGET: ${mode},${link.number},${bytes.length},${link.received.length}`;
  return ok(header, hex ? hexText(bytes) : bytes);
}

/** Back to direct push: what is buffered is pushed (AT command manual, CIPRXGET). */
function dump(module: Module): void {
  for (const link of module.links) {
    if (link.received.length > 0) module.push(link, link.read(link.received.length));
  }
}

function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
}
