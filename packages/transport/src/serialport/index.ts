export { type SerialOptions, serial } from './serial.js';
