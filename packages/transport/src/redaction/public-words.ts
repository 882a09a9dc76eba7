/** The words that modules use in results, states and errors; each alone says nothing about anybody. */
const WORDS = new Set(
  // Protocols, types, memories, facilities.
  (
    'TCP UDP IP IPV6 IPV4V6 PPP SM ME MT SR SC PN PU PP PC PF AO OI OX AI IR GSM IRA UCS2 HEX ALL ' +
    'LTE WCDMA EDGE GPRS NO SERVICE ONLINE OFFLINE LOW POWER MODE CLIENT SERVER DATA SSL URL CID UA ' +
    'CONTENT ACCEPT USERDATA SSLCFG READMODE CONNECTTO RECVTO VERSION AUTHMODE ' +
    // States of the SIM and of the network.
    'READY SIM PIN PIN2 PUK PUK2 PH-SIM PH-NET NOT INSERTED REMOVED BUSY FAILURE WRONG REQUIRED INIT ' +
    'EPS PDN ACT DEACT NW DETACH ATTACH CLASS MODIFY PDP NETWORK CLOSED UNEXPECTEDLY OPENED LTE-TDD LTE-FDD ' +
    'REC UNREAD READ STO UNSENT SENT ' +
    // Errors of TS 27.007 and of the application note (4.1).
    'OPERATION ALLOWED SUPPORTED SUCCEEDED INCORRECT PARAMETERS PARAMETER UNKNOWN ERROR MEMORY FULL INVALID ' +
    'INDEX FOUND PHONE LINK-RESERVED ADAPTOR PASSWORD TIMEOUT TIME OUT CONNECTION BIND PORT FAILED OVERFLOW ' +
    'CREATE SOCKET SOCKETS IS ALREADY CREATED OPEN SENDING FOR CLOSE NET LISTENING QUERY DNS PARSE ACTIVE ' +
    'CONNECTED CLIENTS REQUESTED OPTION SUBSCRIBED OK FAIL SUCCESS DISABLED ENABLED NORMAL CAUSE UNSPECIFIED'
  ).split(' '),
);

const SMALL_NUMBER = /^\d{1,3}$/;

/** Whether a text has only words of the protocol, and numbers of up to three digits. */
export function isPublicText(text: string): boolean {
  return text
    .split(' ')
    .every((word) => word === '' || SMALL_NUMBER.test(word) || WORDS.has(word.toUpperCase()));
}

/** Lines without parameters: results, states, starts. */
export const RESULTS =
  /^(?:OK|ERROR|BUSY|NO CARRIER|NO ANSWER|NO DIALTONE|RING|CLOSED|CONNECT(?: \d{1,7})?|CONNECT (?:OK|FAIL)|ALREADY CONNECT|SEND (?:OK|FAIL)|SHUT OK|RDY|START|PB DONE|SMS DONE|SMS Ready|Call Ready|NORMAL POWER DOWN|POWERED DOWN|DOWNLOAD|\+\+\+|>)$/i;

/** What a module says about its make; nothing about its owner. */
export function isProduct(text: string): boolean {
  return PRODUCT.test(text) && !IDENTITY.test(text);
}

/** A number alone, or one as long as those that identify a module, a SIM or a person. */
const IDENTITY = /: ?\d+$|\d{10}/;
const PRODUCT = /^(?:(?:Manufacturer|Model|Revision|DeviceInfo|\+CGMR|\+GCAP): ?)[A-Za-z0-9_.,+& -]{0,60}$/;
