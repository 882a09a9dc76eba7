import { Observable } from 'rxjs';
import type { Console } from '../console.js';
import { metricsServer } from '../metrics/server.js';
import { listening } from '../running/listening.js';
import { type FleetSnapshot, fleetMetrics } from './metrics.js';

/**
 * Serves the metrics of modems on loopback, and says where; never emits.
 *
 * @param snapshots$ what is known of the modems; a scrape gets the newest
 * @param port the port; 0 is any free one
 * @param console where it says so
 * @returns errors when the port cannot be had, and as the snapshots do
 */
export function servingMetrics(
  snapshots$: Observable<FleetSnapshot>,
  port: number,
  console: Console,
): Observable<never> {
  return new Observable((subscriber) => {
    let newest: FleetSnapshot = { agents: [], modems: [] };
    const fail = (error: unknown) => subscriber.error(error);
    subscriber.add(
      snapshots$.subscribe({
        next: (snapshot) => {
          newest = snapshot;
        },
        error: fail,
      }),
    );
    const server = metricsServer(fleetMetrics(() => newest));
    subscriber.add(
      listening(server, { host: '127.0.0.1', port }, '--metrics').subscribe({
        next: ({ port: bound }) => console.tell(`Metrics at http://127.0.0.1:${bound}/metrics.`),
        error: fail,
      }),
    );
  });
}
