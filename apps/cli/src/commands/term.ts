import { Readable } from 'node:stream';
import { hideSecrets, withLink } from '@a7600/diagnostics/dialogue';
import { moduleLine } from '@a7600/diagnostics/terminal';
import { Option } from 'commander';
import { defer } from 'rxjs';
import { TARGETS } from '../connection/options.js';
import { runnerOf } from '../shared-line/runner-of.js';
import type { Subcommand } from '../subcommand.js';
import { attachedLine } from '../term/attached-line.js';
import { rawTerminal } from '../term/raw-terminal.js';
import { terminal } from '../term/terminal.js';
import { SEEN } from './at.js';

interface Options {
  readonly raw?: boolean;
  /** A process id; `true` for the only one. */
  readonly attach?: string | true;
  readonly script?: readonly string[];
}

/** Talks to a module from a terminal. */
export const term: Subcommand = {
  notes: `Type help in the terminal. With --attach it talks to the module of a running a7600 and sees everything that
passes there; without a process id, the one that opened a modem last.`,
  connects: true,
  onlyLine: true,
  define: (command) =>
    command
      .option('--script <line...>', 'send these lines and end, in place of the input')
      .addOption(new Option('--raw', 'the line as it is, byte for byte; Ctrl-] ends').conflicts('script'))
      .addOption(
        new Option('--attach [pid]', 'share the line of a running a7600').conflicts([...TARGETS, 'raw']),
      ),
  run: ({ options, connection, console, input }) =>
    defer(() => {
      const { raw = false, attach, script } = options as Options;
      const typed = script === undefined ? input : scripted(script);
      if (script?.some((line) => hideSecrets(line) !== line)) console.tell(SEEN);
      if (attach !== undefined) {
        return attachedLine(attach === true ? undefined : attach, (line, pid) => {
          console.tell(`Sharing the line of process ${pid}.`);
          return terminal(line, typed, console);
        });
      }
      console.tell(`Opening ${connection.description}.`);
      return withLink(connection.transport(), (link) => {
        if (raw) return rawTerminal(link, input, console);
        const line = moduleLine(link);
        connection.use(runnerOf(line));
        return terminal(line, typed, console);
      });
    }),
};

/** Lines as an input that is no terminal. */
function scripted(lines: readonly string[]): NodeJS.ReadStream {
  return Readable.from(lines.map((line) => `${line}\n`)) as NodeJS.ReadStream;
}
