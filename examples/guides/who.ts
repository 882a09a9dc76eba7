import { modem } from '@a7600/tcpip';
import type { Transport } from '@a7600/transport';
import { first, map, type Observable, type SchedulerLike } from 'rxjs';

/** Which module is at a port, by its own words. */
export function who(port: Transport, scheduler?: SchedulerLike): Observable<string> {
  return modem(port, { scheduler }).pipe(
    first(),
    map(({ identity }) => `${identity?.manufacturer} ${identity?.model}, ${identity?.revision}`),
  );
}
