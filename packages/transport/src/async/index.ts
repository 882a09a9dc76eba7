/**
 * Byte links and other resources as promises, asynchronous iterators and `await using`.
 *
 * @packageDocumentation
 * @public
 */

export { type AbortSignalLike, abortable } from './abortable.js';
export { iterate } from './iterate.js';
export { type Closable, type Opened, open } from './open.js';
