/**
 * Many modems on many machines: agents that offer them, and controllers that drive them, over NATS.
 *
 * @packageDocumentation
 * @experimental
 */

export { FleetError, type FleetErrorCode, isFleetError } from './base/errors.js';
export { isFleetName, PROTOCOL_VERSION } from './protocol/names.js';
