/**
 * Recordings read and written as captures: what the links of a module carried.
 *
 * @module
 */

export { type Capture, capture } from './capture.js';
export { bytesOf, classifier, isRedacted, type Step } from './classify.js';
export { convert, entriesOf } from './convert.js';
export { addressBytes } from './ip-address.js';
export { Links } from './links.js';
export { type LiveRecording, liveRecording } from './live-recording.js';
export { enhancedPacket, interfaceDescription, LinkType, sectionHeader } from './pcapng.js';
