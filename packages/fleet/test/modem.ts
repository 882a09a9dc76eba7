import type { BridgedModem } from '../src/mqtt/messages.js';

/** A modem for tests. */
export const MODEM: BridgedModem = {
  name: 'east',
  imei: '861234567890123',
  model: 'A7670E',
  firmware: 'A011B04A7670M7',
  online: true,
  state: 'online',
  signalDbm: -67,
  operator: 'Telekom.de',
  links: 2,
  sent: 1_024,
  received: 4_096,
};
