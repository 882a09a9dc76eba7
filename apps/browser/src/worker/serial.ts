import { type Transport, TransportError } from '@a7600/transport';
import { type WebSerialPortLike, webSerial } from '@a7600/transport/web-serial';
import { defer, from, switchMap } from 'rxjs';

/** What a worker sees of the serial ports that the user has let the page use. */
interface GrantedPorts {
  getPorts(): Promise<readonly WebSerialPortLike[]>;
}

/**
 * A serial port that the user has chosen, opened by the worker itself: a page that is busy does not hold it up.
 *
 * @param index its index among the ports that the page may use
 */
export function serialPort(index: number, baudRate: number): Transport {
  return defer(() => {
    const { serial } = navigator as { readonly serial?: GrantedPorts };
    if (serial === undefined) {
      throw new TransportError(
        'UNSUPPORTED',
        'This browser has no Web Serial for workers. Use Chrome, Edge or Opera on a computer.',
      );
    }
    return from(serial.getPorts());
  }).pipe(
    switchMap((ports) => {
      const port = ports[index];
      if (port === undefined) {
        throw new TransportError(
          'PORT_NOT_FOUND',
          'The port is gone: plug the module in and choose it again.',
        );
      }
      return webSerial(port, { baudRate });
    }),
  );
}
