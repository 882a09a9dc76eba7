import { notices } from '../urc.js';

/** Time and name of the network. */
export const networkTime = /* @__PURE__ */ notices([
  'manual 4',
  'name',
  '*PSNWID',
  '*PSUTTZ',
  '+CTZV',
  'DST',
  '+NITZ',
]);

/** What the platform reports of itself. */
export const platform = /* @__PURE__ */ notices([
  'manual 4',
  'name',
  '*RADIOPOWER',
  '*COPN',
  '*BANDIND',
  '*REJCAUSE',
  '+CSCON',
  '+MSTK',
  '+CCIOTOPTI',
  '+CNETCI',
  '+CNSMOD',
]);

/** Calls and short messages. The text of a message follows its line as lines of its own. */
export const callsAndMessages = /* @__PURE__ */ notices(
  ['manual 7', 'line', 'RING'],
  ['manual 7', 'name', '+CLIP', '+CLCC', 'VOICE CALL', 'MISSED_CALL', '+CMTI', '+CMT', '+CDS'],
);

/** Positioning on the same port: its state, and NMEA sentences. */
export const positioning = /* @__PURE__ */ notices(
  ['manual 23', 'name', '+CGNSSPWR'],
  ['manual 23', 'prefix', '$G'],
);

/** Temperature, voltage and power. */
export const hardware = /* @__PURE__ */ notices(
  ['manual 3', 'name', 'CMTE', '+CMTE', 'UNDER-VOLTAGE WARNING', 'OVER-VOLTAGE WARNING'],
  ['manual 3', 'line', 'NORMAL POWER DOWN', 'POWERED DOWN'],
);

/** HTTP, MQTT and TLS of the module. Their blocks are counted, see the dialect. */
export const otherServices = /* @__PURE__ */ notices(
  ['manual 16', 'name', '+HTTP_PEER_CLOSED', '+HTTP_NONET_EVENT', '+CHTTPSNOTIFY'],
  ['manual 18', 'name', '+CMQTTCONNLOST', '+CMQTTNONET', '+CMQTTPING'],
  ['manual 18', 'name', '+CMQTTRXSTART', '+CMQTTRXTOPIC', '+CMQTTRXPAYLOAD', '+CMQTTRXEND'],
  ['manual 19', 'name', '+CCHEVENT', '+CCH_PEER_CLOSED', '+CCH_RECV_CLOSED'],
);
