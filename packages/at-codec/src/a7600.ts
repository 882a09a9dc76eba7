import { otherBlocks, socketBlocks } from './blocks.js';
import type { Dialect } from './decoder/dialect.js';
import { messageBlocks } from './message-blocks.js';
import {
  ceregChanged,
  cgregChanged,
  cregChanged,
  packetEvent,
  signalChanged,
  simCard,
  simState,
  systemChanged,
} from './urcs/network.js';
import {
  callsAndMessages,
  hardware,
  networkTime,
  otherServices,
  platform,
  positioning,
  serviceResults,
} from './urcs/others.js';
import { lateResults } from './urcs/results.js';
import {
  clientAccepted,
  closed,
  dataWaiting,
  dataWaitingFrom,
  linkClosed,
  networkLost,
  pushed,
  pushedOnLink,
  receivedFrom,
} from './urcs/sockets.js';
import { restarted, startup } from './urcs/startup.js';

/** How A7600-series modules write; the SIM7500/SIM7600 family is close enough to share it. */
export const a7600: Dialect = {
  name: 'a7600',
  results: [
    { text: 'OK', match: 'line', ok: true },
    { text: 'ERROR', match: 'line', ok: false },
    { text: '+CME ERROR', match: 'name', ok: false },
    { text: '+CMS ERROR', match: 'name', ok: false },
    { text: 'CONNECT', match: 'name', ok: true, connects: true },
    { text: 'CONNECT FAIL', match: 'line', ok: false, connects: true },
    { text: 'NO CARRIER', match: 'line', ok: false, connects: true },
  ],
  urcs: /* @__PURE__ */ [
    dataWaiting,
    dataWaitingFrom,
    receivedFrom,
    pushed,
    pushedOnLink,
    linkClosed,
    clientAccepted,
    networkLost,
    closed,
    lateResults,
    packetEvent,
    simState,
    simCard,
    cregChanged,
    cgregChanged,
    ceregChanged,
    signalChanged,
    systemChanged,
    restarted,
    startup,
    networkTime,
    platform,
    callsAndMessages,
    positioning,
    hardware,
    otherServices,
    serviceResults,
  ].flat(),
  blocks: /* @__PURE__ */ [socketBlocks, otherBlocks, messageBlocks].flat(),
};
