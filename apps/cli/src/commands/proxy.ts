import type { ModemNetwork } from '@a7600/tcpip/node';
import type { Command } from 'commander';
import { defer, merge, NEVER, type Observable, switchMap, take, tap } from 'rxjs';
import { secretIn } from '../connection/secrets.js';
import type { Console } from '../console.js';
import { type ExitCode, UsageError } from '../exit-code.js';
import { type Credentials, isLoopback } from '../proxy/access.js';
import { proxy as proxyServer } from '../proxy/proxy.js';
import { type ListenAt, listenAt, listening, shown } from '../running/listening.js';
import { addRunningOptions, milliseconds, whileOnline } from '../running/long-running.js';
import type { Call, Subcommand } from '../subcommand.js';
import { TUNNEL_TIMES } from '../tunnel/tunnel.js';
import { withDefault } from '../with-default.js';

const USUAL: ListenAt = { host: '127.0.0.1', port: 1_080 };

/** Serves SOCKS5 and HTTP proxy on a port of this computer. */
export const proxy: Subcommand = {
  notes: `Examples:
  a7600 proxy --apn internet
  curl --proxy socks5h://127.0.0.1:1080 http://example.com/
  http_proxy=http://127.0.0.1:1080 apt-get update

'a7600 run -- PROGRAM' starts a proxy for one program and sets its variables.`,
  connects: true,
  endsBySignal: true,
  define: (command) => addListenOptions(addRunningOptions(command)),
  run: (call) =>
    defer(() => {
      const serve = prepared(call, call.connection.reach);
      return whileOnline(call, ({ source }): Observable<ExitCode> => serve(source));
    }),
};

/**
 * Checks the options of a proxy, before anything is opened.
 *
 * @param call the call of the subcommand
 * @param reach what the network reaches where that is not the Internet, for the errors of connections
 * @returns serves a network, once there is one, while it is subscribed to
 * @throws {UsageError} the options exclude each other, or would let other computers in
 */
export function prepared(call: Pick<Call, 'options' | 'console'>, reach?: string) {
  const options = call.options as unknown as Options;
  const { listen, hold } = options;
  const credentials = credentialsOf(options);
  if (credentials === undefined && !isLoopback(listen.host)) {
    throw new UsageError(
      `On ${listen.host}, other computers could use the modem. Set --proxy-user and --proxy-password-file, or ` +
        'listen on 127.0.0.1.',
    );
  }
  return (source: Observable<ModemNetwork>): Observable<ExitCode> => {
    const server = proxyServer(source, {
      credentials,
      reach,
      times: { ...TUNNEL_TIMES, hold },
      onConnection: report(call.console),
    });
    const ready = (port: number) => {
      call.console.print(`SOCKS5 and HTTP proxy on ${shown({ ...listen, port })}. Ctrl-C ends it.`);
      call.console.value({ listening: { ...listen, port } });
    };
    return listening(server, listen, '--listen').pipe(
      switchMap(({ port }) =>
        merge(
          source.pipe(
            take(1),
            tap(() => ready(port)),
          ),
          NEVER,
        ),
      ),
      switchMap(() => NEVER),
    );
  };
}

interface Options {
  readonly listen: ListenAt;
  readonly hold: number;
  readonly proxyUser?: string;
  readonly proxyPasswordFile?: string;
}

/** Adds the options that say where a proxy listens, and whom it serves. */
export function addListenOptions(command: Command): Command {
  return addHold(command)
    .addOption(
      withDefault(
        '--listen <[host:]port>',
        'where to listen; beyond loopback only with a password',
        (value) => listenAt(value, USUAL),
        shown(USUAL),
      ),
    )
    .option('--proxy-user <name>', 'user name that programs have to give')
    .option('--proxy-password-file <file>', 'file with the password that programs have to give');
}

/** Adds the options that `run` has, too. */
export function addProxyOptions(command: Command): Command {
  return addHold(addRunningOptions(command));
}

function addHold(command: Command): Command {
  const text = 'how long a connection that the program has ended waits for the peer';
  return command.addOption(
    withDefault('--hold <seconds>', text, milliseconds, `${TUNNEL_TIMES.hold / 1_000}`),
  );
}

/** Tells the person of connections that failed, and a program of all. */
export function report(console: Console) {
  return ({ host, port }: ListenAt, error?: Error) => {
    if (error !== undefined) console.tell(error.message);
    console.value({ host, port, ...(error !== undefined && { error: error.message }) });
  };
}

function credentialsOf({ proxyUser, proxyPasswordFile }: Options): Credentials | undefined {
  if (proxyUser === undefined && proxyPasswordFile === undefined) return undefined;
  if (proxyUser === undefined || proxyPasswordFile === undefined) {
    throw new UsageError('--proxy-user and --proxy-password-file need each other.');
  }
  const password = secretIn('--proxy-password-file', proxyPasswordFile);
  if (password === '') throw new UsageError(`${proxyPasswordFile} (--proxy-password-file) is empty.`);
  return { user: proxyUser, password };
}
