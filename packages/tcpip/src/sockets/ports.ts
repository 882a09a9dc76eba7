import { defer, EMPTY, type Observable } from 'rxjs';
import type { Lifetime } from '../base/lifetime.js';

/** The local ports of a network. One that is being given back is free for the next when that is done. */
export class Ports {
  private readonly holders = new Map<string, Lifetime>();

  /** Takes a port for `lifetime`. Cold; completes when the lifetime that had it before has given it back. */
  take(kind: 'tcp' | 'udp', port: number, lifetime: Lifetime): Observable<never> {
    return defer(() => {
      const key = `${kind} ${port}`;
      const previous = this.holders.get(key);
      this.holders.set(key, lifetime);
      return previous?.ending ? previous.release() : EMPTY;
    });
  }
}
