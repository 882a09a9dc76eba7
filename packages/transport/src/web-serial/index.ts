/**
 * Serial ports in the browser, by the Web Serial API.
 *
 * @packageDocumentation
 * @public
 */

export type { WebSerialPortLike } from './port-like.js';
export { requestModem, simcomFilters, type WebSerialLike } from './request-modem.js';
export { type WebSerialOptions, webSerial } from './web-serial.js';
