import { type ByteLink, linkPair, type PairEnd, type Transport, TransportError } from '@a7600/transport';
import { asyncScheduler, Observable, Subject } from 'rxjs';
import { memoryNetwork } from '../networks/memory/memory-network.js';
import { random } from '../random.js';
import { assemble } from './assembly.js';
import { behaviours } from './behaviours/index.js';
import { Clock } from './clock.js';
import { controlOf, type EmulatorControl } from './control.js';
import type { EmulatorEvent } from './events.js';
import { Faults } from './faults/faults.js';
import { directLine } from './line/direct-line.js';
import { DEFAULT_FORMAT } from './line/serial-format.js';
import { type UartLine, uartLine } from './line/uart-line.js';
import type { EmulatorOptions } from './options.js';
import { a76xx } from './profiles/a76xx.js';
import { instant } from './timing.js';

/**
 * An emulated A7600 as a transport.
 *
 * Subscribing opens its serial port, one at a time (`PORT_BUSY`); unsubscribing closes it. Through
 * {@link EmulatorControl} the outside acts on it.
 */
export type Emulator = Transport & { readonly control: EmulatorControl };

/** Makes an {@link Emulator}. */
export function emulator(options: EmulatorOptions = {}): Emulator {
  const { scheduler = asyncScheduler, start = 'running', whenClosed = 'off' } = options;
  const faults = new Faults(options.faults);
  const events = new Subject<EmulatorEvent>();
  let host: PairEnd | undefined;
  let uart: UartLine | undefined;

  const unplug = () => {
    host?.lose(new TransportError('TRANSPORT_LOST', 'The emulated module was unplugged.'));
  };
  const emit = (event: EmulatorEvent) => events.next(event);
  const assembly = assemble({
    scheduler,
    faults,
    unplug,
    network: options.network ?? memoryNetwork({ scheduler }),
    profile: options.profile ?? a76xx,
    timing: options.timing ?? instant,
    baudRate: options.baudRate ?? DEFAULT_FORMAT.baudRate,
    behaviours: [...behaviours, ...(options.behaviours ?? [])],
    surroundings: options.surroundings ?? {},
    ports: 1,
    emit,
  });
  const { module } = assembly;
  const { port } = module;
  faults.fired$.subscribe((fault) => emit({ kind: 'fault', fault }));
  const control = controlOf({ assembly, unplug, events$: events.asObservable(), uart: () => uart });

  /** Connects the module's end of the line; returns what takes it away again. */
  const connect = (far: PairEnd): (() => void) => {
    const clock = new Clock(scheduler);
    uart =
      options.uart &&
      uartLine(far, port, { ...options.uart, clock, faults, chance: random(faults.seed).fork('line') });
    const line = uart ?? directLine(far, port, { clock, faults });
    const disconnectPort = port.connect(line);
    return () => {
      disconnectPort();
      line.disconnect();
      clock.stop();
      uart = undefined;
    };
  };

  const transport = new Observable<ByteLink>((subscriber) => {
    if (host !== undefined) {
      subscriber.error(new TransportError('PORT_BUSY', 'The port of the emulated module is open.'));
      return;
    }
    const [near, far] = linkPair();
    host = near;
    const disconnect = connect(far);
    subscriber.add(() => {
      disconnect();
      if (whenClosed === 'off') module.powerOff();
      // Takes what the module did not, so that the host's end is closed without waiting.
      far.received$.subscribe({ error: () => {} });
      far.resume();
      near.close().subscribe({ error: () => {} });
      host = undefined;
    });
    near.ended$.subscribe((end) => {
      if (end.by === 'lost') subscriber.error(end.error);
      else subscriber.complete();
    });
    if (module.power === 'off' && start === 'running') assembly.wake();
    if (options.scenario !== undefined) subscriber.add(options.scenario(control).subscribe());
    subscriber.next(near);
    if (module.power === 'off') module.start();
  });
  return Object.assign(transport, { control });
}
