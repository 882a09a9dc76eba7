import { a76xx } from './a76xx.js';
import type { Profile } from './profile.js';

/** What the A7600 Series TCPIP Application Note V1.00 of 2020 shows, to the letter. */
export const note100: Profile = {
  ...a76xx,
  name: 'note-1.00',
  identity: { ...a76xx.identity, model: 'A7600C', deviceInfo: false },
  configuresDataEcho: false,
  // 3.1.4; the later notes print +IP ERROR.
  closedAddress: '+IPADDR',
  linkTypes: ['TCP', 'UDP'],
  // 3.3.3 lists the peer of a UDP link.
  udpListing: 'peer',
  // 3.3.1 and 3.3.2.
  udpClose: 'OK first in buffer access',
  readRanges: '(0-4),(0-9),(1-1500)',
  notifiesAddress: false,
  configuresDatagrams: false,
  // 3.4.1 and 3.4.2.
  stopOrder: 'result first',
  // 3.4.2 stops server 0 with a client of it open, and no +CIPCLOSE follows AT+NETCLOSE.
  stopsWithClients: 'drops them',
  // 3.4.2 lists a client of server 0 with 1.
  acceptedIndex: 'always 1',
  // 3.4.2: "only supports fixed-length to send".
  fixedSendsOnly: true,
  // 1.6: other links and servers "are still used in command mode" (Q-24a).
  otherLinks: 'work',
};
