import { emulator, memoryNetwork } from '@a7600/testing';
import type { SchedulerLike } from 'rxjs';

/** A module whose network has one server, and 20 to 80 ms of latency. */
export function withServer(scheduler: SchedulerLike) {
  const outside = memoryNetwork({ scheduler, latency: [20, 80] });
  outside.serve('example.com', 80).subscribe((connection) => {
    connection.received$.subscribe(() => connection.write('hello').subscribe());
  });
  return { module: emulator({ scheduler, network: outside }), callIn: outside.callIn };
}
