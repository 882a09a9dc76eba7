import fc from 'fast-check';
import { cipAck, cipClose, cipOpen } from '../../src/commands/links.js';
import { cdnsCfg, cdnsGip, csockSetPn, ipAddr, netClose, netOpen } from '../../src/commands/network.js';
import { cipRxGet } from '../../src/commands/receiving.js';
import { cipSend } from '../../src/commands/sending.js';
import { serverStart, serverStop } from '../../src/commands/servers.js';
import {
  type AnyForm,
  ends,
  form,
  host,
  int,
  link,
  none,
  ok,
  plainForm,
  port,
  type Reply,
  says,
  testForm,
} from './form.js';

const localPort = int(0, 65_535);
const server = int(0, 3);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
const to = fc.record({ host, port });

const opened = ({ link: number }: { readonly link: number }) => ends(`+CIPOPEN: ${number},0`)();
const report = ({ link: number, bytes: sent }: { readonly link: number; readonly bytes: Uint8Array }) =>
  fc.constantFrom(sent.length, 0, -1, Math.floor(sent.length / 2)).map((confirmed) => ({
    outcome: `+CIPSEND: ${number},${sent.length},${confirmed}`,
    value: { requested: sent.length, confirmed },
  }));
const hexOf = (block: Uint8Array) =>
  Array.from(block, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');

export const socketForms: readonly AnyForm[] = [
  form({
    family: 'netOpen',
    form: 'main',
    args: none,
    make: netOpen,
    written: 'AT+NETOPEN',
    reply: ends('+NETOPEN: 0'),
    lookalikes: ['+NETOPEN'],
  }),
  form({
    family: 'netOpen',
    form: 'read',
    args: none,
    make: netOpen.read,
    written: 'AT+NETOPEN?',
    reply: () => fc.boolean().map((value) => says(value, `+NETOPEN: ${Number(value)}`)),
    lookalikes: ['+NETOPEN'],
  }),
  form({
    family: 'netClose',
    form: 'main',
    args: none,
    make: netClose,
    written: 'AT+NETCLOSE',
    reply: ends('+NETCLOSE: 0'),
    lookalikes: ['+NETCLOSE'],
  }),
  testForm('netClose', '+NETCLOSE', netClose.test),
  form({
    family: 'ipAddr',
    form: 'main',
    args: none,
    make: ipAddr,
    written: 'AT+IPADDR',
    reply: () =>
      fc
        .tuple(fc.oneof(fc.ipV4(), fc.constant('2001:db8::1')), fc.boolean())
        .map(([value, quotes]) => says(value, `+IPADDR: ${quotes ? `"${value}"` : value}`)),
  }),
  testForm('ipAddr', '+IPADDR', ipAddr.test),
  form({
    family: 'csockSetPn',
    form: 'main',
    args: fc.record({ ipv6: fc.boolean() }, { requiredKeys: [] }),
    make: csockSetPn,
    written: ({ ipv6 }) => (ipv6 === undefined ? [1] : [1, ipv6 ? 6 : 1]),
    reply: ok,
  }),
  form({
    family: 'csockSetPn',
    form: 'read',
    args: none,
    make: csockSetPn.read,
    written: 'AT+CSOCKSETPN?',
    reply: () => fc.boolean().map((ipv6) => says({ profile: 1, ipv6 }, `+CSOCKSETPN: 1,${ipv6 ? 6 : 1}`)),
  }),
  testForm('csockSetPn', '+CSOCKSETPN', csockSetPn.test),
  form({
    family: 'cdnsGip',
    form: 'main',
    args: fc.record({ host }),
    make: cdnsGip,
    written: ({ host: name }) => [`"${name}"`],
    reply: ({ host: name }) =>
      fc.array(fc.ipV4(), { minLength: 1, maxLength: 3 }).map((value): Reply<readonly string[]> => {
        const [first, ...more] = value.map(
          (address, index) => `+CDNSGIP: ${index + 1},"${name}","${address}"`,
        );
        return { outcome: first as string, lines: more, value };
      }),
  }),
  testForm('cdnsGip', '+CDNSGIP', cdnsGip.test),
  form({
    family: 'cdnsCfg',
    form: 'main',
    args: fc.record(
      { primary: fc.ipV4(), secondary: fc.ipV4(), ipv6: fc.boolean() },
      { requiredKeys: ['primary'] },
    ),
    make: cdnsCfg,
    written: ({ primary, secondary, ipv6 }) => [
      `"${primary}"`,
      secondary === undefined ? undefined : `"${secondary}"`,
      ipv6 === undefined ? undefined : Number(ipv6),
    ],
    reply: ok,
  }),
  form({
    family: 'cdnsCfg',
    form: 'read',
    args: none,
    make: cdnsCfg.read,
    written: 'AT+CDNSCFG?',
    reply: () =>
      fc.tuple(fc.ipV4(), fc.ipV4()).map(([primary, secondary]) =>
        says(
          [
            { ipv6: false, primary, secondary },
            { ipv6: true, primary: '2001:db8::1', secondary: '::' },
          ],
          `Primary IPv4 DNS: ${primary},Secondary IPv4 DNS: ${secondary}`,
          'Primary IPv6 DNS: 2001:db8::1,Secondary IPv6 DNS: ::',
        ),
      ),
  }),
  testForm('cdnsCfg', '+CDNSCFG', cdnsCfg.test),

  form({
    family: 'cipOpen',
    form: 'main',
    args: fc.record({ link, host, port, localPort }, { requiredKeys: ['link', 'host', 'port'] }),
    make: cipOpen,
    written: (args) => [args.link, '"TCP"', `"${args.host}"`, args.port, args.localPort],
    reply: opened,
  }),
  form({
    family: 'cipOpen',
    form: 'udp',
    args: fc.record({ link, localPort, peer: to }, { requiredKeys: ['link', 'localPort'] }),
    make: cipOpen.udp,
    written: ({ link: number, localPort: local, peer }) => [
      number,
      '"UDP"',
      peer === undefined ? undefined : `"${peer.host}"`,
      peer?.port,
      local,
    ],
    reply: opened,
  }),
  form({
    family: 'cipOpen',
    form: 'udpServer',
    args: fc.record({ link, localPort }),
    make: cipOpen.udpServer,
    written: (args) => [args.link, '"UDP SERVER"', undefined, undefined, args.localPort],
    reply: opened,
  }),
  form({
    family: 'cipOpen',
    form: 'transparent',
    args: fc.record(
      { type: fc.constantFrom('TCP', 'UDP'), host, port, localPort },
      { requiredKeys: ['type', 'host', 'port'] },
    ),
    make: cipOpen.transparent,
    written: (args) => [0, `"${args.type}"`, `"${args.host}"`, args.port, args.localPort],
    reply: () => fc.constantFrom('CONNECT', 'CONNECT 115200').map((result) => ({ result, value: undefined })),
  }),
  form({
    family: 'cipOpen',
    form: 'read',
    args: none,
    make: cipOpen.read,
    written: 'AT+CIPOPEN?',
    reply: () =>
      fc
        .array(
          fc.option(
            fc.record({ type: fc.constantFrom('TCP', 'UDP'), host: fc.ipV4(), port, server: int(-1, 3) }),
          ),
          {
            minLength: 10,
            maxLength: 10,
          },
        )
        .map((links) => ({
          value: links.flatMap((used, number) =>
            used === null
              ? []
              : [{ link: number, ...used, server: used.server < 0 ? undefined : used.server }],
          ),
          lines: links.map((used, number) =>
            used === null
              ? `+CIPOPEN: ${number}`
              : `+CIPOPEN: ${number},"${used.type}","${used.host}",${used.port},${used.server}`,
          ),
        })),
  }),
  testForm('cipOpen', '+CIPOPEN', cipOpen.test),
  form({
    family: 'cipClose',
    form: 'main',
    args: fc.record({ link }),
    make: cipClose,
    written: (args) => [args.link],
    reply: (args) => ends(`+CIPCLOSE: ${args.link},0`)(),
  }),
  form({
    family: 'cipClose',
    form: 'read',
    args: none,
    make: cipClose.read,
    written: 'AT+CIPCLOSE?',
    reply: () =>
      fc
        .constantFrom(4, 10)
        .chain((length) =>
          fc
            .array(fc.boolean(), { minLength: length, maxLength: length })
            .map((states) => says(states, `+CIPCLOSE: ${states.map(Number).join(',')}`)),
        ),
  }),
  testForm('cipClose', '+CIPCLOSE', cipClose.test),
  form({
    family: 'cipAck',
    form: 'main',
    args: fc.record({ link }),
    make: cipAck,
    written: (args) => [args.link],
    reply: () =>
      fc
        .record({ sent: fc.nat(), acknowledged: fc.nat(), received: fc.nat() })
        .map((value) => says(value, `+CIPACK: ${value.sent},${value.acknowledged},${value.received}`)),
  }),
  testForm('cipAck', '+CIPACK', cipAck.test),

  form({
    family: 'cipSend',
    form: 'main',
    args: fc.record({ link, bytes, to }, { requiredKeys: ['link', 'bytes'] }),
    make: cipSend,
    written: (args) => [
      args.link,
      args.bytes.length,
      ...(args.to === undefined ? [] : [`"${args.to.host}"`, args.to.port]),
    ],
    reply: report,
  }),
  form({
    family: 'cipSend',
    form: 'variable',
    args: fc.record({ link, bytes, to }, { requiredKeys: ['link', 'bytes'] }),
    make: cipSend.variable,
    written: (args) => [
      args.link,
      ...(args.to === undefined ? [] : [undefined, `"${args.to.host}"`, args.to.port]),
    ],
    reply: report,
  }),
  form({
    family: 'cipSend',
    form: 'cancel',
    args: fc.record({ link }),
    make: cipSend.cancel,
    written: (args) => [args.link],
    reply: ok,
  }),
  testForm('cipSend', '+CIPSEND', cipSend.test),
  form({
    family: 'cipRxGet',
    form: 'main',
    args: fc.record({ buffered: fc.boolean() }),
    make: cipRxGet,
    written: ({ buffered }) => [Number(buffered)],
    reply: ok,
  }),
  form({
    family: 'cipRxGet',
    form: 'take',
    args: fc.record({ link, max: int(40, 1500) }, { requiredKeys: ['link'] }),
    make: cipRxGet.take,
    written: ({ link: number, max = 1500 }) => [2, number, max],
    reply: ({ link: number }) =>
      fc.tuple(bytes, fc.nat(64_000)).map(([block, rest]) => ({
        lines: [`+CIPRXGET: 2,${number},${block.length},${rest}`],
        block,
        value: { link: number, payload: [block], rest },
      })),
  }),
  form({
    family: 'cipRxGet',
    form: 'takeHex',
    args: fc.record({ link, max: int(40, 750) }, { requiredKeys: ['link'] }),
    make: cipRxGet.takeHex,
    written: ({ link: number, max = 750 }) => [3, number, max],
    reply: ({ link: number }) =>
      fc.tuple(bytes, fc.nat(64_000)).map(([block, rest]) => ({
        lines: [`+CIPRXGET: 3,${number},${block.length},${rest}`],
        block: Uint8Array.from(hexOf(block), (char) => char.charCodeAt(0)),
        value: { link: number, payload: [block], rest },
      })),
  }),
  form({
    family: 'cipRxGet',
    form: 'held',
    args: fc.record({ link }),
    make: cipRxGet.held,
    written: (args) => [4, args.link],
    reply: (args) => fc.nat(64_000).map((value) => says(value, `+CIPRXGET: 4,${args.link},${value}`)),
  }),
  plainForm('cipRxGet', 'withAddress', 'AT+CIPRXGET=5', cipRxGet.withAddress),
  form({
    family: 'cipRxGet',
    form: 'read',
    args: none,
    make: cipRxGet.read,
    written: 'AT+CIPRXGET?',
    reply: () => fc.boolean().map((value) => says(value, `+CIPRXGET: ${Number(value)}`)),
  }),
  testForm('cipRxGet', '+CIPRXGET', cipRxGet.test),

  form({
    family: 'serverStart',
    form: 'main',
    args: fc.record({ port: localPort, server, backlog: int(1, 3) }, { requiredKeys: ['port', 'server'] }),
    make: serverStart,
    written: (args) => [args.port, args.server, args.backlog],
    reply: ok,
  }),
  form({
    family: 'serverStart',
    form: 'read',
    args: none,
    make: serverStart.read,
    written: 'AT+SERVERSTART?',
    reply: () =>
      fc.array(fc.record({ server, port }), { maxLength: 4 }).map((value) => ({
        value,
        lines: value.map(({ server: index, port: number }) => `+SERVERSTART: ${index},${number}`),
      })),
  }),
  testForm('serverStart', '+SERVERSTART', serverStart.test),
  form({
    family: 'serverStop',
    form: 'main',
    args: fc.record({ server }),
    make: serverStop,
    written: (args) => [args.server],
    reply: (args) => ends(`+SERVERSTOP: ${args.server},0`)(),
  }),
  form({
    family: 'serverStop',
    form: 'execute',
    args: none,
    make: serverStop.execute,
    written: 'AT+SERVERSTOP',
    reply: ends('+SERVERSTOP: 0,0'),
  }),
];
