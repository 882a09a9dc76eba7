import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { defer, first, Observable, switchMap } from 'rxjs';
import type { Console } from '../console.js';
import { type ExitCode, UsageError } from '../exit-code.js';
import { proxy as proxyServer } from '../proxy/proxy.js';
import { listening } from '../running/listening.js';
import { whileOnline } from '../running/long-running.js';
import type { Subcommand } from '../subcommand.js';
import { TUNNEL_TIMES } from '../tunnel/tunnel.js';
import { addProxyOptions, report } from './proxy.js';

/** Starts a program whose connections go over the modem, as far as it respects the usual variables. */
export const run: Subcommand = {
  notes: `Examples:
  a7600 run --apn internet -- curl http://example.com/
  a7600 run -- git clone https://example.com/project.git

The exit code is that of the program. It sees http_proxy, https_proxy and all_proxy, in both cases, and
NODE_USE_ENV_PROXY. Programs that do not read these need another way: 'a7600 forward', or their own option for a proxy.`,
  connects: true,
  define: (command) =>
    addProxyOptions(command.argument('<program...>', 'the program and its arguments, after --')),
  run: (call) =>
    defer(() => {
      const { args, connection, console, options } = call;
      const { hold } = options as { readonly hold: number };
      return whileOnline(call, ({ source }) => {
        const server = proxyServer(source, {
          times: { ...TUNNEL_TIMES, hold },
          reach: connection.reach,
          onConnection: report(console),
        });
        return listening(server, { host: '127.0.0.1', port: 0 }, '--listen').pipe(
          switchMap(({ port }) =>
            source.pipe(
              first(),
              switchMap(() => child(args, variables(port, connection.target.kind === 'emulated'), console)),
            ),
          ),
        );
      }).pipe(first());
    }),
};

/** What programs read to find their proxy. The module looks names up: `socks5h`. */
function variables(port: number, isEmulated: boolean): NodeJS.ProcessEnv {
  const http = `http://127.0.0.1:${port}`;
  const socks = `socks5h://127.0.0.1:${port}`;
  // The network of an emulated module is the loopback of this computer.
  const { no_proxy = 'localhost,127.0.0.1,::1' } = process.env;
  const direct = isEmulated ? '' : no_proxy;
  const lower = { http_proxy: http, https_proxy: http, all_proxy: socks, no_proxy: direct };
  const upper = Object.fromEntries(Object.entries(lower).map(([name, value]) => [name.toUpperCase(), value]));
  return { ...process.env, ...lower, ...upper, NODE_USE_ENV_PROXY: '1' };
}

/** Runs a program until it ends; emits its exit code. A signal ends it. */
function child(
  [name = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  console: Console,
): Observable<ExitCode> {
  return new Observable((subscriber) => {
    const isOwn = console.output === process.stdout;
    const started: ChildProcess = spawn(name, args, {
      env,
      stdio: ['inherit', ...Array(2).fill(isOwn ? 'inherit' : 'pipe')],
    });
    started.stdout?.on('data', (bytes) => console.output.write(bytes));
    started.stderr?.on('data', (bytes) => console.messages.write(bytes));
    started.once('error', (error: NodeJS.ErrnoException) => {
      const reason = { ENOENT: 'there is no such program', EACCES: 'this user may not start it' }[
        error.code ?? ''
      ];
      subscriber.error(new UsageError(`Cannot start ${name}: ${reason ?? error.message}.`));
    });
    started.once('close', (code, signal) => {
      // As a shell has it for a program that a signal ended.
      const ended = code ?? 128 + constants.signals[signal as NodeJS.Signals];
      // The code of another program is none of those of this one.
      subscriber.next(ended as ExitCode);
      subscriber.complete();
    });
    return () => {
      if (started.exitCode === null && started.signalCode === null) started.kill('SIGTERM');
    };
  });
}
