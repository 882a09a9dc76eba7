import { Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { PortKind } from '../emulator/assembly.js';
import type { FaultKind } from '../emulator/faults/kinds.js';
import { a76xx } from '../emulator/profiles/a76xx.js';
import { note100 } from '../emulator/profiles/note-1.00.js';
import type { Profile } from '../emulator/profiles/profile.js';
import { sim7600 } from '../emulator/profiles/sim7600.js';
import { reach } from '../node/reach.js';
import { parseFaultRates } from './fault-rates.js';

/** What the command line asks for. */
export interface CliOptions {
  /** On a pseudo-terminal: `true`, or the link to make to it. */
  readonly pty?: string | true;
  /** On these TCP ports, a module each. */
  readonly tcp: readonly number[];
  readonly profile: Profile;
  /** The ports of a module. */
  readonly ports: readonly PortKind[];
  /** Speed of the line. Default 115200. */
  readonly baud?: number;
  /** Neither the line nor the module takes any time. */
  readonly instant: boolean;
  readonly faults?: Partial<Record<FaultKind, number>>;
  readonly seed: number;
  readonly trace: boolean;
  readonly allow: readonly string[];
  /** Ports of this computer, by port of the module. */
  readonly map: Readonly<Record<number, number>>;
  /** Begin with a start: silence, then the start lines. */
  readonly boot: boolean;
  /** Begin switched off. */
  readonly off: boolean;
}

const PROFILES: readonly Profile[] = [a76xx, note100, sim7600];

/** What holds for options that are not given, where `--help` says nothing of it. */
const UNSET = { tcp: [], instant: false, trace: false, allow: [], map: {}, boot: false, off: false };

/** The command line of the emulator. Throws commander's `CommanderError`, already printed, when it is wrong. */
export function parseOptions(argv: readonly string[], name = 'a7600-emulator'): CliOptions {
  const names = PROFILES.map(({ name }) => name);
  const program = new Command(name)
    .description('An A7600 LTE module that needs no hardware, for programs in any language.')
    .option('--pty [link]', 'a module on a pseudo-terminal, with a symbolic link to it (the default)')
    .option('--tcp <port>', 'a module on a TCP port of this computer; may be repeated', everyPort)
    .addOption(
      new Option('--profile <name>', `what its firmware does: ${names.join(', ')}`)
        .default(a76xx, a76xx.name)
        .argParser(profile),
    )
    .addOption(
      new Option('--ports <kinds>', 'its ports: at for commands, nmea for positions: at,at,nmea')
        .default(['at'], 'at')
        .argParser(portKinds),
    )
    .option('--baud <rate>', 'speed of the serial line (default: 115200)', baudRate)
    .addOption(new Option('--instant', 'line and module take no time').conflicts('baud'))
    .option(
      '--faults <list>',
      'what goes wrong by chance: conditions,silence,noise=0.001,restart=0.01',
      faults,
    )
    .option('--seed <number>', 'the same seed gives the same faults', seed, 1)
    .option('--trace', 'show the dialogue')
    .option('--allow <host:port>', 'a destination beyond loopback; may be repeated', everyDestination)
    .option('--map <port=port>', 'a server on a port of the module listens on another one here', mapped)
    .option('--boot', 'begin with silence and start lines, as after switching on')
    .addOption(new Option('--off', 'begin switched off, until the power key').conflicts('boot'))
    .version(manifest.version, '--version', 'show the version')
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (message, write) =>
        write(
          `${message
            .trim()
            .replace(/\s+/g, ' ')
            .replace(/[^.!?)]$/, '$&.')} See --help.\n`,
        ),
    })
    .exitOverride();
  return { ...UNSET, ...program.parse(argv, { from: 'user' }).opts<Omit<CliOptions, keyof typeof UNSET>>() };
}

function everyPort(value: string, before: readonly number[] = []): number[] {
  return [...before, integer(value, 0, 65_535)];
}

function profile(value: string): Profile {
  const found = PROFILES.find(({ name }) => name === value);
  if (found === undefined) {
    throw new InvalidArgumentError(`It must be one of ${PROFILES.map(({ name }) => name).join(', ')}.`);
  }
  return found;
}

function portKinds(value: string): PortKind[] {
  const kinds = value.split(',');
  const wrong = kinds.find((kind) => kind !== 'at' && kind !== 'nmea');
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is no kind of port: at, nmea.`);
  if (kinds[0] !== 'at') throw new InvalidArgumentError('The first port must be at.');
  return kinds as PortKind[];
}

function baudRate(value: string): number {
  return integer(value, 300, 4_000_000);
}

function seed(value: string): number {
  return integer(value, 0, 2 ** 31 - 1);
}

function faults(value: string): Partial<Record<FaultKind, number>> {
  return explained(() => parseFaultRates(value));
}

function everyDestination(value: string, before: readonly string[] = []): string[] {
  explained(() => reach([value]));
  return [...before, value];
}

function mapped(value: string, before: Readonly<Record<number, number>> = {}): Record<number, number> {
  const [ofModule, ofComputer, ...more] = value.split('=');
  if (ofComputer === undefined || more.length > 0) {
    throw new InvalidArgumentError('Write PORT=PORT: that of the module, then that of this computer.');
  }
  return { ...before, [integer(ofModule, 1, 65_535)]: integer(ofComputer, 1, 65_535) };
}

function integer(value: string | undefined, min: number, max: number): number {
  const number = Number(value);
  if (value === '' || !Number.isInteger(number) || number < min || number > max) {
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  }
  return number;
}

function explained<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
