import { agent } from '@a7600/fleet';
import type { Transport } from '@a7600/transport';
import { connect } from '@nats-io/transport-node';
import { from, switchMap } from 'rxjs';

/** Offers the modem at the other end of `transport` to the fleet, and keeps it online, while it is subscribed. */
export function offer(servers: string, transport: Transport) {
  const modems = [{ name: 'east', transport, online: { network: { apn: 'internet' } } }];
  const connection = connect({ servers, maxReconnectAttempts: -1, pingInterval: 2_000, timeout: 3_000 });
  return from(connection).pipe(switchMap((nats) => agent(modems, nats, { name: 'ROOF-17', setUp: true })));
}
