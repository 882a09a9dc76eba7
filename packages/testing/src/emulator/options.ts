import type { Observable, SchedulerLike } from 'rxjs';
import type { Network } from '../networks/network.js';
import type { PortKind } from './assembly.js';
import type { Behaviour } from './at/behaviour.js';
import type { EmulatorControl } from './control.js';
import type { FaultOptions } from './faults/faults.js';
import type { UartOptions } from './line/uart-line.js';
import type { Profile } from './profiles/profile.js';
import type { Surroundings } from './radio/surroundings.js';
import type { Timing } from './timing.js';

/** Settings of an `emulator`. */
export interface EmulatorOptions {
  /** Everything that takes time goes through it. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** What the module is connected to. Default: a memory network of its own. */
  readonly network?: Network;
  /** What its firmware does. Default `a76xx`. */
  readonly profile?: Profile;
  /** How long it takes for what it does. Default `instant`. */
  readonly timing?: Timing;
  /** A UART between host and module. Default: a line that takes no time and loses nothing. */
  readonly uart?: UartOptions;
  /**
   * The ports of the module: `at` for commands, `nmea` for positions; the first one is `at`. Each has
   * a transport in `ports` of the emulator. Default: one `at`.
   */
  readonly ports?: readonly PortKind[];
  /** Name of the port, as a device that can be unplugged has one. Default `/dev/ttyUSB2`. */
  readonly path?: string;
  /** Speed that the module starts with, as if `AT+IPREX` had stored it. Default 115200. */
  readonly baudRate?: number;
  /** What goes wrong by chance. Default: nothing. */
  readonly faults?: FaultOptions;
  /** Commands that are added, or that replace those of the same name. */
  readonly behaviours?: readonly Behaviour[];
  /** SIM, registration and signal; what is left out is in good order. */
  readonly surroundings?: Partial<Surroundings>;
  /**
   * What happens to the module from outside, as an observable made from its control handle. It is
   * subscribed to while the port is open.
   */
  readonly scenario?: (control: EmulatorControl) => Observable<unknown>;
  /**
   * What opening the port finds: a module that has been running for long, and is ready and silent,
   * one that is just switched on, or one that is off and stays off until `control.powerOn()` or
   * `control.pressPowerKey()`. Default `running`.
   */
  readonly start?: 'running' | 'starting' | 'off';
  /**
   * What closing the port does: it switches the module off, or the module goes on with all that is
   * open, as it does when the host's program is killed; one that is off then stays off until
   * `control.powerOn()` or `control.pressPowerKey()`. Default `off`.
   */
  readonly whenClosed?: 'off' | 'goes on';
}
