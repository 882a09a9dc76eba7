/**
 * Many modems on many machines: agents that offer them, and controllers that drive them, over NATS.
 *
 * @packageDocumentation
 * @experimental
 */

export type { AgentModemStatus, AgentOptions, AgentStatus } from './agent/agent.js';
export type { AgentModem, Procedure } from './agent/modem-host.js';
export { FleetError, type FleetErrorCode, isFleetError } from './base/errors.js';
export type { AnyModem, Where } from './controller/any.js';
export type { FleetAgent, FleetEntry } from './controller/directory.js';
export type { Fleet, FleetEvent, FleetOptions } from './controller/fleet.js';
export type { FleetModem, LeasedModem } from './controller/fleet-modem.js';
export type { Presence } from './controller/presence.js';
export { agent, fleet, setUpFleet } from './nats/programs.js';
export type { ModemReport } from './protocol/modem-report.js';
export { isFleetName, PROTOCOL_VERSION } from './protocol/names.js';
export type { StreamTimes } from './stream/machine.js';
export type { StreamOptions } from './stream/stream-table.js';
