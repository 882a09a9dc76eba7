import type { NatsConnection } from '@nats-io/nats-core';
import { defer, type Observable } from 'rxjs';
import { type AgentOptions, type AgentStatus, runAgent } from '../agent/agent.js';
import type { AgentModem } from '../agent/modem-host.js';
import { type Fleet, type FleetOptions, openFleet } from '../controller/fleet.js';
import { natsEngine } from './nats-engine.js';
import { newId } from './new-id.js';

/**
 * Runs an agent: keeps modems online and offers them to the controllers of the fleet.
 *
 * @param modems - The modems of this machine, or an observable of them: one that is not in the latest list stops.
 * @param connection - A connection to the NATS server, made with the agent's own credentials and `inboxPrefix`; it
 * stays the caller's. Let it reconnect for ever (`maxReconnectAttempts: -1`) and ping every 2 s.
 * @param options - The agent's name, and settings.
 * @returns A cold observable of how it is doing, which runs it. Unsubscribing closes the modems. Errors with
 * `INVALID_ARGUMENT`, `NOT_PERMITTED`, `NOT_SET_UP` or `CLOSED`; a server that is away is waited for.
 */
export function agent(
  modems: readonly AgentModem[] | Observable<readonly AgentModem[]>,
  connection: NatsConnection,
  options: AgentOptions,
): Observable<AgentStatus> {
  return defer(() => runAgent(natsEngine(connection), modems, { ...options, ...platform(options), date }));
}

/**
 * Opens the fleet for a controller or a viewer.
 *
 * @param connection - A connection to the NATS server; see `agent`.
 * @param options - Settings.
 * @returns A cold observable that emits the fleet once. Unsubscribing ends its streams and releases its leases. Errors
 * with `NOT_PERMITTED`, `NOT_SET_UP` or `CLOSED`; a server that is away is waited for.
 */
export function fleet(connection: NatsConnection, options: FleetOptions = {}): Observable<Fleet> {
  return defer(() => openFleet(natsEngine(connection), { ...options, ...platform(options) }));
}

/**
 * Creates the bucket and the stream of the fleet, with the credentials of an administrator. What exists stays.
 *
 * @param connection - A connection to the NATS server.
 * @returns A cold observable that completes when both are there. Errors with `NOT_SET_UP` when one exists with other
 * settings, and with `NOT_PERMITTED`.
 */
export function setUpFleet(connection: NatsConnection): Observable<never> {
  return defer(() => natsEngine(connection).setUp());
}

/** What this platform has for clock and chance, unless the caller has its own. */
function platform(options: Pick<FleetOptions, 'clock' | 'newId'>) {
  return { clock: options.clock ?? (() => performance.now()), newId: options.newId ?? newId };
}

const date = () => new Date().toISOString();
