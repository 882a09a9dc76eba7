import { defer, Observable } from 'rxjs';
import { TransportError } from '../errors.js';
import { assertGiven, unusable } from '../given.js';
import { diagnosed } from '../node/diagnosed.js';
import { emitPort } from '../opened-port.js';
import type { Framing, SerialLink } from '../serial-link.js';
import { findModem, type ModemQuery } from './find-modem.js';
import { openError } from './open-error.js';
import { type PortLink, portLink } from './port-link.js';
import { deviceName, portReleases } from './port-releases.js';

/** How to open a serial port. Either `path` or `find` says which one. */
export interface SerialOptions extends Framing {
  /** The device: `/dev/ttyUSB2`, `/dev/serial/by-id/…`, `COM3`. */
  readonly path?: string | undefined;
  /**
   * The device by what it is, searched at each subscription: it is found again after it was
   * unplugged, restarted, or given another name.
   */
  readonly find?: ModemQuery | undefined;
  /** Bits per second. Default 115200, what an A7600 starts with (UART application note). */
  readonly baudRate?: number | undefined;
  /** Drop DTR when the port is closed. Default true. */
  readonly hupcl?: boolean | undefined;
  /** Refuse the port while another program holds its lock. Default true. */
  readonly lock?: boolean | undefined;
}

/**
 * A local serial port, through the `serialport` package (an optional peer dependency). Node only.
 *
 * Cold: each subscription opens the port, unsubscribing closes it. Errors with a
 * `TransportError`: `PORT_NOT_FOUND`, `PORT_BUSY`, `PORT_DENIED` or `PORT_FAILED` when it cannot
 * be opened; `TRANSPORT_LOST`, within a second, when the device is unplugged or hangs up.
 *
 * @param options which port, its rate and its framing
 * @returns a cold transport of a serial port
 */
export function serial(options: SerialOptions): Observable<SerialLink> {
  const port$ = new Observable<SerialLink>((subscriber) => {
    openPort(options, () => subscriber.closed).then(
      (link) => {
        if (link !== undefined) emitPort(subscriber, link);
      },
      (error: unknown) => subscriber.error(error),
    );
  });
  return defer(() => {
    assertGiven('serial()', options, "{ path: '/dev/ttyUSB2' }");
    const { path = 'found' } = options;
    if (typeof path !== 'string') throw unusable('serial()', 'the path of a port as a string', path);
    return port$.pipe(diagnosed(`serial:${path}`));
  });
}

/** Opens the port; undefined, and nothing was touched, when it is not wanted any more by then. */
async function openPort(options: SerialOptions, abandoned: () => boolean): Promise<PortLink | undefined> {
  const path = await pathOf(options);
  const { baudRate = 115_200, dataBits = 8, parity = 'none', stopBits = 1 } = options;
  const { rtscts = false, hupcl = true, lock = true } = options;
  try {
    const { SerialPort } = await import('serialport');
    await portReleases.done(deviceName(path));
    if (abandoned()) return undefined;
    const settings = { path, baudRate, dataBits, parity, stopBits, rtscts, hupcl, lock };
    const port = new SerialPort({ ...settings, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(error) : resolve()));
    });
    return portLink(path, port);
  } catch (error) {
    throw await openError(path, error);
  }
}

async function pathOf({ path, find }: SerialOptions): Promise<string> {
  if (path !== undefined) return path;
  if (find !== undefined) return findModem(find);
  throw new TransportError('INVALID_ARGUMENT', 'serial() needs a path, or what to find.');
}
