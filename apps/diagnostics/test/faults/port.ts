import { emulator } from '@a7600/testing';
import { replay } from '@a7600/transport/recording';
import { switchMap, throwError, timer } from 'rxjs';
import { device, type Fault, module, unopenable } from './fault.js';

const REMOTE = { connection: '--tcp server:3001', baudRate: undefined };

/** What keeps the port from being opened. */
export const portFaults: readonly Fault[] = [
  {
    name: 'no module on USB',
    verdict: 'NO_MODEM',
    causes: ['PORT_NOT_FOUND'],
    transport: unopenable('PORT_NOT_FOUND', 'There is no serial port with vendorId 1e0e.'),
    options: { searched: true, connection: '' },
  },
  {
    name: 'a path that does not exist',
    verdict: 'PORT_NOT_FOUND',
    causes: ['PORT_NOT_FOUND'],
    transport: unopenable('PORT_NOT_FOUND', 'There is no serial port /dev/ttyUSB2.'),
  },
  {
    name: 'no permission',
    verdict: 'PORT_DENIED',
    causes: ['PORT_DENIED'],
    transport: unopenable(
      'PORT_DENIED',
      'Not allowed to open /dev/ttyUSB2. Join: `sudo usermod -aG dialout me`.',
    ),
  },
  {
    name: 'picocom has the port',
    verdict: 'PORT_BUSY',
    causes: ['PORT_BUSY'],
    transport: unopenable('PORT_BUSY', '/dev/ttyUSB2 is in use.'),
    host: { holders: [{ pid: 4711, name: 'picocom' }], modemManager: true },
  },
  {
    name: 'another a7600 has the port',
    verdict: 'PORT_BUSY',
    causes: ['PORT_BUSY'],
    transport: unopenable('PORT_BUSY', '/dev/ttyUSB2 is in use.'),
    host: { holders: [{ pid: 4711, name: 'a7600', shares: true }] },
  },
  {
    name: 'a program of another user has the port',
    verdict: 'PORT_BUSY',
    causes: ['PORT_BUSY'],
    transport: unopenable('PORT_BUSY', '/dev/ttyUSB2 is in use.'),
  },
  {
    name: 'the port is busy while ModemManager is running',
    verdict: 'MODEM_MANAGER',
    causes: ['PORT_BUSY'],
    transport: unopenable('PORT_BUSY', '/dev/ttyUSB2 is in use.'),
    host: { modemManager: true },
  },
  {
    name: 'a file that is no serial port',
    verdict: 'PORT_FAILED',
    causes: ['PORT_FAILED'],
    transport: unopenable('PORT_FAILED', 'Cannot open /dev/null: Inappropriate ioctl for device'),
  },
  {
    name: 'the port of the satellite receiver',
    verdict: 'WRONG_PORT',
    causes: ['WRONG_PORT'],
    transport: ({ scheduler }) => {
      const module = emulator({ scheduler, ports: ['at', 'nmea'] });
      module.subscribe((link) => {
        link.received$.subscribe({ error: () => {} });
        link.write('AT+CGNSSPWR=1\r').subscribe();
        scheduler.schedule(() => link.write('AT+CGNSSTST=1\r').subscribe(), 20_000);
      });
      const [, positions = module] = module.ports;
      return timer(60_000, scheduler).pipe(switchMap(() => positions));
    },
    host: { ports: [{ path: '/dev/ttyUSB4', role: 'at', vendorId: '1e0e', productId: '9011' }] },
  },
  {
    name: 'no program listens on the server',
    verdict: 'CONNECTION_REFUSED',
    causes: ['CONNECTION_REFUSED'],
    transport: unopenable('CONNECTION_REFUSED', 'Cannot connect to server:3001: no program listens there.'),
    options: REMOTE,
  },
  {
    name: 'a server whose name is unknown',
    verdict: 'HOST_NOT_FOUND',
    causes: ['HOST_NOT_FOUND'],
    transport: unopenable('HOST_NOT_FOUND', 'Cannot connect to server:3001: there is no host of that name.'),
    options: REMOTE,
  },
  {
    name: 'no route to the server',
    verdict: 'HOST_UNREACHABLE',
    causes: ['HOST_UNREACHABLE'],
    transport: unopenable('HOST_UNREACHABLE', 'Cannot connect to server:3001: no route leads to that host.'),
    options: REMOTE,
  },
  {
    name: 'a server that does not answer',
    verdict: 'CONNECT_TIMEOUT',
    causes: ['CONNECT_TIMEOUT'],
    transport: unopenable('CONNECT_TIMEOUT', 'Cannot connect to server:3001: it did not answer in time.'),
    options: REMOTE,
  },
  {
    name: 'another failure of the connection',
    verdict: 'CONNECT_FAILED',
    causes: ['CONNECT_FAILED'],
    transport: unopenable('CONNECT_FAILED', 'Cannot connect to server:3001: EADDRNOTAVAIL.'),
    options: REMOTE,
  },
  {
    name: 'a Telnet server',
    verdict: 'TELNET_SERVER',
    causes: ['TELNET_SERVER'],
    transport: unopenable(
      'TELNET_SERVER',
      'server:3001 is not a raw port: the server negotiates Telnet options.',
    ),
    options: REMOTE,
  },
  {
    name: 'a server whose device is away',
    verdict: 'SERVER_WITHOUT_PORT',
    transport: device((far) => {
      far.write('Port already in use\r\n').subscribe();
      far.close().subscribe();
    }),
    options: REMOTE,
  },
  {
    name: 'a server that does not speak RFC 2217',
    verdict: 'NOT_RFC2217',
    causes: ['UNSUPPORTED'],
    transport: unopenable('UNSUPPORTED', 'server:3001 does not speak RFC 2217.'),
    options: { connection: '--rfc2217 server:3001' },
  },
  {
    name: 'a Telnet server that does not speak RFC 2217',
    verdict: 'NOT_RFC2217',
    causes: ['UNSUPPORTED'],
    transport: unopenable(
      'UNSUPPORTED',
      'server:3001 does not answer the offer of RFC 2217. tcp() would damage bytes here.',
    ),
    options: { connection: '--rfc2217 server:3001' },
  },
  {
    name: 'unplugged in the middle',
    verdict: 'LINK_LOST',
    causes: ['TRANSPORT_LOST'],
    transport: module({}, ({ control }, { scheduler }) => {
      scheduler.schedule(() => control.unplug(), 20);
    }),
  },
  {
    name: 'a mistake in the program',
    verdict: 'PROGRAM_FAULT',
    transport: () => throwError(() => new TypeError("Cannot read properties of undefined (reading 'port')")),
  },
  {
    name: 'a recording that was cut off',
    verdict: 'RECORDING_DAMAGED',
    causes: ['PROTOCOL'],
    transport: () => replay('{"format":"a7600-recording","version":1,"redacted":true}\n{"at":'),
  },
];
