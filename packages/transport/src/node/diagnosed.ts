import { channel } from 'node:diagnostics_channel';
import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { ByteLink, LinkEnd } from '../byte-link.js';
import { tapLink } from '../tap-link.js';

/** What the channels carry; `link` names the link: `serial:/dev/ttyUSB2`, `tcp:host:port`. */
export type LinkDiagnostic =
  | { readonly link: string }
  | { readonly link: string; readonly bytes: Uint8Array }
  | { readonly link: string; readonly end: LinkEnd };

const opened = channel('a7600:link:open');
const received = channel('a7600:link:received');
const written = channel('a7600:link:written');
const ended = channel('a7600:link:end');

/**
 * Publishes what happens on a link to `node:diagnostics_channel`: `a7600:link:open`, `:received`,
 * `:written`, `:end`. Only a channel that has a subscriber when the link is opened costs anything.
 *
 * @param link the name that the messages carry
 * @returns an operator on transports
 */
export function diagnosed<L extends ByteLink>(link: string): MonoTypeOperatorFunction<L> {
  return (source) =>
    new Observable((subscriber) => {
      const bytesTo = (to: typeof received) =>
        to.hasSubscribers ? (bytes: Uint8Array) => to.publish({ link, bytes }) : undefined;
      const observer = {
        received: bytesTo(received),
        written: bytesTo(written),
        ended: ended.hasSubscribers ? (end: LinkEnd) => ended.publish({ link, end }) : undefined,
      };
      const watched = Object.values(observer).some((one) => one !== undefined);
      return (watched ? source.pipe(tapLink<L>(observer)) : source).subscribe({
        next: (open) => {
          if (opened.hasSubscribers) opened.publish({ link });
          subscriber.next(open);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}
