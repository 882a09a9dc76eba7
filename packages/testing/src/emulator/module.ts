import type { Subscription } from 'rxjs';
import type { MobileNetwork } from '../networks/mobile/mobile-network.js';
import type { Network } from '../networks/network.js';
import type { Port } from './at/port.js';
import type { Clock } from './clock.js';
import type { EmulatorEvent, Power } from './events.js';
import type { Faults } from './faults/faults.js';
import type { Multiplexing } from './multiplexing/multiplexing.js';
import type { Profile } from './profiles/profile.js';
import type { Radio } from './radio/radio.js';
import type { Sim } from './radio/sim.js';
import type { Surroundings } from './radio/surroundings.js';
import type { Settings, Stored } from './settings.js';
import type { DataMode } from './sockets/data-mode.js';
import type { Delivery } from './sockets/delivery.js';
import type { Sockets } from './sockets/sockets.js';
import type { Timing } from './timing.js';

/**
 * The module as a command sees it: its parts, and what a command may do. Each port has one of its
 * own; all but `port` and `conclude` are the same.
 */
export interface Module {
  /** What its sockets and services are connected to. */
  readonly network: Network;
  /** Carries its calls and messages. */
  readonly mobile: MobileNetwork;
  /** What its firmware does. */
  readonly profile: Profile;
  /** How long it takes for what it does. */
  readonly timing: Timing;
  /** What goes wrong, by chance and by script. */
  readonly faults: Faults;
  /** SIM, registration and signal as the outside has them. */
  readonly surroundings: Surroundings;
  /** Stopped when the module is switched off. */
  readonly clock: Clock;
  /** What a restart keeps. */
  readonly stored: Stored;
  /** What a restart forgets; the same object for ever. */
  readonly settings: Settings;
  /** The SIM as the module sees it. */
  readonly sim: Sim;
  /** Registration, signal and bearer. */
  readonly radio: Radio;
  /** The ten links and four servers of `AT+NETOPEN`. */
  readonly sockets: Sockets;
  /** What links have received, on its way to the host. */
  readonly delivery: Delivery;
  /** The transparent connection, and which port it has. */
  readonly dataMode: DataMode;
  /** Channels on the UART. */
  readonly multiplexing: Multiplexing;
  /** State that belongs to behaviours; see `perModule`. */
  readonly memory: Map<object, unknown>;
  /** Whether it is on, off or starting. */
  readonly power: Power;
  /** The port on which the command came. */
  readonly port: Port;
  /**
   * Tells `events$` of the control handle what happens.
   *
   * @param event What has happened.
   */
  emit(event: EmulatorEvent): void;
  /**
   * Prints an unsolicited line, where and when `AT+CATR` and `AT+CURCD` say.
   *
   * @param text The line, without line ends; more lines than one are separated by CR LF.
   */
  report(text: string): void;
  /**
   * Prints a sentence of NMEA 0183, without its line end, on the ports that are for it.
   *
   * @param sentence From `$` to the checksum.
   * @returns Whether there is one.
   */
  printNmea(sentence: string): boolean;
  /**
   * Prints a result that follows its `OK`, and does what belongs to it.
   *
   * @param result The line, without line ends.
   * @param then Called once it is printed. Default: nothing.
   * @returns Unsubscribing forgets the result.
   */
  conclude(result: string, then?: () => void): Subscription;
  /**
   * Does something after `delay` ms, never at once, unless the module is switched off before.
   *
   * @param delay Time in ms.
   * @param work Called after it.
   */
  later(delay: number, work: () => void): void;
  /** Switches on, or restarts, with silence and start lines. */
  start(): void;
  /** Switches off as `AT+CPOF` does: in its time, with its last line. */
  shutDown(): void;
  /** Switches off at once: everything but what is stored is forgotten. */
  powerOff(): void;
  /**
   * Calls `listener` at each change of the power; returns what ends that.
   *
   * @param listener Called with what the power is now.
   * @returns Ends that.
   */
  watchPower(listener: (power: Power) => void): () => void;
}
