import { a76xx } from './a76xx.js';
import { NOTE_IP_ERRORS } from './network.js';
import type { Profile } from './profile.js';

/** The SIM7500 and SIM7600 siblings: their AT command manual V3.00 and the logs of their users. */
export const sim7600: Profile = {
  ...a76xx,
  name: 'sim7600',
  family: 'sim7600',
  identity: {
    ...a76xx.identity,
    model: 'SIMCOM_SIM7600E-H',
    revision: 'SIM7600M22_V2.0',
    build: 'LE20B04SIM7600M22',
    deviceInfo: false,
  },
  configuresDataEcho: false,
  // log T-SIM7600X #90: a bare ERROR.
  failedOpen: 'at once',
  quotedAddresses: true,
  contextTail: ',"0.0.0.0",0,0,0,0',
  // manual S300 ends the list with these two.
  ipErrors: [...NOTE_IP_ERRORS.slice(0, 21), 'No data', 'Port overflow'],
  linkTypes: ['TCP', 'UDP'],
  sendHasRead: true,
  readRanges: '(0-4),(1-1500)',
  readsWhilePushing: false,
  notifiesAddress: false,
  configuresDatagrams: false,
  stopOrder: 'result first',
  // log esp #789.
  startLines: [{ at: 0, text: 'RDY' }],
  simLines: [
    { at: 4_000, text: 'SMS DONE' },
    { at: 7_000, text: 'PB DONE' },
  ],
  noSimLine: '+SIMCARD: NOT AVAILABLE',
  unreadSim: 13,
  pollsData: true,
  fillingFlags: 4,
  // SMS application note V3.00, 4.1 and 4.2.
  messageMemories: { ME: 23, SM: 50, SR: 10 },
  firstMessageIndex: 0,
  emptyName: '',
};
