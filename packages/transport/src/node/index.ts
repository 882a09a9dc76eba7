/**
 * Byte links as Node's streams and the other way round, and diagnostics channels.
 *
 * @packageDocumentation
 * @public
 */

export { diagnosed, type LinkDiagnostic } from './diagnosed.js';
export { type DuplexLink, fromDuplex } from './from-duplex.js';
export { toDuplex } from './to-duplex.js';
