export { chunking, chunksOf } from './chunking.js';
export { protocolPayload, protocolWord } from './payload.js';
