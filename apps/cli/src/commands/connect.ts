import type { ConnectionOptions } from 'node:tls';
import { createSocket } from '@a7600/tcpip/node';
import { catchError, defer, first, switchMap, throwError } from 'rxjs';
import { online } from '../connection/network.js';
import { integer } from '../connection/options.js';
import { UsageError } from '../exit-code.js';
import { authoritiesIn } from '../netcat/certificates.js';
import { relayDatagrams } from '../netcat/datagrams.js';
import { CALLER_HOLD, holdOption } from '../netcat/hold-option.js';
import { relay } from '../netcat/relay.js';
import { secured } from '../netcat/tls.js';
import { task } from '../running/task.js';
import { writableOf } from '../running/writable.js';
import type { Subcommand } from '../subcommand.js';
import { dial } from '../tunnel/dial.js';
import { peerError } from '../tunnel/peer-error.js';

/** Joins standard input and output with a connection to a server, as netcat does. */
export const connect: Subcommand = {
  notes: `Examples:
  printf 'GET / HTTP/1.0\\r\\n\\r\\n' | a7600 connect example.com 80
  a7600 connect --tls example.com 443
  ssh -o ProxyCommand='a7600 connect --quiet %h %p' user@example.com`,
  connects: true,
  define: (command) =>
    command
      .argument('<host>', 'name or address; the module looks names up')
      .argument('<port>', 'port of the server')
      .option('--udp', 'send each chunk of the input as a datagram')
      .option('--tls', 'encrypt; the certificate of the server has to be for the host')
      .option('--ca <file>', 'authorities to trust instead of the usual ones, as PEM; with --tls')
      .addOption(holdOption(CALLER_HOLD)),
  run: ({ args, options, connection, console, input }) =>
    defer(() => {
      const { udp = false, hold } = options as unknown as Options;
      const [host = ''] = args;
      const port = portOf(args[1]);
      const secure = tlsOptions(host, options as unknown as Options);
      const output = writableOf(console.output);
      const { reach } = connection;
      return online(connection).pipe(
        switchMap(({ network }) =>
          task(async (signal) => {
            if (udp) {
              const to = { address: host, port };
              await relayDatagrams(input, output, createSocket(network), { to, hold, signal });
              return;
            }
            // The relay itself holds the connection.
            const socket = await dial(network, { host, port, halfCloseTimeout: hold, reach, signal });
            console.tell(`Connected with ${host}:${port}.`);
            const joined = secure === undefined ? socket : await secured(socket, secure);
            await relay(input, output, joined, hold, signal);
          }),
        ),
        catchError((error: unknown) => throwError(() => peerError(error, { host, port }, reach))),
        first(),
      );
    }),
};

interface Options {
  readonly udp?: boolean;
  readonly tls?: boolean;
  readonly ca?: string;
  readonly hold: number;
}

/** Reads a port; throws a `UsageError`. */
export function portOf(text = ''): number {
  try {
    return integer(text, 1, 65_535);
  } catch {
    throw new UsageError(`'${text}' is no port, which is a number from 1 to 65535.`);
  }
}

function tlsOptions(host: string, { tls, ca, udp }: Options): ConnectionOptions | undefined {
  if (tls === undefined) {
    if (ca !== undefined) throw new UsageError('--ca has no effect without --tls.');
    return undefined;
  }
  if (udp) throw new UsageError('--tls and --udp exclude each other: there is no DTLS.');
  const trusted = ca === undefined ? {} : { ca: authoritiesIn('--ca', ca) };
  // An address is no server name (RFC 6066, section 3); the certificate is compared with it all the same.
  return { host, ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }), ...trusted };
}
