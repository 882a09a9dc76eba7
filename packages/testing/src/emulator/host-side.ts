import { type ByteLink, linkPair, type PairEnd, type Transport, TransportError } from '@a7600/transport';
import { Observable, type Subscriber, type Subscription } from 'rxjs';
import type { Random } from '../random.js';
import type { Port } from './at/port.js';
import { Clock } from './clock.js';
import type { Device } from './device.js';
import type { Faults } from './faults/faults.js';
import { directLine } from './line/direct-line.js';
import { type UartLine, type UartOptions, uartLine } from './line/uart-line.js';

/** What a {@link HostSide} is made of. */
export interface HostSideOptions {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly chance: Random;
  readonly uart: UartOptions | undefined;
  readonly device: Device;
  /** Called before its link is emitted; what it returns is undone when the port is closed. */
  opening(): Subscription;
  /** Called after its link was emitted. */
  opened(): void;
  /** Called when it has been closed. */
  closed(): void;
}

/** The host's side of one port of the module: a transport that opens it. */
export class HostSide {
  /** Opens the port, one at a time (`PORT_BUSY`); unsubscribing closes it. */
  readonly transport: Transport;
  private readonly port: Port;
  private readonly options: HostSideOptions;
  private host: PairEnd | undefined;
  private currentUart: UartLine | undefined;
  private severed = false;

  constructor(port: Port, options: HostSideOptions) {
    this.port = port;
    this.options = options;
    this.transport = new Observable((subscriber) => {
      if (options.device.path === undefined) {
        subscriber.error(new TransportError('PORT_NOT_FOUND', 'The emulated module is not plugged in.'));
      } else if (this.host !== undefined) {
        subscriber.error(new TransportError('PORT_BUSY', 'The port of the emulated module is open.'));
      } else {
        this.open(subscriber);
      }
    });
  }

  get isOpen(): boolean {
    return this.host !== undefined;
  }

  /** The UART, while the port is open and has one. */
  get uart(): UartLine | undefined {
    return this.currentUart;
  }

  /** The cable is pulled: the line is cut, also for a host that closes the port because another one was cut first. */
  sever(): void {
    this.severed = true;
  }

  /** Cuts the line. */
  unplug(): void {
    this.host?.lose(unplugged());
    this.severed = false;
  }

  private open(subscriber: Subscriber<ByteLink>): void {
    const { options } = this;
    const [near, far] = linkPair();
    this.host = near;
    const disconnect = this.connect(far);
    subscriber.add(() => {
      if (this.severed) near.lose(unplugged());
      disconnect();
      this.host = undefined;
      options.closed();
      // Takes what the module did not, so that the host's end is closed without waiting.
      far.received$.subscribe({ error: () => {} });
      far.resume();
      near.close().subscribe({ error: () => {} });
    });
    near.ended$.subscribe((end) => {
      if (end.by === 'lost') subscriber.error(end.error);
      else subscriber.complete();
    });
    subscriber.add(options.opening());
    const { uart } = this;
    // As a serial port, a line with a speed can say when it is empty; accepted is not sent.
    subscriber.next(uart === undefined ? near : Object.assign(near, { drain: () => uart.drain() }));
    if (!subscriber.closed) options.opened();
  }

  /** Connects the module's end of the line; returns what takes it away again. */
  private connect(far: PairEnd): () => void {
    const { faults, chance, uart } = this.options;
    const { scheduler } = this.options.clock;
    const clock = new Clock(scheduler);
    this.currentUart = uart && uartLine(far, this.port, { ...uart, clock, faults, chance });
    const line = this.currentUart ?? directLine(far, this.port, { clock, faults });
    const disconnectPort = this.port.connect(line);
    return () => {
      disconnectPort();
      line.disconnect();
      clock.stop();
      this.currentUart = undefined;
    };
  }
}

function unplugged(): TransportError {
  return new TransportError('TRANSPORT_LOST', 'The emulated module was unplugged.');
}
