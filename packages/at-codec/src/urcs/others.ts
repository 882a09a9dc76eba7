import type { Urc } from '../decoder/line.js';
import { type Notice, notices } from '../urc.js';

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

/** Calls and short messages. The text of a message is a block if its length is known. */
export const callsAndMessages = /* @__PURE__ */ notices(
  ['manual 7', 'line', 'RING', 'BUSY', 'NO ANSWER', 'NO DIALTONE'],
  [
    'manual 7',
    'name',
    '+CLIP',
    '+CLCC',
    'VOICE CALL',
    'MISSED_CALL',
    '+CMTI',
    '+CMT',
    '+CDS',
    '+CDSI',
    '+CBM',
  ],
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

/** Notifications of HTTP, MQTT and TLS. Their blocks are length-prefixed, see the dialect. */
export const otherServices = /* @__PURE__ */ notices(
  ['manual 16', 'name', '+HTTP_PEER_CLOSED', '+HTTP_NONET_EVENT', '+CHTTPSNOTIFY'],
  ['manual 18', 'name', '+CMQTTCONNLOST', '+CMQTTNONET', '+CMQTTPING'],
  ['manual 18', 'name', '+CMQTTRXSTART', '+CMQTTRXTOPIC', '+CMQTTRXPAYLOAD', '+CMQTTRXEND'],
  ['manual 19', 'name', '+CCHEVENT', '+CCH_PEER_CLOSED', '+CCH_RECV_CLOSED'],
);

/**
 * Results of other services, which come after `OK` and minutes later if the network is slow. A header
 * of one of these names that a block follows belongs to an answer.
 */
export const serviceResults: readonly Urc<Notice>[] = /* @__PURE__ */ notices(
  ['manual 14', 'name', '+CNTP', '+CHTPUPDATE'],
  ['manual 15', 'name', '+CPING'],
  ['manual 16', 'name', '+HTTPACTION', '+HTTPPOSTFILE', '+HTTPREADFILE', '+HTTPREAD'],
  ['manual 16', 'name', '+CHTTPSSTART', '+CHTTPSSTOP', '+CHTTPSOPSE', '+CHTTPSCLSE', '+CHTTPSSEND'],
  ['manual 16', 'name', '+CHTTPSRECV', '+CHTTPS'],
  ['manual 18', 'name', '+CMQTTSTART', '+CMQTTSTOP', '+CMQTTACCQ', '+CMQTTREL', '+CMQTTCONNECT'],
  ['manual 18', 'name', '+CMQTTDISC', '+CMQTTTOPIC', '+CMQTTPAYLOAD', '+CMQTTPUB', '+CMQTTSUBTOPIC'],
  ['manual 18', 'name', '+CMQTTSUB', '+CMQTTUNSUBTOPIC', '+CMQTTUNSUB', '+CMQTTWILLTOPIC', '+CMQTTWILLMSG'],
  ['manual 19', 'name', '+CCHSTART', '+CCHSTOP', '+CCHOPEN', '+CCHCLOSE', '+CCHSEND', '+CCHRECV', '+CCH'],
  ['3GPP TS 27.007', 'name', '+CUSD'],
).map((urc) => ({ ...urc, accepts: (line) => line.payloadLength === 0 }));
