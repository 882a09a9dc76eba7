import { csq } from '@a7600/at-codec';
import { type ModemPorts, modem } from '@a7600/tcpip';
import { through } from '@a7600/transport';
import { combineLatest, first, map, type Observable, of, type SchedulerLike, switchMap } from 'rxjs';

/**
 * Asks a server in transparent mode, and the module for its signal at the same time. The ports are two of one module:
 * `{ control: serial({ path: '/dev/ttyUSB2' }), data: serial({ path: '/dev/ttyUSB3' }) }`.
 */
export function askBeside(ports: ModemPorts, line: string, scheduler?: SchedulerLike): Observable<string> {
  return modem(ports, { scheduler }).pipe(
    switchMap((m) =>
      m.network({ apn: 'internet', transparent: true }).pipe(
        switchMap((net) => net.transparent({ host: 'example.com', port: 4000 })),
        switchMap((session) => combineLatest([of(`${line}\n`).pipe(through(session)), m.run(csq())])),
      ),
    ),
    map(([bytes, { rssi }]) => `${new TextDecoder().decode(bytes).trim()}, signal ${rssi}`),
    first(),
  );
}
