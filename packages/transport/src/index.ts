export { bridge } from './bridge.js';
export type { ByteLink, LinkEnd, Transport } from './byte-link.js';
export { isTransportError, TransportError, type TransportErrorCode } from './errors.js';
export { type Inlet, inlet } from './inlet.js';
export { linkPair, type PairEnd } from './link-pair.js';
export { type PumpOptions, pump } from './pump.js';
