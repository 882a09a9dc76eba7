/**
 * Serial ports of this computer, by the package `serialport`.
 *
 * @packageDocumentation
 * @public
 */

export { findModem, type ModemQuery } from './find-modem.js';
export { holdersOf, type PortHolder } from './holders.js';
export {
  callOutName,
  listModems,
  type ModemPort,
  type PortRole,
  type SystemPort,
  type UsbPort,
} from './list-modems.js';
export { type SerialOptions, serial } from './serial.js';
