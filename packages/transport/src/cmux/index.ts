/**
 * Several serial channels over one line: 3GPP TS 27.010, basic option.
 *
 * @packageDocumentation
 * @experimental
 */

export { type CmuxOptions, cmux, type Multiplexed } from './cmux.js';
export type { FrameFaults } from './frame-decoder.js';
