import type { LiveRecording } from '@a7600/diagnostics/capture';
import { type ByteLink, tapLink } from '@a7600/transport';
import { type MonoTypeOperatorFunction, map, Observable, of } from 'rxjs';

/**
 * Shows observers, which may come and go, what passes through a link.
 *
 * @param start called when the link is open with the set of observers; what it returns is called when the link closes
 * @returns an operator on transports
 */
export function observed<L extends ByteLink>(
  start: (observers: Set<LiveRecording>) => () => void,
): MonoTypeOperatorFunction<L> {
  return (source) =>
    new Observable((subscriber) => {
      let stop = () => {};
      subscriber.add(() => stop());
      const watched$ = source.pipe(
        map((link) => {
          const observers = new Set<LiveRecording>();
          stop();
          stop = start(observers);
          return tap(link, observers);
        }),
      );
      subscriber.add(watched$.subscribe(subscriber));
    });
}

function tap<L extends ByteLink>(link: L, observers: Set<LiveRecording>): L {
  let tapped = link;
  of(link)
    .pipe(
      tapLink({
        written(bytes) {
          for (const observer of observers) observer.sent(bytes);
        },
        received(bytes) {
          for (const observer of observers) observer.received(bytes);
        },
      }),
    )
    .subscribe((shown) => {
      tapped = shown;
    });
  return tapped;
}
