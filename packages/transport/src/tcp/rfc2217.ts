import { defer, Observable } from 'rxjs';
import { diagnosed } from '../node/diagnosed.js';
import type { RemotePort, Rfc2217Options } from './remote-port.js';
import { Rfc2217Link } from './rfc2217-link.js';
import { assertAddress, connectTo } from './tcp.js';

/**
 * A serial port on another computer, with its speed, framing and lines, by RFC 2217: `ser2net`
 * with `telnet(rfc2217)`, ESPHome, a device server. Node only.
 *
 * Cold: each subscription connects, agrees on the options, sets the port and emits its link;
 * unsubscribing drops the connection. Completes when the server closes it.
 *
 * @throws the codes of `tcp()` when it cannot connect; `PORT_BUSY` or `PORT_FAILED`, with what the
 *   server said, when it hangs up before the port is set up; `UNSUPPORTED` when it does not speak
 *   RFC 2217 or cannot set the port that way; `PROTOCOL` when it floods the connection with options;
 *   `TRANSPORT_LOST` when the connection breaks.
 * @see RFC 2217
 * @param options the address of the server and the settings of the port
 * @returns a cold transport of a serial port
 */
export function rfc2217(options: Rfc2217Options): Observable<RemotePort> {
  const link$ = new Observable<RemotePort>((subscriber) =>
    connectTo(options).subscribe({
      next(wire) {
        const link = new Rfc2217Link(wire, options);
        subscriber.add(() => wire.destroy());
        link.ended$.subscribe((end) => {
          const error = end.by === 'lost' ? end.error : end.by === 'remote' ? link.hungUp() : undefined;
          if (error !== undefined) subscriber.error(error);
          else subscriber.complete();
        });
        subscriber.add(
          link.setUp().subscribe({
            complete: () => subscriber.next(link),
            error: (error: unknown) => subscriber.error(error),
          }),
        );
      },
      error: (error: unknown) => subscriber.error(error),
    }),
  );
  return defer(() => {
    assertAddress('rfc2217()', options);
    return link$.pipe(diagnosed(`rfc2217:${options.host}:${options.port}`));
  });
}
