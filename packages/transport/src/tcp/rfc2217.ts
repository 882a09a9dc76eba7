import { Observable } from 'rxjs';
import { diagnosed } from '../node/diagnosed.js';
import type { Framing, InputLines, SerialLink } from '../serial-link.js';
import { Rfc2217Link } from './rfc2217-link.js';
import { connectTo, type TcpOptions } from './tcp.js';

/** A serial port behind an RFC 2217 server, and how it is to be set. */
export interface Rfc2217Options extends TcpOptions, Framing {
  /** Bits per second. Default 115200. */
  readonly baudRate?: number | undefined;
  /** Time in ms that the server has for each answer. Default 5000. */
  readonly answerTimeout?: number | undefined;
}

/** A {@link SerialLink} over RFC 2217, with what only a server tells or does. */
export interface RemotePort extends SerialLink {
  /** The device's lines whenever they change. Hot, replays the last state; completes with the link. */
  readonly lines$: Observable<InputLines>;
  /** Drops what the server has buffered in either direction. Cold; completes when it has. */
  purge(): Observable<never>;
}

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
  return link$.pipe(diagnosed(`rfc2217:${options.host}:${options.port}`));
}
