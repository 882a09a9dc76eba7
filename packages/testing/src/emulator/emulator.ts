import type { Transport } from '@a7600/transport';
import { asyncScheduler, Subject, Subscription } from 'rxjs';
import { memoryNetwork } from '../networks/memory/memory-network.js';
import { stallable } from '../networks/stallable.js';
import { random } from '../random.js';
import { assemble } from './assembly.js';
import { behaviours } from './behaviours/index.js';
import { Clock } from './clock.js';
import { controlOf, type EmulatorControl } from './control.js';
import { Device } from './device.js';
import type { EmulatorEvent } from './events.js';
import { absences } from './faults/absences.js';
import { Faults } from './faults/faults.js';
import { HostSide } from './host-side.js';
import { DEFAULT_FORMAT } from './line/serial-format.js';
import type { EmulatorOptions } from './options.js';
import { outside } from './outside.js';
import { a76xx } from './profiles/a76xx.js';
import { instant } from './timing.js';

/**
 * An emulated A7600 as a transport.
 *
 * Subscribing opens its serial port, one at a time (`PORT_BUSY`; `PORT_NOT_FOUND` while the device
 * is gone); unsubscribing closes it. Through {@link EmulatorControl} the outside acts on it.
 */
export type Emulator = Transport & {
  readonly control: EmulatorControl;
  /** Its ports, in the order of the option `ports`; the first one is the emulator itself. */
  readonly ports: readonly Transport[];
};

/** Name of the port unless told otherwise. */
const USUAL_PATH = '/dev/ttyUSB2';

/**
 * Makes an {@link Emulator}.
 *
 * @param options Everything has a default; see {@link EmulatorOptions}.
 * @returns The transport of its first port. Cold.
 */
export function emulator(options: EmulatorOptions = {}): Emulator {
  const { scheduler = asyncScheduler, start = 'running', whenClosed = 'off' } = options;
  const faults = new Faults(options.faults);
  const events = new Subject<EmulatorEvent>();
  const emit = (event: EmulatorEvent) => {
    if (events.observed) events.next(event);
  };
  const chance = random(faults.seed);
  const network = stallable(options.network ?? memoryNetwork({ scheduler }));
  const device = new Device(options.path ?? USUAL_PATH);
  const clock = new Clock(scheduler);

  const assembly = assemble({
    scheduler,
    faults,
    network,
    emit,
    unplug: () => unplug(),
    moment: () => moment(),
    profile: options.profile ?? a76xx,
    timing: options.timing ?? instant,
    baudRate: options.baudRate ?? DEFAULT_FORMAT.baudRate,
    behaviours: [...behaviours, ...(options.behaviours ?? [])],
    surroundings: options.surroundings ?? {},
    ports: options.ports ?? ['at'],
  });
  const { module, ports } = assembly;

  const unplug = () => {
    for (const side of sides) side.sever();
    for (const side of sides) side.unplug();
  };
  const around = outside({ assembly, network, device, clock, unplug, chance: chance.fork('outside') });
  const moment = absences(faults, clock, around);
  faults.fired$.subscribe((fault) => emit({ kind: 'fault', fault }));

  /** A module that goes on when its port is closed is not switched on by opening it again. */
  let begun = false;
  const mayBegin = () => module.power === 'off' && !(begun && whenClosed === 'goes on');
  const sides = ports.map(
    (port): HostSide =>
      new HostSide(port, {
        clock,
        faults,
        device,
        chance: chance.fork('line'),
        uart: options.uart,
        opening() {
          if (mayBegin() && start === 'running') assembly.wake();
          return options.scenario?.(control).subscribe() ?? Subscription.EMPTY;
        },
        opened() {
          if (mayBegin() && start !== 'off') module.start();
          begun = true;
        },
        closed() {
          if (whenClosed === 'goes on' || sides.some(({ isOpen }) => isOpen)) return;
          around.calm();
          module.powerOff();
        },
      }),
  );
  const [main] = sides as [HostSide];
  const control = controlOf({
    assembly,
    outside: around,
    events$: events.asObservable(),
    uart: () => main.uart,
  });
  return Object.assign(main.transport, { control, ports: sides.map(({ transport }) => transport) });
}
