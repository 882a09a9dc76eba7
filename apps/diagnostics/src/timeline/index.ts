/**
 * What a recording shows over time.
 *
 * @module
 */

export { type CommandSpan, type LinkSpan, type Span, type Timeline, timelineOf } from './model.js';
