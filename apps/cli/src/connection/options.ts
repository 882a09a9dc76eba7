import { cgdcont, cipOpen } from '@a7600/at-codec';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isProfile, PROFILES, type ProfileName } from './profiles.js';

/** The values of the connection options. */
export interface ConnectionOptions {
  readonly serial?: string;
  readonly baud: number;
  readonly tcp?: Address;
  readonly rfc2217?: Address;
  readonly emulated?: ProfileName;
  readonly replay?: string;
  readonly apn?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly pinFile?: string;
  /** File for a capture of the line. */
  readonly capture?: string;
}

/** The values of the output options. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly logFile?: string;
}

/** A host and a port of it. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The rate that an A7600 has unless told otherwise, in bit/s. */
const USUAL_RATE = 115_200;

/** What says where the modem is: at most one of them. */
export const TARGETS = ['serial', 'tcp', 'rfc2217', 'emulated', 'replay'];

/** Adds the options that say where the modem is and how it gets into its network. */
export function addConnectionOptions(command: Command): void {
  const target = (flags: string, text: string) => {
    const option = new Option(flags, text);
    return option.conflicts(TARGETS.filter((name) => name !== option.attributeName()));
  };
  command
    .optionsGroup('Where the modem is (default: the USB modem that is found):')
    .addOption(target('--serial <path>', 'a serial port: /dev/ttyUSB2, COM3'))
    .option('--baud <rate>', 'speed of the serial port', rate, USUAL_RATE)
    .addOption(target('--tcp <host:port>', 'a raw TCP port, as ser2net has it').argParser(address))
    .addOption(target('--rfc2217 <url>', 'a serial server: rfc2217://host:port').argParser(rfc2217))
    .addOption(
      target('--emulated [profile]', `an emulated module: ${PROFILES.join(', ')}`)
        .preset(PROFILES[0])
        .argParser(profile),
    )
    .addOption(target('--replay <file>', 'a recording, which plays the module'))
    .optionsGroup('Access to the mobile network:')
    .option('--apn <name>', 'access point name of the provider', apn)
    .option('--user <name>', 'user name for the access point')
    .option('--password-file <file>', 'file with the password for the access point')
    .option('--pin-file <file>', 'file with the PIN of the SIM');
}

/**
 * The profile is optional: what follows `--emulated` is one only if it is the name of one. After `--` stands what is no
 * option.
 */
export function withProfile(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, index) =>
    word === '--emulated' && (end < 0 || index < end) && !isProfile(argv[index + 1])
      ? `--emulated=${PROFILES[0]}`
      : word,
  );
}

/** Adds the options that say what is printed. */
export function addOutputOptions(command: Command, { connects }: { readonly connects: boolean }): void {
  command
    .optionsGroup('Output:')
    .option('--json', 'print results as JSON, one value a line')
    .option('--quiet', 'print results and errors only');
  if (!connects) return;
  command
    .option('--verbose', 'show the dialogue with the module, without secrets')
    .option('--log-file <file>', 'append the dialogue to a file, without secrets')
    .option('--capture <file>', 'write all of it, with secrets and payload, as pcapng for Wireshark');
}

/** Reads `host:port`, `[::1]:port`. */
export function address(value: string): Address {
  const [, six, host = six, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(value) ?? [];
  if (host === undefined) throw new InvalidArgumentError('Write HOST:PORT.');
  return { host, port: integer(port ?? '', 1, 65_535) };
}

/** Reads `host:port` of a peer of the module. */
export function peer(value: string): Address {
  const at = address(value);
  accepted(() => cipOpen({ link: 0, ...at }));
  return at;
}

/** Makes of what a command does not take a mistake of the command line. */
function accepted(make: () => unknown): void {
  try {
    make();
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** Reads a whole number of a range. */
export function integer(value: string, min: number, max: number): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isInteger(number) || number < min || number > max) {
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  }
  return number;
}

function rfc2217(value: string): Address {
  return address(value.replace(/^rfc2217:\/\//, '').replace(/\/$/, ''));
}

function rate(value: string): number {
  return integer(value, 300, 4_000_000);
}

function profile(value: string): ProfileName {
  if (isProfile(value)) return value;
  throw new InvalidArgumentError(`It must be one of ${PROFILES.join(', ')}.`);
}

function apn(value: string): string {
  accepted(() => cgdcont({ apn: value }));
  return value;
}
