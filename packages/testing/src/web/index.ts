export { type WebPort, webPort } from './web-port.js';
