import { a7600, type Dialect } from '@a7600/at-codec';
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { Shape } from '../base/given.js';
import { type OnMistake, warnInDevelopment } from '../base/mistakes.js';
import { type FullTrace, type Trace, tracing } from '../base/trace.js';
import type { SessionOptions } from '../session/session-options.js';
import type { ModemState } from '../session/state.js';
import type { Budget } from '../watch/traffic.js';

/** Settings of `modem`. Times are in ms. */
export interface ModemOptions {
  /** Every timeout and pause goes through it. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /**
   * Gives numbers from 0 up to 1 that a peer cannot guess: transparent sessions prove with them that the
   * module answers. Default: the platform's cryptographic source.
   */
  readonly random?: (() => number) | undefined;
  /** How the module writes. Default `a7600`. */
  readonly dialect?: Dialect | undefined;
  /**
   * Called with what a program probably did not mean, such as a `write` that was discarded without
   * being subscribed to. Default: a warning on the console, none with `NODE_ENV=production`;
   * `undefined` for none.
   */
  readonly onMistake?: OnMistake | undefined;
  /** Called with each step of the dialogue as a line that others may read: secrets and payload are hidden. */
  readonly trace?: Trace | undefined;
  /** Called with each step of the dialogue, payload and everything that the module prints included. */
  readonly fullTrace?: FullTrace | undefined;
  /** Called with each step on the way to a modem that is ready, and with reasons to wait. */
  readonly onState?: ((state: ModemState) => void) | undefined;
  /** PIN of the SIM, 4 to 8 digits. Tried once, and only when the SIM asks for it. */
  readonly pin?: string | undefined;
  /**
   * Rates at which to look for the module, one after the other, where the link has a rate to set.
   * Default: the one that the link was opened with.
   */
  readonly baudRates?: readonly number[] | undefined;
  /**
   * Switches RTS/CTS flow control on in the module (`AT+IFC=2,2`); the port needs it too. Without
   * it a consumer slower than the line loses bytes in transparent mode. Default: as the module is.
   */
  readonly rtscts?: boolean | undefined;
  /** Time for the first answer; a module that was just switched on needs some 11 s. Default 30000. */
  readonly startTimeout?: number | undefined;
  /** Time for the SIM to be ready, and again for the registration. Default 90000. */
  readonly readyTimeout?: number | undefined;
  /** Time for closing what is open before the link to the module is dropped. Default 10000. */
  readonly closeTimeout?: number | undefined;
  /**
   * The bytes that may pass over the mobile network. When they are used up, the network ends with
   * `BUDGET_SPENT` and is not opened before `per` has passed. Counted over all attempts of `retry`,
   * `reconnect` and `keepOnline`. Default: no limit.
   */
  readonly budget?: Budget | undefined;
  /**
   * Time after which what is believed about the module is asked for again, unless traffic has
   * confirmed it: that it answers, that the network is open, its table of links, its servers and
   * settings; at most four command lines each time. A loss that no line announces, and a setting that
   * another program has changed, is noticed within twice this time. `false` for a module that must sleep: nothing is asked then, and
   * `AT+CSCLK` stays as it is. Default 60000.
   */
  readonly confirmInterval?: number | false | undefined;
  /**
   * Whether the module is this modem's alone: links and servers that nothing here opened, neither by
   * a command of its own, are closed. `false` never closes or changes what another program
   * opened, and takes other link numbers and servers. Default true.
   */
  readonly exclusive?: boolean | undefined;
  /** Pause between two queries of `signalQuality$`. Default 10000. */
  readonly signalQualityInterval?: number | undefined;
  /**
   * How many reads of different links may share one command line, 1 to 10, for modules that are
   * known to execute several commands on one line. Default 1.
   */
  readonly joinedReads?: number | undefined;
}

/** What nothing else checks. */
export const MODEM_OPTIONS: Shape<ModemOptions> = {
  scheduler: 'object',
  random: 'function',
  dialect: 'object',
  onMistake: 'function',
  trace: 'function',
  fullTrace: 'function',
  onState: 'function',
  pin: 'string',
  baudRates: 'object',
  rtscts: 'boolean',
  startTimeout: 'number',
  readyTimeout: 'number',
  closeTimeout: 'number',
  budget: 'object',
  confirmInterval: 'interval',
  exclusive: 'boolean',
  signalQualityInterval: 'number',
  joinedReads: 'number',
};

/** Returns what a session is made with, with the defaults of what is not given. */
export function sessionOptions(
  options: ModemOptions,
): Omit<SessionOptions, 'releaseLink' | 'meter' | 'history'> {
  return {
    scheduler: options.scheduler ?? asyncScheduler,
    dialect: options.dialect ?? a7600,
    trace: tracing(options.trace, options.fullTrace),
    startTimeout: options.startTimeout ?? 30_000,
    closeTimeout: options.closeTimeout ?? 10_000,
    confirmInterval: options.confirmInterval ?? 60_000,
    exclusive: options.exclusive ?? true,
    onMistake: 'onMistake' in options ? options.onMistake : warnInDevelopment(),
    joinedReads: options.joinedReads ?? 1,
    flowControl: options.rtscts ?? false,
    random: options.random ?? unguessable,
    baudRates: options.baudRates ?? [],
  };
}

/** A number from 0 up to 1 from the platform's cryptographic source. */
function unguessable(): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return number / 2 ** 32;
}
