import { Observable } from 'rxjs';
import type { CurrentNetwork } from '../connection/current-network.js';
import { listening } from '../running/listening.js';
import type { Call } from '../subcommand.js';
import { metricsOf } from './registry.js';
import { metricsServer } from './server.js';

/**
 * Serves the metrics of a network on loopback and says where; never emits.
 *
 * @param current the network
 * @param port the port; 0 is any free one
 * @param call whose console says where the metrics are
 * @returns errors when the port cannot be had; unsubscribing ends the server
 */
export function serving({ current$ }: CurrentNetwork, port: number, { console }: Call): Observable<never> {
  return new Observable((subscriber) => {
    const { registry, stop } = metricsOf(current$);
    subscriber.add(stop);
    const at = { host: '127.0.0.1', port };
    subscriber.add(
      listening(metricsServer(registry), at, '--metrics').subscribe({
        next: ({ port: bound }) => console.tell(`Metrics at http://127.0.0.1:${bound}/metrics.`),
        error: (error: unknown) => subscriber.error(error),
      }),
    );
  });
}
