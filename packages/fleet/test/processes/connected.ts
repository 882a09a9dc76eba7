import { connect, type NatsConnection } from '@nats-io/transport-node';

/** Connects as the programs of a fleet do. */
export function connected(url: string, name = 'test'): Promise<NatsConnection> {
  return connect({
    servers: url,
    name,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    reconnectTimeWait: 250,
    pingInterval: 2_000,
    timeout: 3_000,
    noAsyncTraces: true,
    maxPingOut: 2,
  });
}
