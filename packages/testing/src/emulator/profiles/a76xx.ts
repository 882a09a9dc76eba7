import { NOTE_IP_ERRORS } from './network.js';
import type { Profile } from './profile.js';

/** The A7600, A7670 and A7672 generation: AT command manual V1.09 and the logs of its users. */
export const a76xx: Profile = {
  name: 'a76xx',
  family: 'a76xx',
  identity: {
    manufacturer: 'SIMCOM INCORPORATED',
    model: 'A7672SA-FASE',
    revision: 'A011B19A7672M7_F',
    build: 'A7672M7_B19V01_250905',
    imei: '862636050000019',
    deviceInfo: true,
    imsi: '001010123456789',
    iccid: '89860012345678901234',
  },

  commandBuffer: 3071,
  severalCommands: true,
  unquotedText: true,
  flowPrefix: '+IFC',
  spacedListings: [],
  connectText: 1,
  configuresDataEcho: true,

  failedOpen: 'late',
  takesContextNumber: false,
  closedAddress: '+IP ERROR',
  defaultBearer: 'can be switched',
  quotedAddresses: false,
  contextTail: ',"0.0.0.0",0,0,,,,',
  ipErrors: NOTE_IP_ERRORS,

  linkTypes: ['TCP', 'UDP', 'UDP SERVER'],
  sendBuffer: 64_240,
  receiveBuffer: 64_240,
  sendHasRead: false,
  unopenedSend: 3,
  cancelledSend: 'ERROR',
  brokenSend: 'result',
  partialSends: true,
  udpNeedsLocalPort: true,
  udpListing: 'any',
  udpClose: 'result first',
  noticesClose: 'when drained',
  closeDelay: 30,
  keepsUnread: true,

  notifies: 'once',
  emptyRead: 'error',
  readEnd: 2,
  readsWhilePushing: true,
  readRanges: '(0-5),(0-9),(1-1500)',
  notifiesAddress: true,
  pushFrom: 'RECV FROM:{host}:{port}',
  pushLength: '+IPD{length}',
  pushLink: '+RECEIVE,{link},{length}',
  configuresDatagrams: true,

  stopOrder: 'OK first',
  stopsWithClients: 'refused',
  acceptedIndex: 'server',
  fixedSendsOnly: false,

  guardTime: 1_000,
  plusTime: 900,
  otherLinks: 'refused',
  udpCloseSaysClosed: true,
  suspendedCloseSaysClosed: false,
  urcsInData: false,
  headersInData: false,

  startsWithNul: false,
  // log esp #669; the times are those of field notes 7.
  startLines: [{ at: 0, text: '*ATREADY: 1' }],
  simTime: 1_000,
  simLines: [
    { at: 4_000, text: 'SMS DONE' },
    { at: 4_000, text: '+CGEV: EPS PDN ACT 1' },
    { at: 7_000, text: 'PB DONE' },
  ],
  noSimLine: '+CME ERROR: SIM not inserted',
  unreadSim: 14,
  // driver A7670Driver waits for it; the manual says nothing.
  farewell: 'NORMAL POWER DOWN',

  messageMemories: { SM: 50, ME: 180 },
  preferredMemory: 'SM',
  firstMessageIndex: 1,
  emptyName: '""',
};
