import { type Modem, modem, multiplexed } from '@a7600/tcpip';
import type { SerialLink, Transport } from '@a7600/transport';
import { combineLatest, type Observable, type SchedulerLike } from 'rxjs';

/** Opens a modem on one UART, and a further AT port on the same UART for another use. */
export function openUart(
  uart: Transport, // serial({ path: '/dev/ttyS1', baudRate: 115_200 })
  scheduler?: SchedulerLike,
): Observable<[Modem, SerialLink]> {
  const ports = multiplexed(uart, { scheduler });
  return combineLatest([modem(ports, { scheduler }), ports.spare]);
}
