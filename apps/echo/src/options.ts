import { cgdcont } from '@a7600/at-codec';
import { Command, InvalidArgumentError, Option } from 'commander';

/** What the command line asks for. */
export interface EchoOptions {
  /** Path of a serial port with a real module; undefined for the emulated one. */
  readonly serial: string | undefined;
  readonly baud: number;
  readonly apn: string | undefined;
  /** Put the emulated module behind a pseudo-terminal and a real serial port. */
  readonly pty: boolean;
  /** TCP port to listen on; undefined for any free one. */
  readonly port: number | undefined;
  readonly trace: boolean;
  /** Leave after the self-check. */
  readonly once: boolean;
  readonly check: boolean;
}

/** The command line of the demo. Throws commander's `CommanderError`, already printed, when it is wrong. */
export function parseOptions(argv: readonly string[]): EchoOptions {
  const program = new Command('a7600-echo')
    .description('A TCP echo server on an A7600 modem: an emulated one, or a real one on a serial port.')
    .option('--once', 'check that every byte comes back, then leave', false)
    .option('--no-check', 'do not check, only serve')
    .option('--port <number>', 'TCP port to listen on (default: a free one, or 7 on a real module)', tcpPort)
    .addOption(new Option('--serial <path>', 'serial port of a real module').conflicts('pty'))
    .option('--baud <rate>', 'speed of the serial port', baudRate, 115_200)
    .option('--apn <name>', "access point name of the SIM's provider", apn)
    .option('--pty', 'emulated module behind a pseudo-terminal and a real serial port (Linux)', false)
    .option('--trace', 'show the dialogue with the module', false)
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (message, write) => write(`${message.trim().replace(/\s+/g, ' ')} See --help.\n`),
    })
    .exitOverride();
  return program.parse(argv, { from: 'user' }).opts();
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
  try {
    cgdcont({ apn: value });
    return value;
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
