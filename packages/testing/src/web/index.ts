/**
 * An emulated module in a browser, as a port of the Web Serial API.
 *
 * @packageDocumentation
 * @public
 */

export { type WebPort, webPort } from './web-port.js';
