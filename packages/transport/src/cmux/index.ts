export { type CmuxOptions, cmux, type Multiplexed } from './cmux.js';
export type { FrameFaults } from './frame-decoder.js';
