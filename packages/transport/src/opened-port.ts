import { concat, last, type Subscriber } from 'rxjs';
import type { ByteLink } from './byte-link.js';

/** A link to a port that was opened for one subscriber. */
export type OpenedPort<L extends ByteLink> = L & {
  /** Closes the port at once. */
  release(): void;
};

/**
 * Emits an opened port to its subscriber, or releases it when the subscriber is gone by now. The end is
 * emitted after the port is released, so that it can be opened again at once.
 */
export function emitPort<L extends ByteLink>(subscriber: Subscriber<L>, port: OpenedPort<L>): void {
  if (subscriber.closed) {
    port.release();
    return;
  }
  subscriber.add(() => port.release());
  subscriber.add(
    concat(port.ended$, port.close())
      .pipe(last())
      .subscribe((end) => {
        if (end.by === 'lost') subscriber.error(end.error);
        else subscriber.complete();
      }),
  );
  subscriber.next(port);
}
