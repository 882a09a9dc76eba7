export { fromWebStreams } from './from-web-streams.js';
export { toWebStreams, type WebStreams } from './to-web-streams.js';
