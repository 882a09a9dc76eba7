import { type Command, InvalidArgumentError, Option } from 'commander';
import { defer, NEVER, type Observable, switchMap, tap } from 'rxjs';
import { integer } from '../connection/options.js';
import type { Console } from '../console.js';
import { type ExitCode, UsageError } from '../exit-code.js';
import { isLoopback } from '../proxy/access.js';
import { type ListenAt, listenAt, listening, shown } from '../running/listening.js';
import type { AccessMode } from '../speed/allowed.js';
import { measuredSpeed, USUAL_SIZE } from '../speed/measured.js';
import { MOST, speedServer } from '../speed/server.js';
import type { Subcommand } from '../subcommand.js';
import { withDefault } from '../with-default.js';
import { portOf } from './connect.js';

/** Where `--serve` listens unless it is told otherwise. */
const SERVER: ListenAt = { host: '127.0.0.1', port: 7_600 };

/** Measures goodput and latency, beside what the line allows. */
export const speed: Subcommand = {
  notes: `The server is another a7600, on a computer that the mobile network reaches:
  a7600 speed --serve 0.0.0.0:7600
  a7600 speed --apn internet server.example.com 7600

On an emulated module, the server is started by itself: a7600 speed --emulated`,
  connects: true,
  define: (command: Command) =>
    command
      .argument('[host]', 'where the server runs')
      .argument('[port]', `its port; ${SERVER.port} unless it is given`)
      .addOption(
        new Option('--serve [[host:]port]', `be the server instead (default: ${shown(SERVER)})`)
          .preset(`${SERVER.port}`)
          .argParser((value) => listenAt(value, SERVER)),
      )
      .addOption(withDefault('--bytes <number>', 'payload for each direction', bytes, `${USUAL_SIZE}`))
      .addOption(
        new Option('--receive <mode>', 'how the module hands out what comes')
          .choices(['buffer', 'hex', 'push', 'transparent'])
          .default('buffer'),
      ),
  run: ({ args, options, connection, console }) =>
    defer(() => {
      const { serve, bytes: size, receive } = options as unknown as Options;
      const [host, port = `${SERVER.port}`] = args;
      if (serve !== undefined) {
        if (host !== undefined) throw new UsageError('--serve is the server itself: it takes no host.');
        return serving(serve, console);
      }
      const isEmulated = connection.target.kind === 'emulated';
      if (host === undefined && !isEmulated) {
        throw new UsageError(
          'Say where the server is: a7600 speed HOST [PORT]. `a7600 speed --serve` starts one.',
        );
      }
      return measuredSpeed(connection, console, {
        server: host === undefined ? undefined : { address: host, port: portOf(port) },
        size,
        receive,
      });
    }),
};

interface Options {
  readonly serve?: ListenAt;
  readonly bytes: number;
  readonly receive: AccessMode;
}

function serving(at: ListenAt, console: Console): Observable<ExitCode> {
  return listening(speedServer(), at, '--serve').pipe(
    tap(({ port }) => {
      console.value({ listening: { ...at, port } });
      console.print(`Waiting for a7600 speed on ${shown({ ...at, port })}. Ctrl-C ends it.`);
      if (isLoopback(at.host))
        console.tell('Only this computer reaches it; use --serve 0.0.0.0:PORT for others.');
    }),
    switchMap(() => NEVER),
  );
}

function bytes(value: string): number {
  const number = integer(value, 1, MOST);
  if (number < 10_000) throw new InvalidArgumentError('It must be at least 10000, or chance decides.');
  return number;
}
