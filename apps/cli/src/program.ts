import { appendFileSync } from 'node:fs';
import { isTransportError } from '@a7600/transport';
import { Command, CommanderError } from 'commander';
import { groups, type Listed, subcommands } from './commands/index.js';
import { type Connection, connectionOf } from './connection/connection.js';
import { tellIdle } from './connection/idle-options.js';
import {
  addConnectionOptions,
  addOutputOptions,
  type ConnectionOptions,
  type OutputOptions,
  withProfile,
} from './connection/options.js';
import { type TraceSinks, traceLine } from './connection/traced.js';
import { type Console, consoleOf } from './console.js';
import { ExitCode, exitCodeOf } from './exit-code.js';
import { faultMessage } from './fault.js';
import { refuseFurtherWords } from './further-words.js';
import { besideTheWork, writeGiven } from './given-file.js';
import { inOptions } from './in-options.js';
import { untilSignal } from './lifetime.js';
import { COMPLETIONS } from './shell-completion.js';
import type { Call, Subcommand, Surroundings } from './subcommand.js';
import { version } from './version.js';

/** Runs the program until it is done or a signal comes. Resolves with its exit code. */
export async function run(typed: readonly string[], around: Surroundings): Promise<number> {
  const argv = withHelpLast(typed);
  let code: number = ExitCode.Done;
  const script = argv[0] === COMPLETION ? COMPLETIONS.get(argv[1] ?? '') : undefined;
  if (script !== undefined) {
    around.output.write(script);
    return code;
  }
  const completes = argv[0] === COMPLETION || argv[0] === 'complete';
  const [called = '', inGroup = ''] = argv[0] === 'help' ? argv.slice(1) : argv;
  const program = programOf(around);
  let connects = false;
  for (const listed of subcommands) {
    const [first = '', second] = listed.name.split(' ');
    const parent = second === undefined ? program : groupOf(program, first);
    const command = parent.command(second ?? first).summary(listed.summary);
    if (!completes && ![called, `${called} ${inGroup}`].includes(listed.name)) continue;
    const subcommand = await listed.load();
    define(command, listed, subcommand);
    connects = subcommand.connects;
    command.action(async () => {
      code = await execute({ command, listed, subcommand, argv, around });
    });
  }
  if (completes) {
    // Loaded only where it is needed: every other call starts sooner.
    const { default: complete } = await import('@bomb.sh/tab/commander');
    complete(program, { completionCommandName: COMPLETION });
  }
  try {
    await program.parseAsync(connects ? withProfile(argv) : argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage;
    throw error;
  }
}

/** Prints what a shell needs to complete the command line; the shell then calls `complete`. */
const COMPLETION = 'completion';

/** `help fleet list` and `fleet help list` mean `fleet list --help`: commander would list the group. */
function withHelpLast(argv: readonly string[]): readonly string[] {
  const named = argv.filter((word, index) => word !== 'help' || index > 1);
  const isHelp = named.length < argv.length && subcommands.some(({ name }) => name === named.join(' '));
  return isHelp ? [...named, '--help'] : argv;
}

/** The command line of the program, without its subcommands. */
function programOf({ output, messages }: Surroundings): Command {
  return new Command('a7600')
    .description('For everybody with an A7600, A7670, SIM7500 or SIM7600 modem.')
    .version(version(), '--version', 'show the version')
    .configureOutput({
      writeOut: (text) => output.write(text),
      writeErr: (text) => messages.write(text),
      getOutHelpWidth: () => output.columns || 80,
      outputError: (message, write) => write(`${sentence(message)} See --help.\n`),
    })
    .addHelpText('after', `\nCompletion for a shell: a7600 ${COMPLETION} bash|zsh|fish|powershell`)
    .enablePositionalOptions()
    .exitOverride();
}

/** The command that has others, such as `fleet` with `fleet list`. */
function groupOf(program: Command, name: string): Command {
  const existing = program.commands.find((command) => command.name() === name);
  if (existing !== undefined) return existing;
  const summary = Object.entries(groups).find(([group]) => group === name)?.[1] ?? '';
  return program.command(name).summary(summary).description(summary);
}

/** Gives a subcommand its arguments, options and help. */
function define(command: Command, { summary }: Listed, subcommand: Subcommand): void {
  command.description(summary).allowExcessArguments(true);
  subcommand.define?.(command);
  if (subcommand.connects) addConnectionOptions(command);
  if (subcommand.ownOptions) command.helpOption(false).allowUnknownOption().passThroughOptions();
  else addOutputOptions(command, subcommand);
  if (subcommand.notes !== undefined) command.addHelpText('after', `\n${subcommand.notes}`);
}

interface Execution {
  readonly command: Command;
  readonly listed: Listed;
  readonly subcommand: Subcommand;
  readonly argv: readonly string[];
  readonly around: Surroundings;
}

async function execute({ command, listed, subcommand, argv, around }: Execution): Promise<number> {
  const options = command.opts<OutputOptions>();
  const console = consoleOf({ ...around, json: options.json, quiet: options.quiet });
  let replays = false;
  try {
    if (subcommand.checksWords !== true) refuseFurtherWords(command, argv);
    const connection = subcommand.connects
      ? connectionOf(options as ConnectionOptions, sinksOf(options, console), console)
      : undefined;
    replays = connection?.target.kind === 'replay';
    if (subcommand.onlyLine) tellIdle(command, console.tell);
    const call: Call = {
      args: command.args,
      options: command.opts(),
      console,
      input: around.input,
      get connection(): Connection {
        if (connection === undefined) throw new Error(`${listed.name} does not connect.`);
        return connection;
      },
    };
    return await untilSignal(subcommand.run(call), subcommand.endsBySignal ?? false);
  } catch (error) {
    // A recording that is damaged, or is of something else, is a file that cannot be used.
    const isOfFile = replays && isTransportError(error, 'PROTOCOL');
    const code = isOfFile ? ExitCode.Usage : exitCodeOf(error);
    const message = inOptions(error instanceof Error ? error.message : String(error));
    console.complain(code === ExitCode.Fault ? faultMessage(error) : message);
    console.value({ error: message, ...codeOf(error) });
    return code;
  }
}

/** A message of commander as one line that ends with a full stop. */
function sentence(message: string): string {
  return message
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[^.!?)]$/, '$&.');
}

function codeOf(error: unknown): { readonly code?: string } {
  return error instanceof Error && 'code' in error ? { code: String(error.code) } : {};
}

/** Where the dialogue goes. Throws a `UsageError` if the log file cannot be written. */
function sinksOf({ verbose, logFile }: OutputOptions, { messages, complain }: Console): TraceSinks {
  const sinks: TraceSinks[number][] = [];
  if (verbose) sinks.push((entry) => messages.write(`${traceLine(entry)}\n`));
  if (logFile !== undefined) {
    const append = (text: string) => writeGiven('--log-file', logFile, () => appendFileSync(logFile, text));
    append(`# ${new Date().toISOString()}\n`);
    const log = besideTheWork(append, complain);
    sinks.push((entry) => log(`${traceLine(entry)}\n`));
  }
  return sinks;
}
