import type { ByteLink, Transport } from '@a7600/transport';
import { Observable } from 'rxjs';
import type { OpenPorts } from '../session/session-options.js';

/** Two ports of one module. */
export interface ModemPorts {
  /** Commands, their answers and URCs. */
  readonly control: Transport;
  /** Transparent connections; their bytes flow beside the commands. */
  readonly data: Transport;
}

/**
 * Opens the port of a module, or both of them.
 *
 * @returns Cold; emits once, when all are open, completes when one of them does, errors as one of them does.
 *   Unsubscribing closes the port for data first.
 */
export function openPorts(ports: Transport | ModemPorts): Observable<OpenPorts> {
  const { control, data } = 'subscribe' in ports ? { control: ports, data: undefined } : ports;
  return new Observable((subscriber) => {
    const ends = {
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    };
    const second = (link: ByteLink) => {
      if (data === undefined) subscriber.next({ control: link, data: undefined });
      else {
        subscriber.add(
          data.subscribe({ next: (other) => subscriber.next({ control: link, data: other }), ...ends }),
        );
      }
    };
    const first = control.subscribe({ next: second, ...ends });
    subscriber.add(first);
  });
}
