import { NetworkError } from '@a7600/testing';
import { NEVER, throwError } from 'rxjs';
import { type Fault, module, moduleAfter, type World } from './fault.js';

/** A module in a network of which some parts are replaced. */
const within = (change: (network: World['network']) => Partial<World['network']>) => (world: World) =>
  module({ network: { ...world.network, ...change(world.network) } })(world);

/** What is wrong in the mobile network, or beyond it. */
export const networkFaults: readonly Fault[] = [
  {
    name: 'the radio is off',
    verdict: 'RADIO_OFF',
    causes: ['RADIO_OFF'],
    transport: moduleAfter('AT+CFUN=4'),
  },
  {
    name: 'told to stay out of networks',
    verdict: 'DESELECTED',
    causes: ['NOT_REGISTERED'],
    transport: moduleAfter('AT+COPS=2'),
  },
  {
    name: 'no antenna',
    verdict: 'NO_SIGNAL',
    causes: ['NOT_REGISTERED'],
    transport: module({ surroundings: { registration: 2, rssi: 99 } }),
  },
  {
    name: 'a signal, and no network',
    verdict: 'NOT_REGISTERED',
    causes: ['NOT_REGISTERED'],
    transport: module({ surroundings: { registration: 2, rssi: 12 } }),
  },
  {
    name: 'kept to GSM where only LTE is',
    verdict: 'MODE_RESTRICTED',
    causes: ['NOT_REGISTERED'],
    transport: moduleAfter('AT+CNMP=13'),
  },
  {
    name: 'the network denies the SIM',
    verdict: 'REGISTRATION_DENIED',
    causes: ['REGISTRATION_DENIED'],
    transport: module({ surroundings: { registration: 3 } }),
  },
  {
    name: 'detached',
    verdict: 'NOT_ATTACHED',
    causes: ['NETWORK_REFUSED'],
    transport: moduleAfter('AT+CGATT=0'),
  },
  {
    name: 'no APN',
    verdict: 'NO_APN',
    causes: ['NETWORK_REFUSED'],
    transport: module({ surroundings: { bearer: false } }),
  },
  {
    name: 'a wrong APN',
    verdict: 'APN_REFUSED',
    causes: ['NETWORK_REFUSED', 'NETWORK_CHANGED'],
    transport: module({ surroundings: { bearer: false } }),
    options: { apn: 'intrenet' },
  },
  {
    name: 'an access point that refuses the login',
    verdict: 'APN_REFUSED',
    causes: ['NETWORK_REFUSED'],
    transport: module({ surroundings: { bearer: false } }),
    options: { apn: 'internet', login: { user: 'me', password: 'wrong' } },
  },
  {
    name: 'IPv6 asked for in an IPv4 network',
    verdict: 'WRONG_FAMILY',
    causes: ['ADDRESS_REFUSED'],
    transport: moduleAfter('AT+CSOCKSETPN=1,6'),
  },
  {
    name: 'an IPv6 address only',
    verdict: 'IPV6_ONLY',
    causes: ['ADDRESS_REFUSED'],
    transport: within(() => ({
      address: '2001:db8::2',
      connect: () => throwError(() => new NetworkError('unreachable', 'There is no IPv4.')),
    })),
  },
  {
    name: 'all links in use',
    verdict: 'CAPACITY',
    causes: ['CAPACITY'],
    transport: moduleAfter(
      'AT+NETOPEN',
      ...Array.from({ length: 10 }, (_, link) => `AT+CIPOPEN=${link},"UDP",,,${5000 + link}`),
    ),
  },
  {
    name: 'a bearer that carries nothing',
    verdict: 'NO_DATA',
    causes: ['BEARER_STALLED', 'NETWORK_LOST'],
    transport: module({}, ({ control }) => control.stallBearer()),
  },
  {
    name: 'dead name servers',
    verdict: 'DNS_DEAD',
    causes: ['NAME_NOT_FOUND'],
    transport: within((network) => ({
      resolve: () => NEVER,
      connect: (to, port) => (/^[\d.]+$/.test(to.host) ? network.connect(to, port) : NEVER),
    })),
  },
  {
    name: 'an IPv6 address only, and name servers that never answer',
    verdict: 'IPV6_ONLY',
    transport: within(() => ({
      address: '2001:db8::2',
      resolve: () => NEVER,
      connect: () => throwError(() => new NetworkError('unreachable', 'There is no IPv4.')),
    })),
  },
  {
    name: 'dead name servers, and a peer that is named by its address and refuses',
    verdict: 'PEER_REFUSED',
    transport: within(() => ({ resolve: () => NEVER })),
    options: { target: { host: '8.8.8.8', port: 81 } },
  },
  {
    name: 'a name that does not exist',
    verdict: 'NAME_NOT_FOUND',
    causes: ['NAME_NOT_FOUND'],
    transport: module(),
    options: { target: { host: 'exmaple.test', port: 80 } },
  },
  {
    name: 'a peer that refuses',
    verdict: 'PEER_REFUSED',
    causes: ['CONNECT_REFUSED', 'SOCKET_ERROR'],
    transport: module(),
    options: { target: { host: 'example.com', port: 81 } },
  },
  {
    name: 'a peer that does not answer',
    verdict: 'PEER_SILENT',
    causes: ['PEER_TIMEOUT'],
    transport: (world) => {
      world.network.internet.host('192.0.2.1', { names: ['silent.test'], closedPorts: 'drop' });
      return module()(world);
    },
    options: { target: { host: 'silent.test', port: 80 } },
  },
  {
    name: 'the clock of this computer is wrong',
    verdict: 'CLOCK_WRONG',
    transport: moduleAfter('AT+CCLK="26/11/29,12:00:00+00"'),
    host: { time: Date.UTC(2026, 0, 1) },
  },
];
