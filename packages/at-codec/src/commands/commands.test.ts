import { describe, expect, test } from 'vitest';
import { isAtError } from '../errors.js';
import { at, cmee, echo } from './general.js';
import { cipClose, cipOpen } from './links.js';
import { ipAddr, netClose, netOpen } from './network.js';
import { cgdcont } from './pdp.js';
import { csq } from './radio.js';
import { cipRxGet } from './receiving.js';
import { cereg, cgreg, creg } from './registration.js';
import { cipSend } from './sending.js';
import { serverStart, serverStop } from './servers.js';
import { cpin } from './sim.js';

test.each([
  [at(), 'AT'],
  [echo({ on: false }), 'ATE0'],
  [cmee({ mode: 2 }), 'AT+CMEE=2'],
  [cmee.read(), 'AT+CMEE?'],
  [cmee.test(), 'AT+CMEE=?'],
  [cpin(), 'AT+CPIN?'],
  [csq(), 'AT+CSQ'],
  [creg({ report: 1 }), 'AT+CREG=1'],
  [cgreg.read(), 'AT+CGREG?'],
  [cereg.test(), 'AT+CEREG=?'],
  [cgdcont({ apn: 'CMNET' }), 'AT+CGDCONT=1,"IP","CMNET"'],
  [cgdcont({ cid: 2, type: 'IPV4V6', apn: '' }), 'AT+CGDCONT=2,"IPV4V6",""'],
  [netOpen(), 'AT+NETOPEN'],
  [netOpen.read(), 'AT+NETOPEN?'],
  [netClose(), 'AT+NETCLOSE'],
  [ipAddr(), 'AT+IPADDR'],
  [cipRxGet({ buffered: true }), 'AT+CIPRXGET=1'],
  [cipRxGet.take({ link: 1 }), 'AT+CIPRXGET=2,1,1500'],
  [cipRxGet.held({ link: 1 }), 'AT+CIPRXGET=4,1'],
  [cipOpen({ link: 1, host: '117.131.85.139', port: 5253 }), 'AT+CIPOPEN=1,"TCP","117.131.85.139",5253'],
  [cipOpen({ link: 1, host: 'a.de', port: 80, localPort: 9 }), 'AT+CIPOPEN=1,"TCP","a.de",80,9'],
  [cipSend({ link: 0, bytes: new Uint8Array(1500) }), 'AT+CIPSEND=0,1500'],
  [cipClose({ link: 9 }), 'AT+CIPCLOSE=9'],
  [cipClose.read(), 'AT+CIPCLOSE?'],
  [serverStart({ port: 8080, server: 0 }), 'AT+SERVERSTART=8080,0'],
  [serverStart({ port: 7, server: 3, backlog: 1 }), 'AT+SERVERSTART=7,3,1'],
  [serverStop({ server: 1 }), 'AT+SERVERSTOP=1'],
])('$text is written $1', (command, text) => {
  expect(command.text).toBe(text);
});

test('the access point does not reach a log', () => {
  expect(cgdcont({ apn: 'secret' }).label).toBe('AT+CGDCONT=1,"IP","…"');
});

describe('arguments that could break out of the command line are refused and named', () => {
  test.each<[string, () => unknown]>([
    ['apn', () => cgdcont({ apn: 'a"b' })],
    ['apn', () => cgdcont({ apn: 'a\r\nAT+CRESET' })],
    ['apn', () => cgdcont({ apn: 'a\x1a' })],
    ['apn', () => cgdcont({ apn: 'ü' })],
    ['apn', () => cgdcont({ apn: 'a'.repeat(101) })],
    ['cid', () => cgdcont({ cid: 0, apn: '' })],
    ['host', () => cipOpen({ link: 0, host: 'x",1\r', port: 1 })],
    ['port', () => cipOpen({ link: 0, host: 'x', port: 0 })],
    ['port', () => cipOpen({ link: 0, host: 'x', port: 1.5 })],
    ['port', () => cipOpen({ link: 0, host: 'x', port: '1;+CRESET' as unknown as number })],
    ['link', () => cipClose({ link: 10 })],
    ['link', () => cipClose({ link: Number.NaN })],
    ['bytes', () => cipSend({ link: 0, bytes: new Uint8Array(1501) })],
    ['bytes', () => cipSend({ link: 0, bytes: new Uint8Array(0) })],
    ['server', () => serverStart({ port: 7, server: 4 })],
    ['backlog', () => serverStart({ port: 7, server: 0, backlog: 4 })],
  ])('%s', (name, make) => {
    let thrown: unknown;
    try {
      make();
    } catch (error) {
      thrown = error;
    }
    expect(isAtError(thrown, 'INVALID_ARGUMENT') && thrown.message).toMatch(new RegExp(`^${name} must be`));
  });
});
