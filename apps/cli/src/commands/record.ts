import { record as recorded } from '@a7600/transport/recording';
import { type Command, Option } from 'commander';
import { concat, defer, EMPTY, ignoreElements, map, take, tap } from 'rxjs';
import { integer } from '../connection/options.js';
import { rotating } from '../recording/rotating.js';
import { forTime } from '../running/for-time.js';
import { addFor } from '../running/long-running.js';
import { inWords, placed } from '../running/placed.js';
import type { Subcommand } from '../subcommand.js';
import { withDefault } from '../with-default.js';

interface Options {
  /** In ms; for ever without it. */
  readonly for?: number;
  readonly pty?: string | true;
  readonly listen?: number;
  readonly maxSize: number;
  readonly keep: number;
  readonly unredacted?: boolean;
}

/** Stands between a program and a modem, and writes down what passes. */
export const record: Subcommand = {
  notes: `The program opens the pseudo-terminal, or the TCP port, in place of the modem's.

Example:
  a7600 record modem.jsonl --serial /dev/ttyUSB2 --pty ./recorded`,
  connects: true,
  onlyLine: true,
  endsBySignal: true,
  define: (command): Command =>
    addFor(command)
      .argument('<file>', 'the recording; FILE.1 is the one before, and so on')
      .option('--pty [link]', 'the program opens a pseudo-terminal, with a symbolic link to it (the default)')
      .addOption(
        new Option(
          '--listen <port>',
          'the program connects to this TCP port of this computer; 0 is any free one',
        )
          .argParser(port)
          .conflicts('pty'),
      )
      .addOption(withDefault('--max-size <MB>', 'a new file is begun after so much', megabytes, '10'))
      .addOption(withDefault('--keep <files>', 'how many files are kept', files, '5'))
      .option('--unredacted', 'keep secrets and payload'),
  run: ({ args: [file = ''], options, connection, console }) =>
    defer(() => {
      const { pty, listen, maxSize, keep, unredacted = false, for: time } = options as unknown as Options;
      const sink = rotating(file, { maxSize, keep });
      const modem = connection
        .transport()
        .pipe(map((link) => recorded(link, (line) => sink(line), { redact: !unredacted })));
      // On a TCP port the modem is opened for each client: one that cannot be is known before that.
      const tried$ = listen === undefined ? EMPTY : connection.transport().pipe(take(1), ignoreElements());
      const placed$ = placed(modem, { pty, tcp: listen }, ({ message }) => console.complain(message)).pipe(
        tap((place) => {
          const where = inWords(place);
          console.print(`${connection.description} is on ${where}, and recorded to ${file}. Ctrl-C ends it.`);
          console.value({ recording: file, ...place });
        }),
        forTime(time),
        ignoreElements(),
      );
      return concat(tried$, placed$);
    }),
};

function port(value: string): number {
  return integer(value, 0, 65_535);
}

function megabytes(value: string): number {
  return integer(value, 1, 10_000) * 1_000_000;
}

function files(value: string): number {
  return integer(value, 1, 1_000);
}
