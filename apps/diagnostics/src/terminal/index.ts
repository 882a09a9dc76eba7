/**
 * What a terminal says about a module's commands and lines, and the line that it talks to.
 *
 * @module
 */

export { type DialogueEntry, type EntryKind, explanation, meaningOfLine } from './explanation.js';
export { complete, help } from './help.js';
export type { Shown, TerminalLine } from './line.js';
export { moduleLine } from './module-line.js';
export { explained, hexadecimal, readable } from './words.js';
