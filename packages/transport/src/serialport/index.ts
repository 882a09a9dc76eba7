export { findModem, type ModemQuery } from './find-modem.js';
export { holdersOf, listModems, type ModemPort, type PortRole, type UsbPort } from './list-modems.js';
export { type SerialOptions, serial } from './serial.js';
