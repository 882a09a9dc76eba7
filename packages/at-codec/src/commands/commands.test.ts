import { describe, expect, test } from 'vitest';
import { forms } from '../../test/forms/index.js';
import { type CommandInfo, commandBytes } from '../command.js';
import { isAtError } from '../errors.js';
import * as codec from '../index.js';

const { cipOpen, cipSend, cipRxGet, cipCcfg, cgdcont, cpin, cops } = codec;
const bytes = Uint8Array.of(1, 2, 3);

test.each([
  [codec.at(), 'AT'],
  [codec.echo({ on: false }), 'ATE0'],
  [codec.verbose(), 'ATV1'],
  [codec.dtr({ mode: 1 }), 'AT&D1'],
  [codec.dcd({ mode: 0 }), 'AT&C0'],
  [codec.plusPlusPlus(), '+++'],
  [codec.cmee({ mode: 2 }), 'AT+CMEE=2'],
  [codec.cmee.read(), 'AT+CMEE?'],
  [codec.cmee.test(), 'AT+CMEE=?'],
  [cpin(), 'AT+CPIN?'],
  [cpin.unlock({ pin: '1234' }), 'AT+CPIN="1234"'],
  [codec.csq(), 'AT+CSQ'],
  [codec.creg({ report: 1 }), 'AT+CREG=1'],
  [codec.cgreg.read(), 'AT+CGREG?'],
  [codec.cereg.test(), 'AT+CEREG=?'],
  [cops({ mode: 1, format: 2, name: '26201' }), 'AT+COPS=1,2,"26201"'],
  [cops({ mode: 0, technology: 7 }), 'AT+COPS=0,,,7'],
  [codec.cfun({ functionality: 1, reset: true }), 'AT+CFUN=1,1'],
  [codec.ifc({ module: 2, host: 2 }), 'AT+IFC=2,2'],
  [codec.ipr({ baudRate: 921_600 }), 'AT+IPR=921600'],
  [cgdcont({ apn: 'CMNET' }), 'AT+CGDCONT=1,"IP","CMNET"'],
  [cgdcont({ cid: 2, type: 'IPV4V6', apn: '' }), 'AT+CGDCONT=2,"IPV4V6",""'],
  [codec.cgact({ active: true, cid: 1 }), 'AT+CGACT=1,1'],
  [codec.cgpaddr(), 'AT+CGPADDR'],
  [codec.cgcontrdp({ cid: 1 }), 'AT+CGCONTRDP=1'],
  [codec.netOpen(), 'AT+NETOPEN'],
  [codec.netOpen.read(), 'AT+NETOPEN?'],
  [codec.netClose(), 'AT+NETCLOSE'],
  [codec.ipAddr(), 'AT+IPADDR'],
  [codec.cdnsGip({ host: 'example.com' }), 'AT+CDNSGIP="example.com"'],
  [codec.cdnsCfg({ primary: '8.8.8.8', ipv6: false }), 'AT+CDNSCFG="8.8.8.8",,0'],
  [codec.csockSetPn({ ipv6: true }), 'AT+CSOCKSETPN=1,6'],
  [codec.ctcpKa({ on: true, idle: 2, count: 5 }), 'AT+CTCPKA=1,2,5'],
  [codec.cipMode({ transparent: true }), 'AT+CIPMODE=1'],
  [codec.cipTimeout({ cipOpen: 15_000 }), 'AT+CIPTIMEOUT=,15000'],
  [cipCcfg({ linkInHeader: true, retransmission: 75_000 }), 'AT+CIPCCFG=,,,,1,,75000'],
  [cipCcfg.execute(), 'AT+CIPCCFG'],
  [codec.cipCfg({ collect: 5 }), 'AT+CIPCFG="transwaittm",5'],
  [codec.cipCfg.echo({ on: false }), 'AT+CIPCFG="DATAECHO",OFF'],
  [cipRxGet({ buffered: true }), 'AT+CIPRXGET=1'],
  [cipRxGet.take({ link: 1 }), 'AT+CIPRXGET=2,1,1500'],
  [cipRxGet.takeHex({ link: 1 }), 'AT+CIPRXGET=3,1,750'],
  [cipRxGet.held({ link: 1 }), 'AT+CIPRXGET=4,1'],
  [cipOpen({ link: 1, host: '117.131.85.139', port: 5253 }), 'AT+CIPOPEN=1,"TCP","117.131.85.139",5253'],
  [cipOpen({ link: 1, host: 'a.de', port: 80, localPort: 9 }), 'AT+CIPOPEN=1,"TCP","a.de",80,9'],
  [cipOpen.udp({ link: 1, localPort: 5000 }), 'AT+CIPOPEN=1,"UDP",,,5000'],
  [
    cipOpen.udp({ link: 1, localPort: 0, peer: { host: '1.2.3.4', port: 5 } }),
    'AT+CIPOPEN=1,"UDP","1.2.3.4",5,0',
  ],
  [cipOpen.udpServer({ link: 1, localPort: 7 }), 'AT+CIPOPEN=1,"UDP SERVER",,,7'],
  [cipOpen.transparent({ type: 'TCP', host: 'a.de', port: 1 }), 'AT+CIPOPEN=0,"TCP","a.de",1'],
  [cipSend({ link: 0, bytes: new Uint8Array(1500) }), 'AT+CIPSEND=0,1500'],
  [cipSend({ link: 0, bytes, to: { host: '1.2.3.4', port: 5 } }), 'AT+CIPSEND=0,3,"1.2.3.4",5'],
  [cipSend.variable({ link: 0, bytes }), 'AT+CIPSEND=0'],
  [cipSend.variable({ link: 0, bytes, to: { host: '1.2.3.4', port: 5 } }), 'AT+CIPSEND=0,,"1.2.3.4",5'],
  [codec.cipClose({ link: 9 }), 'AT+CIPCLOSE=9'],
  [codec.cipClose.read(), 'AT+CIPCLOSE?'],
  [codec.serverStart({ port: 8080, server: 0 }), 'AT+SERVERSTART=8080,0'],
  [codec.serverStart({ port: 7, server: 3, backlog: 1 }), 'AT+SERVERSTART=7,3,1'],
  [codec.serverStop({ server: 1 }), 'AT+SERVERSTOP=1'],
])('$text is written $1', (command, text) => {
  expect(command.text).toBe(text);
});

test('a command goes out with a CR, an escape sequence with nothing', () => {
  expect(commandBytes(codec.at())).toEqual(Uint8Array.of(0x41, 0x54, 0x0d));
  expect(commandBytes(codec.plusPlusPlus())).toEqual(Uint8Array.of(0x2b, 0x2b, 0x2b));
  expect(codec.plusPlusPlus().guard).toBe(1_000);
});

test('secrets do not reach a log', () => {
  expect(cgdcont({ apn: 'secret' }).label).toBe('AT+CGDCONT=1,"IP","…"');
  expect(cpin.unlock({ pin: '1234', newPin: '5678' }).label).toBe('AT+CPIN="…","…"');
});

test.each([
  () => cpin.unlock({ pin: '43x1' }),
  () => cpin.unlock({ pin: '1234', newPin: '43x156789' }),
  () => codec.quoted('password', '43x1"', 50, true),
])('secrets do not reach the message about them: %#', (make) => {
  expect(make).toThrow(expect.objectContaining({ message: expect.not.stringContaining('43x1') }));
});

test('every form of every command that is exported is described a second time, for the properties', () => {
  const exported = Object.entries(codec).flatMap(([name, family]) => {
    if (typeof family !== 'function' || !('info' in family)) return [];
    const { info, ...members } = family as typeof family & { readonly info: CommandInfo };
    expect(info.section).not.toBe('');
    return ['main', ...Object.keys(members)].map((form) => `${name}.${form}`);
  });
  expect(forms.map(({ family, form }) => `${family}.${form}`).sort()).toEqual(exported.sort());
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
    ['host', () => cipOpen({ link: 0, host: '', port: 1 })],
    ['port', () => cipOpen({ link: 0, host: 'x', port: 0 })],
    ['port', () => cipOpen({ link: 0, host: 'x', port: 1.5 })],
    ['port', () => cipOpen({ link: 0, host: 'x', port: '1;+CRESET' as unknown as number })],
    ['link', () => codec.cipClose({ link: 10 })],
    ['link', () => codec.cipClose({ link: Number.NaN })],
    ['bytes', () => cipSend({ link: 0, bytes: new Uint8Array(1501) })],
    ['bytes', () => cipSend({ link: 0, bytes: new Uint8Array(0) })],
    ['bytes', () => cipSend({ link: 0, bytes: undefined as unknown as Uint8Array })],
    ['server', () => codec.serverStart({ port: 7, server: 4 })],
    ['backlog', () => codec.serverStart({ port: 7, server: 0, backlog: 4 })],
    ['pin', () => cpin.unlock({ pin: '12' })],
    ['on', () => codec.cipHead({ on: 1 as unknown as boolean })],
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

test.each([undefined, null, 5, 'x', true])('options that are none are refused: %j', (options) => {
  const { cfun, cgpaddr, cipAck, cipClose, cipMode, cipOpen, cipRxGet, cipSend, serverStart } = codec;
  const taking: readonly ((options: never) => unknown)[] = [
    cipAck,
    cipClose,
    cipOpen,
    cipOpen.udp,
    cipSend,
    cipRxGet.take,
    serverStart,
    cfun,
    cipMode,
  ];
  for (const form of taking) {
    expect(() => form(options as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('needs an object'),
      }),
    );
  }
  expect(() => cgpaddr(null as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});
