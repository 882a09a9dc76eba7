import { type EventEmitter, once } from 'node:events';
import { createServer, createSocket, type ModemSocket } from '@a7600/tcpip/node';
import { defer, first, switchMap } from 'rxjs';
import { online } from '../connection/network.js';
import { UsageError } from '../exit-code.js';
import { identityIn } from '../netcat/certificates.js';
import { relayDatagrams } from '../netcat/datagrams.js';
import { holdOption } from '../netcat/hold-option.js';
import { relay } from '../netcat/relay.js';
import { type Identity, securedServer } from '../netcat/tls.js';
import { task } from '../running/task.js';
import { writableOf } from '../running/writable.js';
import type { Subcommand } from '../subcommand.js';
import { listenError } from '../tunnel/listen-error.js';
import { peerError } from '../tunnel/peer-error.js';
import { portOf } from './connect.js';

/** Seconds of silence after the end of the input: the client waits for the end of the connection. */
const HOLD = '1';

/** Joins standard input and output with the first client of a port of the module, as `netcat -l` does. */
export const listen: Subcommand = {
  notes: `Examples:
  a7600 listen 7000 > received
  a7600 listen --udp 5000

Everybody who reaches the address of the module can connect; most providers admit no connection from outside.`,
  connects: true,
  define: (command) =>
    command
      .argument('<port>', 'port of the module')
      .option('--udp', 'wait for datagrams; the first one says where the input is sent')
      .option('--tls', 'encrypt, with --cert and --key')
      .option('--cert <file>', 'certificate, as PEM')
      .option('--key <file>', 'its key, as PEM')
      .addOption(holdOption(HOLD)),
  run: ({ args, options, connection, console, input }) =>
    defer(() => {
      const { udp = false, hold } = options as unknown as Options;
      const port = portOf(args[0]);
      const identity = identityOf(options as unknown as Options);
      const output = writableOf(console.output);
      // Only then does the module say who sent a datagram.
      return online(connection, udp ? { network: { receive: 'push' } } : {}).pipe(
        switchMap(({ network }) =>
          task(async (signal) => {
            const where = `${network.address}:${port}`;
            if (udp) {
              const socket = createSocket(network).bind(port);
              await listening(socket, port, signal);
              console.tell(`Waiting for datagrams on ${where}.`);
              await relayDatagrams(input, output, socket, { to: undefined, hold, signal });
              return;
            }
            const server = createServer(network, { halfCloseTimeout: hold, pauseOnConnect: true });
            server.maxConnections = 1;
            server.listen(port);
            await listening(server, port, signal);
            console.tell(`Listening on ${where}.`);
            const [client] = (await once(server, 'connection', { signal })) as [ModemSocket];
            server.close();
            console.tell(`${client.remoteAddress}:${client.remotePort} has connected.`);
            const joined = identity === undefined ? client : await securedServer(client, identity);
            const { remoteAddress: peer = '', remotePort = 0 } = client;
            await relay(input, output, joined, hold, signal).catch((error: unknown) => {
              throw peerError(error, { host: peer, port: remotePort });
            });
          }),
        ),
        first(),
      );
    }),
};

/** Resolves once a socket or server of the module is bound; rejects with the reason in words. */
async function listening(server: EventEmitter, port: number, signal: AbortSignal): Promise<void> {
  try {
    await once(server, 'listening', { signal });
  } catch (error) {
    throw listenError(error, port);
  }
}

interface Options {
  readonly udp?: boolean;
  readonly tls?: boolean;
  readonly cert?: string;
  readonly key?: string;
  readonly hold: number;
}

function identityOf({ tls, cert, key, udp }: Options): Identity | undefined {
  if (tls === undefined) {
    if (cert !== undefined || key !== undefined)
      throw new UsageError('--cert and --key have no effect without --tls.');
    return undefined;
  }
  if (udp) throw new UsageError('--tls and --udp exclude each other: there is no DTLS.');
  if (cert === undefined || key === undefined) throw new UsageError('--tls needs --cert and --key.');
  return identityIn(cert, key);
}
