import fc from 'fast-check';
import { noise } from '../../src/arbitraries/noise.js';
import type { EmulatorOptions } from '../../src/emulator/options.js';
import type { Connection, DatagramSocket } from '../../src/networks/network.js';
import { bytesOf, type Console, open, PEER } from '../console.js';
import { now, observe } from '../observing.js';

/** Something that happens to a module, as plain data. */
export type Action =
  /** The host types a line, or sends bytes. */
  | { readonly do: 'line'; readonly text: string }
  | { readonly do: 'bytes'; readonly bytes: Uint8Array }
  /** Silence, `+++`, silence. */
  | { readonly do: 'escape' }
  | { readonly do: 'wait'; readonly ms: number }
  /** One of the peers that are connected does something, if there is any. */
  | { readonly do: 'say'; readonly peer: number; readonly size: number }
  | { readonly do: 'hangUp' | 'reset' | 'pause' | 'resume'; readonly peer: number }
  | { readonly do: 'call'; readonly port: number }
  | { readonly do: 'datagram'; readonly size: number }
  /** The world does something. */
  | { readonly do: 'loseBearer' | 'loseRegistration'; readonly ms: number }
  | { readonly do: 'restart' | 'powerOff' | 'powerOn' | 'dtrOff' | 'dtrOn' | 'report' };

const DATAGRAM_PORT = 5254;
const SERVER_PORTS = [7, 8080];

const PLAIN_LINES = [
  ...['', 'E0', 'E1', 'V0', 'V1', 'X0', 'I', 'Z', '&F', '&W', '&D0', '&D1', '&D2', 'O', 'H', 'E1V1X1'],
  ...['+CSQ', '+CREG?', '+CREG=2', '+CPIN?', '+CGATT?', '+CPSI?', '+CMEE=0', '+CMEE=1', '+CSQ;+CREG?;+CPIN?'],
  ...['+CGDCONT?', '+CGDCONT=1,"IP","internet"', '+CGACT?', '+CGPADDR', '+CFUN=0', '+CFUN=1'],
  ...['+NETOPEN', '+NETOPEN?', '+NETCLOSE', '+IPADDR', '+CIPOPEN?', '+CIPCLOSE?', '+SERVERSTART?'],
  ...['+CIPRXGET?', '+CIPRXGET=0', '+CIPRXGET=1', '+CIPMODE=0', '+CIPMODE=1', '+CIPMODE?'],
  ...['+CIPHEAD=0', '+CIPHEAD=1', '+CIPSRIP=0', '+CIPSRIP=1', '+CIPCCFG=,,,,1', '+CIPCCFG', '+CIPCCFG?'],
  ...['+CIPSENDMODE=0', '+CIPSENDMODE=1', '+CIPTIMEOUT=3000,3000,3000', '+CIPTIMEOUT?', '+CIPCCFG=,50'],
  ...['+CDNSGIP="example.com"', '+CDNSGIP="nobody"', '+CRESET', '+CPOF', '+CIPCFG="transwaittm",5'],
];

/** Command lines that a module understands, most of them with sensible parameters. */
const legalLine: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...PLAIN_LINES) },
  { weight: 2, arbitrary: fc.constantFrom('+NETOPEN', '+CIPRXGET=1') },
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.oneof(
          { weight: 4, arbitrary: fc.nat(2) },
          { weight: 1, arbitrary: fc.integer({ min: -1, max: 11 }) },
        ),
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 1_600 })),
        fc.constantFrom(PEER.host, 'example.com', 'nobody', '10.0.9.8'),
        fc.constantFrom<(link: number, size: number, host: string) => string>(
          (link, _, host) => `+CIPOPEN=${link},"TCP","${host}",${PEER.port}`,
          (link, _, host) => `+CIPOPEN=${link},"TCP","${host}",${PEER.port}`,
          (link) => `+CIPOPEN=${link},"TCP","${PEER.host}",9`,
          (link) => `+CIPOPEN=${link},"UDP",,,${5_000 + link}`,
          (link) => `+CIPOPEN=${link},"UDP","${PEER.host}",${DATAGRAM_PORT},5000`,
          (link, size) => `+CIPSEND=${link},${size}`,
          (link, size) => `+CIPSEND=${link},${size}`,
          (link) => `+CIPSEND=${link}`,
          (link, size) => `+CIPSEND=${link},${size},"${PEER.host}",${DATAGRAM_PORT}`,
          (link) => `+CIPSENDSTR=${link},"00FF"`,
          (link, size) => `+CIPRXGET=2,${link},${size}`,
          (link) => `+CIPRXGET=2,${link}`,
          (link, size) => `+CIPRXGET=3,${link},${size}`,
          (link) => `+CIPRXGET=4,${link}`,
          (link) => `+CIPCLOSE=${link}`,
          (link) => `+CIPACK=${link}`,
          (link) => `+SERVERSTART=${SERVER_PORTS[link % 2]},${link}`,
          (link) => `+SERVERSTOP=${link}`,
        ),
      )
      .map(([link, size, host, make]) => make(link, size, host)),
  },
);

/** A line with one character replaced, dropped or added. */
const misspeltLine = fc
  .tuple(legalLine, fc.nat(), fc.constantFrom(0, 1), fc.string({ maxLength: 1 }))
  .map(([line, place, dropped, added]) => {
    const at = place % (line.length + 1);
    return line.slice(0, at) + added + line.slice(at + dropped);
  });

const line = fc
  .oneof(
    { weight: 6, arbitrary: legalLine.map((text) => `AT${text}`) },
    { weight: 1, arbitrary: misspeltLine.map((text) => `AT${text}`) },
    { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
  )
  .map((text) => ({ do: 'line', text }) as const);

const peer = fc.nat(3);
const outage = fc.nat(5_000);

/** A send, and what may be its payload; whatever is left of that is a line that makes no sense. */
const send = fc
  .record({
    link: fc.nat(2),
    size: fc.constantFrom('', ',1', ',20', ',1500', ',0', `,20,"${PEER.host}",${DATAGRAM_PORT}`),
    typed: fc.oneof(fc.nat(30), fc.nat(3_000)),
  })
  .map(({ link, size, typed }): Action[] => [
    { do: 'line', text: `AT+CIPSEND=${link}${size}` },
    { do: 'bytes', bytes: bytesOf(`${'p'.repeat(typed)}\x1a\r`) },
  ]);

/** Anything that may happen to a module. */
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 12, arbitrary: line },
  {
    weight: 3,
    arbitrary: fc
      .oneof(fc.uint8Array({ maxLength: 1_600 }), noise())
      .map((bytes) => ({ do: 'bytes', bytes }) as const),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'bytes', bytes: Uint8Array.of(0x1a) } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'escape' } as const) },
  { weight: 3, arbitrary: fc.nat(3_000).map((ms) => ({ do: 'wait', ms }) as const) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('say' as const), peer, size: fc.integer({ min: 1, max: 4_000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('hangUp', 'reset', 'pause', 'resume'), peer }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('call' as const), port: fc.constantFrom(...SERVER_PORTS) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('datagram' as const), size: fc.nat(1_600) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('loseBearer', 'loseRegistration'), ms: outage }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('restart', 'powerOff', 'powerOn', 'powerOn', 'dtrOff', 'dtrOn', 'report'),
    }),
  },
);

/** A long series of what may happen. */
export const actions: fc.Arbitrary<Action[]> = fc
  .array(fc.oneof({ weight: 5, arbitrary: action.map((one) => [one]) }, { weight: 1, arbitrary: send }), {
    maxLength: 60,
    size: 'max',
  })
  .map((groups) => groups.flat());

/** A module in a small world, to which actions happen. */
export interface Stage {
  readonly console: Console;
  perform(action: Action): void;
}

/** Sets up the world: a TCP server and a UDP port at {@link PEER}, a name for it, an address that is silent. */
export function stage(options: Omit<EmulatorOptions, 'network' | 'scheduler'> = {}): Stage {
  const console = open({ echo: true, internet: { latency: [0, 40], seed: 7 }, ...options });
  const { outside } = console;
  const { control } = console.module;
  const peers: Connection[] = [];
  const meet = (connection: Connection) => {
    peers.push(connection);
    observe(connection.received$);
  };
  const host = outside.host(PEER.host);
  outside.internet.name('example.com', PEER.host);
  outside.internet.host('10.0.9.8', { closedPorts: 'drop' });
  host.serve(PEER.port).subscribe(meet);
  const socket: DatagramSocket = now(host.bind(DATAGRAM_PORT));
  const any = (index: number) => peers.at(-1 - (index % Math.max(1, peers.length)));

  const perform = (step: Action): void => {
    switch (step.do) {
      case 'line':
        console.type(`${step.text}\r`);
        return;
      case 'bytes':
        console.type(step.bytes);
        return;
      case 'escape':
        console.wait(1_000);
        console.type('+++');
        console.wait(1_000);
        return;
      case 'wait':
        console.wait(step.ms);
        return;
      case 'say': {
        const speaker = any(step.peer);
        if (speaker !== undefined) observe(speaker.write(bytesOf('x'.repeat(step.size))));
        return;
      }
      case 'hangUp': {
        const leaver = any(step.peer);
        if (leaver !== undefined) observe(leaver.close());
        return;
      }
      case 'reset':
      case 'pause':
      case 'resume':
        any(step.peer)?.[step.do]();
        return;
      case 'call':
        outside.callIn(step.port).subscribe({ next: meet, error: () => {} });
        return;
      case 'datagram': {
        const to = { host: outside.address, port: 5_000 };
        observe(socket.send(new Uint8Array(step.size), to));
        return;
      }
      case 'loseBearer':
      case 'loseRegistration':
        control[step.do](step.ms);
        return;
      case 'dtrOff':
      case 'dtrOn':
        control.dtr = step.do === 'dtrOn';
        return;
      case 'report':
        control.report('RING');
        return;
      default:
        control[step.do]();
    }
  };
  return { console, perform };
}
