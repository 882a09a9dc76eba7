import { Observable } from 'rxjs';
import type { Transport } from '../byte-link.js';
import { openError } from './open-error.js';
import { portLink } from './port-link.js';

/** How to open a serial port. */
export interface SerialOptions {
  /** The device: `/dev/ttyUSB2`, `/dev/serial/by-id/…`, `COM3`. */
  readonly path: string;
  /** Bits per second. Default 115200, what an A7600 starts with (UART application note). */
  readonly baudRate?: number;
  /** RTS/CTS flow control in both directions; the module needs `AT+IFC=2,2` too. Default false. */
  readonly rtscts?: boolean;
  /** Refuse the port while another program holds its lock. Default true. */
  readonly lock?: boolean;
}

/**
 * A local serial port, 8N1, through the `serialport` package (an optional peer dependency).
 *
 * Cold: each subscription opens the port, unsubscribing closes it. Errors with a
 * `TransportError`: `PORT_NOT_FOUND`, `PORT_BUSY`, `PORT_DENIED` or `PORT_FAILED` when it cannot
 * be opened, `TRANSPORT_LOST` when the device is unplugged or hangs up. Node only.
 */
export function serial(options: SerialOptions): Transport {
  return new Observable((subscriber) => {
    let release = () => {};
    openPort(options).then(
      (port) => {
        const link = portLink(options.path, port);
        release = link.release;
        if (subscriber.closed) {
          release();
          return;
        }
        link.ended$.subscribe((end) => {
          if (end.by === 'lost') subscriber.error(end.error);
          else subscriber.complete();
        });
        subscriber.next(link);
      },
      (error: unknown) => subscriber.error(openError(options.path, error)),
    );
    return () => release();
  });
}

async function openPort({ path, baudRate = 115_200, rtscts = false, lock = true }: SerialOptions) {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate, rtscts, lock, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  return port;
}
