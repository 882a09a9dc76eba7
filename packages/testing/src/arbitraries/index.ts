/**
 * Arbitraries of fast-check: what modules print, and how it is cut.
 *
 * @packageDocumentation
 * @public
 */

export { chunking, chunksOf } from './chunking.js';
export {
  answerFrame,
  bootTrain,
  type Frame,
  lineFrame,
  pushFrame,
  readFrame,
  urcFrame,
  urcLine,
} from './frames.js';
export { type Damage, damage, damaged, noise } from './noise.js';
export { protocolPayload, protocolWord } from './payload.js';
export { type Session, session, sessionBytes, sessionParts } from './sessions.js';
