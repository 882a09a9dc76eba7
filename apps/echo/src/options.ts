import { cgdcont, cpin } from '@a7600/at-codec';
import { Command, InvalidArgumentError, Option } from 'commander';

/** The options of the command line. */
export interface EchoOptions {
  /** Path of a serial port with a real module; undefined for the emulated one. */
  readonly serial: string | undefined;
  readonly baud: number;
  readonly apn: string | undefined;
  readonly pin: string | undefined;
  /** Connects to the emulated module through a pseudo-terminal and a real serial port. */
  readonly pty: boolean;
  /** Multiplexes the line, so that commands and data have channels of their own. */
  readonly cmux: boolean;
  /** TCP port to listen on; undefined for any free one. */
  readonly port: number | undefined;
  readonly trace: boolean;
  /** Exits after the self-check. */
  readonly once: boolean;
  readonly check: boolean;
}

/**
 * Parses the command line of the demo.
 *
 * @throws commander's `CommanderError`, already printed, if the command line is wrong. An option without effect is
 * an error too.
 */
export function parseOptions(argv: readonly string[]): EchoOptions {
  const program = new Command('a7600-echo')
    .description('A TCP echo server on an A7600 modem: an emulated one, or a real one on a serial port.')
    .option('--once', 'run the self-check, then exit', false)
    .option('--no-check', 'skip the self-check, only serve')
    .option('--port <number>', 'TCP port to listen on (default: a free one, or 7 on a real module)', tcpPort)
    .addOption(new Option('--serial <path>', 'serial port of a real module').conflicts('pty'))
    .option('--baud <rate>', 'speed of the serial port', baudRate, 115_200)
    .option('--apn <name>', "access point name of the SIM's provider", apn)
    .option('--pin <digits>', 'PIN of the SIM; tried once', pin)
    .option('--pty', 'emulated module on a pseudo-terminal, opened as a real serial port (Linux)', false)
    .option('--cmux', 'multiplex the line: channels for commands and data (AT+CMUX)', false)
    .option('--trace', 'show the dialogue with the module', false)
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (message, write) => write(`${sentence(message)} See --help.\n`),
    })
    .exitOverride();
  const options = program.parse(argv, { from: 'user' }).opts<EchoOptions>();
  const without = (name: string, needed: string) =>
    program.error(`error: option '--${name}' has no effect without ${needed}.`, { exitCode: 2 });
  if (options.serial === undefined) {
    if (options.apn !== undefined) without('apn', "'--serial'");
    if (options.pin !== undefined) without('pin', "'--serial'");
    if (!options.pty && program.getOptionValueSource('baud') === 'cli')
      without('baud', "'--serial' or '--pty'");
  }
  if (options.once && !options.check)
    program.error("error: '--once' is the self-check that '--no-check' skips.");
  return options;
}

function tcpPort(value: string): number {
  return integer(value, 1, 65_535);
}

function baudRate(value: string): number {
  return integer(value, 300, 4_000_000);
}

function integer(value: string, min: number, max: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  }
  return number;
}

function apn(value: string): string {
  return accepted(value, () => cgdcont({ apn: value }));
}

function pin(value: string): string {
  return accepted(value, () => cpin.unlock({ pin: value }));
}

/** The value, if a command can be made with it. */
function accepted(value: string, make: () => unknown): string {
  try {
    make();
    return value;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** A message of commander as one line that ends with a full stop. */
function sentence(message: string): string {
  return message
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[^.!?)]$/, '$&.');
}
