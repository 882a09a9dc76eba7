import { Observable } from 'rxjs';
import { TransportError } from '../errors.js';
import { emitPort } from '../opened-port.js';
import type { Framing, SerialLink } from '../serial-link.js';
import type { OpenSettings, WebSerialPortLike } from './port-like.js';
import { webPortLink, webReleases } from './web-port-link.js';

/** How to open a port of the Web Serial API. */
export interface WebSerialOptions extends Framing {
  /** Bits per second. Default 115200. */
  readonly baudRate?: number | undefined;
  /** Bytes that the browser keeps for each direction. Default 65536. */
  readonly bufferSize?: number | undefined;
}

/**
 * A serial port in the browser, chosen by the user ({@link requestModem}) or granted earlier.
 *
 * Cold: each subscription opens the port, unsubscribing closes it and releases its streams. Errors
 * with `PORT_BUSY` or `PORT_FAILED` when it cannot be opened, `TRANSPORT_LOST` when the device goes
 * away. Framing errors and breaks on the line are not the end: reading goes on after them.
 *
 * @param port the port
 * @param options rate and framing
 * @returns a cold transport of a serial port
 */
export function webSerial(port: WebSerialPortLike, options: WebSerialOptions = {}): Observable<SerialLink> {
  return new Observable((subscriber) => {
    const settings = openOptions(options);
    webReleases
      .done(port)
      .then(() => (subscriber.closed ? undefined : port.open(settings)))
      .then(
        () => {
          if (subscriber.closed && port.readable === null) return;
          emitPort(subscriber, webPortLink(port, settings));
        },
        (cause: unknown) => subscriber.error(openError(cause)),
      );
  });
}

function openOptions(options: WebSerialOptions): OpenSettings {
  const { baudRate = 115_200, bufferSize = 65_536, dataBits = 8, parity = 'none', stopBits = 1 } = options;
  if (dataBits !== 7 && dataBits !== 8) {
    throw new TransportError('INVALID_ARGUMENT', 'dataBits must be 7 or 8: Web Serial has no others.');
  }
  const flowControl = options.rtscts === true ? 'hardware' : 'none';
  return { baudRate, bufferSize, dataBits, parity, stopBits, flowControl };
}

function openError(cause: unknown): TransportError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof Error && cause.name === 'InvalidStateError') {
    return new TransportError('PORT_BUSY', 'The port is open already: close it first.', cause);
  }
  const hint = 'Another program, or another tab, may hold it; ModemManager takes modem ports by itself.';
  return new TransportError('PORT_FAILED', `Cannot open the port: ${reason}. ${hint}`, cause);
}
