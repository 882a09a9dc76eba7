/**
 * Byte links as web streams and the other way round.
 *
 * @packageDocumentation
 * @public
 */

export { fromWebStreams } from './from-web-streams.js';
export { toWebStreams, type WebStreams } from './to-web-streams.js';
