import { statSync } from 'node:fs';
import { capture as captureTo, convert } from '@a7600/diagnostics/capture';
import { Option } from 'commander';
import { concat, defer, EMPTY, ignoreElements, Observable, repeat, switchMap, tap } from 'rxjs';
import { argumentOf, installExtcap } from '../capture/extcap.js';
import { type CaptureSink, fileSink } from '../capture/sink.js';
import { integer } from '../connection/options.js';
import { type ExitCode, UsageError } from '../exit-code.js';
import { readGiven } from '../given-file.js';
import { writableOf } from '../running/writable.js';
import { attach } from '../shared-line/attach.js';
import { isRunning } from '../shared-line/places.js';
import type { Call, Subcommand } from '../subcommand.js';

/** Time in ms after which it is tried again to attach to a program. */
const PAUSE = 250;

/** Writes what passes between a running program and its module, or a recording of it, as pcapng. */
export const capture: Subcommand = {
  notes: `Without --from it attaches to the running a7600 program of this user, and waits for one if there is none.
A capture shows payload and passwords.

Examples:
  a7600 capture modem.pcapng
  a7600 capture | wireshark -k -i -
  a7600 capture --from modem.recording modem.pcapng
  a7600 capture --install-extcap      then: wireshark -k -i a7600, or tshark -i a7600`,
  connects: false,
  checksWords: true,
  endsBySignal: true,
  define: (command) => {
    command
      .argument('[file]', 'where to write; standard output unless it is given')
      .option('--from <recording>', 'convert a recording of `a7600 record`')
      .addOption(
        new Option(
          '--pid <pid>',
          'the a7600 process to attach to (default: the one that opened a modem last)',
        )
          .argParser(processId)
          .conflicts('from'),
      )
      .option('--install-extcap', 'let Wireshark capture by itself, as the interface a7600')
      .addOption(new Option('--extcap', 'answer Wireshark').hideHelp());
  },
  run: (call) =>
    defer((): Observable<ExitCode> => {
      const { from, pid, extcap, installExtcap: wantsExtcap } = call.options as Options;
      if (wantsExtcap) {
        const path = installExtcap([process.execPath, ...process.execArgv, process.argv[1] ?? '']);
        call.console.value({ installed: path });
        call.console.print(`Installed ${path}. Wireshark and tshark now know the interface a7600.`);
        return EMPTY;
      }
      if (extcap) return forWireshark(call);
      const [file, word] = call.args;
      if (word !== undefined) throw new UsageError(`'${word}' is one word too many: capture takes one file.`);
      if (from === undefined) return live(pid, () => sinkOf(call, file), call.console.tell);
      const recording = readGiven('--from', from);
      const chunks: Uint8Array[] = [];
      convert(recording, startOf(from, recording), (bytes) => chunks.push(bytes));
      const sink = sinkOf(call, file);
      for (const bytes of chunks) sink.write(bytes);
      sink.close();
      if (file !== undefined && file !== '-') {
        call.console.tell(`Wrote ${file}. Wireshark and tshark read it.`);
      }
      return EMPTY;
    }),
};

interface Options {
  readonly from?: string;
  /** A process id. */
  readonly pid?: string;
  readonly extcap?: boolean;
  readonly installExtcap?: boolean;
}

function forWireshark({ args }: Call): Observable<ExitCode> {
  const fifo = argumentOf('--fifo', args);
  const pid = argumentOf('--pid', args);
  return fifo === undefined ? EMPTY : live(pid, (onClosed) => fileSink(fifo, '--fifo', onClosed));
}

/** Attaches to one running program after the other, and says so, until the reader of the capture has gone. */
function live(
  pid: string | undefined,
  open: (onClosed: () => void) => CaptureSink,
  tell: (line: string) => void = () => {},
): Observable<never> {
  return new Observable((subscriber) => {
    if (pid !== undefined && !isRunning(pid)) throw new UsageError(`There is no process ${pid}.`);
    const sink = open(() => subscriber.complete());
    subscriber.add(() => sink.close());
    let hasHeader = false;
    let isWaiting = false;
    const attached$ = attach(pid).pipe(
      tap({
        next(line) {
          isWaiting = false;
          tell(`Capturing what passes between process ${line.pid} and its module. Ctrl-C ends it.`);
        },
        complete() {
          if (pid !== undefined && !isRunning(pid)) {
            tell(`Process ${pid} has ended.`);
            subscriber.complete();
            return;
          }
          const awaited = pid === undefined ? 'a running a7600' : `process ${pid} to open a modem`;
          if (!isWaiting) tell(`Waiting for ${awaited}. Ctrl-C ends it.`);
          isWaiting = true;
        },
      }),
      switchMap(({ startedAt, entries$ }) => {
        const written = captureTo(startedAt, (bytes) => sink.write(bytes), { isContinued: hasHeader });
        hasHeader = true;
        return entries$.pipe(tap({ next: (entry) => written.add(entry), complete: () => written.end() }));
      }),
      ignoreElements(),
    );
    subscriber.add(
      concat(attached$, EMPTY)
        .pipe(repeat({ delay: PAUSE }))
        .subscribe(subscriber),
    );
  });
}

function processId(value: string): string {
  return String(integer(value, 1, 2 ** 31));
}

function sinkOf({ console }: Call, file: string | undefined): CaptureSink {
  if (file !== undefined && file !== '-') return fileSink(file, 'file');
  if (console.output.isTTY)
    throw new UsageError('A capture is no text for a terminal. Name a file, or pipe it.');
  const output = writableOf(console.output);
  return { write: (bytes) => void output.write(bytes), close: () => {} };
}

/** When a recording began: what its header says, else what the file's time and its last entry allow. */
function startOf(path: string, recording: string): number {
  const [header = '', ...lines] = recording.trimEnd().split('\n');
  try {
    const { startedAt } = JSON.parse(header) as { readonly startedAt?: unknown };
    if (typeof startedAt === 'number') return startedAt;
    const { at } = JSON.parse(lines.at(-1) ?? '{}') as { readonly at?: unknown };
    return statSync(path).mtimeMs - (typeof at === 'number' ? at : 0);
  } catch {
    // The conversion says what is wrong with it.
    return 0;
  }
}
