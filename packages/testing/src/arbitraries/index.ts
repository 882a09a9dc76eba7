export { chunking, chunksOf } from './chunking.js';
export { type Damage, damage, damaged, noise } from './noise.js';
export { protocolPayload, protocolWord } from './payload.js';
export { type Session, session, sessionBytes, sessionParts } from './sessions.js';
export {
  answerUnit,
  bootTrain,
  lineUnit,
  pushUnit,
  readUnit,
  type Unit,
  urcLine,
  urcUnit,
} from './units.js';
