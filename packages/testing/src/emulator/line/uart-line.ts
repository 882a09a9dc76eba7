import type { PairEnd } from '@a7600/transport';
import { defer, EMPTY, first, ignoreElements, type Observable, Subject } from 'rxjs';
import type { Random } from '../../random.js';
import { noise } from '../faults/noise.js';
import { HostPort } from './host-port.js';
import type { Line, LineContext, LineEnd, LineSettings } from './line.js';
import { byteTime, DEFAULT_FORMAT, type SerialFormat, sameFormat } from './serial-format.js';
import { Wire } from './wire.js';

/** The UART between host and module, and the host's end of it. */
export interface UartOptions extends Partial<SerialFormat> {
  /** The host's port uses RTS/CTS; the module does after `AT+IFC=2,2`. Default false. */
  readonly rtscts?: boolean;
  /** Bytes that the host's port keeps for a program that does not read. Default 4096. */
  readonly hostFifo?: number;
  /** Bytes of the host's program that its port takes before a write waits. Default 4096. */
  readonly hostBuffer?: number;
  /** Bytes that the module's port keeps while the module is at work. Default 512 (protocol 8). */
  readonly moduleFifo?: number;
  /** Bytes in the module's port at which it holds the host back by RTS. Default 64 (protocol 8). */
  readonly moduleStop?: number;
  /**
   * The host's end always has the module's speed and frame, also after `AT+IPR`. For a host whose
   * port cannot be seen, as on a pseudo-terminal. Default false.
   */
  readonly hostFollows?: boolean;
  /** Bytes after which either port hands over what came in; the last of a unit always is. Default 64. */
  readonly chunk?: number;
}

/** A {@link Line} that carries bytes at the speed of a UART. */
export interface UartLine extends Line {
  /** Bytes that were lost because the host's port was full. */
  readonly lostByHost: number;
  /** Changes the host's end, as a program does that sets the speed of its port. */
  setHostFormat(format: Partial<SerialFormat>): void;
  /** Completes when everything that the host's port has accepted has left it. Cold. */
  drain(): Observable<never>;
}

/**
 * Both directions of a UART, each paced by itself, with FIFOs that overflow and RTS/CTS that keeps
 * them from it. Ends that differ in speed or frame see garbage: as many bytes, but others.
 */
export function uartLine(
  link: PairEnd,
  end: LineEnd,
  options: UartOptions & LineContext & { readonly chance: Random },
): UartLine {
  const { scheduler } = options.clock;
  const { chance, chunk = 64, rtscts = false, hostFifo = 4096, hostBuffer = 4096 } = options;
  const { moduleFifo = 512, moduleStop = 64, hostFollows = false } = options;
  let hostFormat: SerialFormat = { ...DEFAULT_FORMAT, ...formatOf(options) };
  let module: LineSettings = { format: DEFAULT_FORMAT, heedsHost: false, holdsHost: false };
  /** What the module has set while it was still sending. */
  let pending: LineSettings | undefined;
  let lostByHost = 0;
  let writerStopped = false;
  let delivering = false;
  const sent = new Subject<void>();

  const understood = (bytes: Uint8Array) =>
    sameFormat(hostFormat, module.format) ? bytes : bytes.map(() => chance.integer(0, 255));

  const distort = noise(options.faults, 'to-module');
  const host = new HostPort(link, options, () => {
    steer();
    if (backlog() === 0) end.drained();
  });
  const toHost = new Wire({
    scheduler,
    chunk,
    byteTime: byteTime(module.format),
    isBehind: () => host.waiting > 0,
    deliver(bytes) {
      const fitting = bytes.subarray(0, Math.max(0, hostFifo - host.waiting));
      lostByHost += bytes.length - fitting.length;
      host.deliver(understood(fitting));
      steer();
    },
    onIdle() {
      if (pending !== undefined) apply(pending);
      if (backlog() === 0) end.drained();
    },
  });
  const toModule = new Wire({
    scheduler,
    chunk,
    byteTime: byteTime(hostFormat),
    isBehind: () => end.input.length > 0,
    deliver(bytes) {
      if (writerStopped && toModule.backlog <= hostBuffer / 2) {
        writerStopped = false;
        link.resume();
      }
      // What the module reads at once never fills its port.
      delivering = true;
      end.receive(distort(understood(bytes)));
      delivering = false;
      steer();
    },
    onIdle: () => sent.next(),
  });
  const backlog = () => toHost.backlog + host.backlog;

  /** Stops and starts either direction as the flow control lines say. */
  const steer = () => {
    const hostFull = rtscts && module.heedsHost && host.waiting + chunk > hostFifo;
    if (hostFull) toHost.hold();
    else toHost.release();
    const moduleFull = rtscts && module.holdsHost && end.input.length >= moduleStop;
    if (moduleFull) toModule.hold();
    else toModule.release();
  };

  const setHostFormat = (format: Partial<SerialFormat>) => {
    hostFormat = { ...hostFormat, ...formatOf(format) };
    toModule.setByteTime(byteTime(hostFormat));
  };

  const apply = (settings: LineSettings) => {
    pending = undefined;
    module = settings;
    toHost.setByteTime(byteTime(settings.format));
    if (hostFollows) setHostFormat(settings.format);
    steer();
  };

  end.input.capacity = moduleFifo;
  const unwatch = end.input.watch(() => {
    if (!delivering) steer();
  });
  const receiving = link.received$.subscribe({
    next(bytes) {
      toModule.send(bytes);
      if (writerStopped || toModule.backlog <= hostBuffer) return;
      writerStopped = true;
      link.pause();
    },
    error: () => {},
  });

  return {
    get backlog() {
      return backlog();
    },
    get lostByHost() {
      return lostByHost;
    },
    send: (unit) => toHost.send(unit),
    configure(settings) {
      if (toHost.backlog === 0) apply(settings);
      else pending = settings;
    },
    setHostFormat,
    drain: () => defer(() => (toModule.backlog === 0 ? EMPTY : sent.pipe(first(), ignoreElements()))),
    disconnect() {
      unwatch();
      receiving.unsubscribe();
      toHost.clear();
      toModule.clear();
      sent.next();
    },
  };
}

function formatOf({ baudRate, dataBits, parity, stopBits }: Partial<SerialFormat>): Partial<SerialFormat> {
  return {
    ...(baudRate !== undefined && { baudRate }),
    ...(dataBits !== undefined && { dataBits }),
    ...(parity !== undefined && { parity }),
    ...(stopBits !== undefined && { stopBits }),
  };
}
