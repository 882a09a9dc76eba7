import { createServer } from 'node:net';
import { type FullTraceEntry, multiplexed, type Network, type TcpSocket } from '@a7600/tcpip';
import { emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import type { Transport } from '@a7600/transport';
import { serial } from '@a7600/transport/serialport';
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { finalize, switchMap } from 'rxjs';
import { echoServer } from './echo-server.js';
import { type EchoOptions, parseOptions } from './options.js';
import { type Problem, problemOf } from './problem.js';
import { reportProgress } from './progress.js';
import { selfCheck } from './self-check.js';
import { formatTrace } from './trace.js';

/** The port of the echo service (RFC 862), the default on a real module. */
const ECHO_PORT = 7;

/** Runs the demo until it is done or interrupted. Resolves with its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let options: EchoOptions;
  try {
    options = parseOptions(argv);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const port = options.port ?? (options.serial === undefined ? await freePort() : ECHO_PORT);
  const problem = await serve({ ...options, port });
  if (problem === undefined) return 0;
  console.error(pc.red(problem.message));
  return problem.exitCode;
}

/** Serves until the self-check is done, a signal arrives or an error occurs. Then closes everything. */
function serve(options: EchoOptions & { readonly port: number }): Promise<Problem | undefined> {
  const { port, apn, pin, once, check, serial: path } = options;
  return new Promise((resolve) => {
    let problem: Problem | undefined;
    let clients = 0;
    let bytes = 0;
    /** The port is given back; the program has ended. Both happen, in either order. */
    let released = false;
    let ended = false;

    const stop = () => {
      console.log('Closing sockets, server, network and port.');
      process.off('SIGINT', stop).off('SIGTERM', stop);
      server.unsubscribe();
      hasEnded();
    };

    const progress = reportProgress(path ?? '', options.baud);
    const closed = () => {
      progress.stop();
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (problem === undefined)
        console.log(`Closed, after ${clients} connections and ${bytes} bytes echoed.`);
      resolve(problem);
    };

    const hasEnded = () => {
      ended = true;
      if (released) closed();
    };
    const isReleased = () => {
      released = true;
      if (ended) closed();
    };

    const prove = async (network: Network) => {
      const host = path === undefined ? '127.0.0.1' : network.address;
      try {
        const report = await selfCheck(host, port);
        const rate = (report.bytes / report.seconds / 1000).toFixed(0);
        console.log(
          `${pc.green('Checked:')} ${report.bytes} bytes sent, all of them came back, ` +
            `in ${report.seconds.toFixed(2)} s (${rate} kB/s each way).`,
        );
      } catch (error) {
        problem = { exitCode: 1, message: `The check failed: ${(error as Error).message}` };
        stop();
        return;
      }
      if (once) stop();
    };

    const line = transportOf(options).pipe(finalize(isReleased));
    const server = echoServer(options.cmux ? multiplexed(line) : line, {
      port,
      apn,
      pin,
      fullTrace: options.trace ? tracer() : undefined,
      onState: path === undefined ? undefined : (state) => progress.report(state),
      onListening(network) {
        progress.stop();
        console.log(`Listening on ${network.address}, TCP port ${port}. Ctrl-C closes everything.`);
        if (path === undefined && !once)
          console.log(`Try it: ${pc.bold(`printf hello | nc 127.0.0.1 ${port}`)}`);
        if (once || (check && path === undefined)) void prove(network);
      },
      onClient(client) {
        clients += 1;
        if (!once) console.log(`${describe(client)} connected.`);
      },
      onBroken(client, error) {
        console.log(`${describe(client)} failed: ${(error as Error).message}`);
      },
    }).subscribe({
      next: (size) => {
        bytes += size;
      },
      error: (error: unknown) => {
        problem = problemOf(error, { port });
        hasEnded();
      },
      complete: hasEnded,
    });
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}

function transportOf({ serial: path, baud: baudRate, pty }: EchoOptions): Transport {
  if (path !== undefined) {
    console.log(`Opening the module on ${path} at ${baudRate} baud.`);
    return serial({ path, baudRate });
  }
  const emulated = emulator({ network: hostNetwork() });
  if (!pty) {
    console.log('Starting an emulated module whose network is the loopback of this computer.');
    return emulated;
  }
  return onPty(emulated).pipe(
    switchMap(({ path: device }) => {
      console.log(`Starting an emulated module on the serial port ${device}.`);
      return serial({ path: device, baudRate });
    }),
  );
}

function describe({ remote, link }: TcpSocket): string {
  return `${remote.host}:${remote.port} (link ${link})`;
}

function tracer(): (entry: FullTraceEntry) => void {
  let since: number | undefined;
  return (entry) => {
    since ??= entry.at;
    console.log(formatTrace(entry, since));
  };
}

/** Finds a free TCP port of loopback. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('Cannot find a free TCP port.')),
      );
    });
  });
}
