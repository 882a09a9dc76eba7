/**
 * Byte links: one shape for serial ports, streams, sockets, recordings and pairs in memory, and operators on them.
 *
 * @packageDocumentation
 * @public
 */

export { type BridgeEnd, type BridgeStatistics, bridge } from './bridge.js';
export type { ByteLink, LinkEnd, Transport } from './byte-link.js';
export type { PairEnd } from './direct-pair.js';
export { isTransportError, TransportError, type TransportErrorCode } from './errors.js';
export { linkPair } from './link-pair.js';
export { type PumpOptions, pump } from './pump.js';
export { type ReceiveQueue, receiveQueue, receiveQueueOf } from './receive-queue.js';
export { type ReconnectAttempt, type ReconnectOptions, reconnect } from './reconnect.js';
export { REDACTED, redactLine } from './redaction/redact-line.js';
export {
  type RecoveryLevel,
  type Remedy,
  type RemedyCode,
  refusalReasons,
  remedies,
  remedyOf,
  type WaitsFor,
} from './remedies.js';
export type { Framing, InputLines, OutputLines, SerialLink } from './serial-link.js';
export type { PairShape } from './shaped-pair.js';
export { type LinkObserver, tapLink } from './tap-link.js';
export { through } from './through.js';
export { bytesOf, type Chunk, type WriteData, writing } from './write-data.js';
