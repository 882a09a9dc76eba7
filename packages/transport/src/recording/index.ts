/**
 * Recordings of what passes over a link, and links that play them.
 *
 * @packageDocumentation
 * @public
 */

export type { RecordingEntry, RecordingHeader } from './format.js';
export { type RecordOptions, record } from './record.js';
export { type ReplayOptions, replay } from './replay.js';
