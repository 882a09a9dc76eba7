export { type DuplexLink, fromDuplex } from './from-duplex.js';
