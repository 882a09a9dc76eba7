/**
 * Several serial channels over one line: 3GPP TS 27.010, basic option. The frames of both options can be read and
 * written without a line, by programs that look at what others have sent.
 *
 * @packageDocumentation
 * @experimental
 */

export { advancedFrameDecoder, encodeAdvancedFrame } from './advanced-frame.js';
export { type CmuxOptions, cmux, type Multiplexed } from './cmux.js';
export { encodeFrame, type Frame, type FrameType } from './frame.js';
export { type FrameDecoder, type FrameFaults, frameDecoder } from './frame-decoder.js';
