import type { Subcommand } from '../subcommand.js';

/** A subcommand as `--help` lists it. Its code is loaded only when it is called, so that each starts quickly. */
export interface Listed {
  /** One word, or two: that of its group, and its own. */
  readonly name: string;
  /** One line for the list of subcommands. */
  readonly summary: string;
  load(): Promise<Subcommand>;
}

/** One line for each group of subcommands. */
export const groups = { fleet: 'the modems of many machines, over a NATS server' } as const;

/** The subcommands, in the order in which `--help` lists them. */
export const subcommands: readonly Listed[] = [
  {
    name: 'doctor',
    summary: 'find out why a modem does not work',
    load: () => import('./doctor.js').then(({ doctor }) => doctor),
  },
  {
    name: 'list',
    summary: 'list the serial ports of this computer, those of modems first',
    load: () => import('./list.js').then(({ list }) => list),
  },
  {
    name: 'at',
    summary: 'send AT commands and print their answers, decoded',
    load: () => import('./at.js').then(({ at }) => at),
  },
  {
    name: 'term',
    summary: 'talk to a module: completion, history, answers and notifications explained',
    load: () => import('./term.js').then(({ term }) => term),
  },
  {
    name: 'proxy',
    summary: 'a SOCKS5 and HTTP proxy: any program goes over the modem, without root',
    load: () => import('./proxy.js').then(({ proxy }) => proxy),
  },
  {
    name: 'run',
    summary: 'start a program with the proxy variables set, so that it goes over the modem',
    load: () => import('./run.js').then(({ run }) => run),
  },
  {
    name: 'connect',
    summary: 'join standard input and output with a TCP or UDP server, as netcat does',
    load: () => import('./connect.js').then(({ connect }) => connect),
  },
  {
    name: 'listen',
    summary: 'wait for one TCP client, or for UDP datagrams, on a port of the module, as netcat -l does',
    load: () => import('./listen.js').then(({ listen }) => listen),
  },
  {
    name: 'forward',
    summary: 'forward single ports in or out, as ssh does with -L and -R',
    load: () => import('./forward.js').then(({ forward }) => forward),
  },
  {
    name: 'record',
    summary: 'stand between a program and the modem, and write down what passes',
    load: () => import('./record.js').then(({ record }) => record),
  },
  {
    name: 'replay',
    summary: 'show what a recording says, or play its modem on a pseudo-terminal or a TCP port',
    load: () => import('./replay.js').then(({ replay }) => replay),
  },
  {
    name: 'capture',
    summary: 'what passes on the line, and on the links, as pcapng for Wireshark',
    load: () => import('./capture.js').then(({ capture }) => capture),
  },
  {
    name: 'timeline',
    summary: 'a recording over time as one HTML page: commands, links, signal, and where time was lost',
    load: () => import('./timeline.js').then(({ timeline }) => timeline),
  },
  {
    name: 'speed',
    summary: 'goodput and latency, up and down, beside what line and module allow',
    load: () => import('./speed.js').then(({ speed }) => speed),
  },
  {
    name: 'emulate',
    summary: 'start an emulated module on a pseudo-terminal or a TCP port',
    load: () => import('./emulate.js').then(({ emulate }) => emulate),
  },
  {
    name: 'agent',
    summary: 'keep the modems of this machine online, and offer them to a fleet',
    load: () => import('./agent.js').then(({ agent }) => agent),
  },
  {
    name: 'fleet list',
    summary: 'list the modems of a fleet',
    load: () => import('../fleet/list.js').then(({ list }) => list),
  },
  {
    name: 'fleet watch',
    summary: 'show what changes in a fleet, and serve its metrics',
    load: () => import('../fleet/watch.js').then(({ watch }) => watch),
  },
  {
    name: 'fleet doctor',
    summary: 'find out why a modem of a fleet does not work',
    load: () => import('../fleet/doctor.js').then(({ doctor }) => doctor),
  },
  {
    name: 'fleet at',
    summary: 'send AT commands to a modem of a fleet',
    load: () => import('../fleet/at.js').then(({ at }) => at),
  },
  {
    name: 'fleet connect',
    summary: 'join standard input and output with a server, over a modem of a fleet',
    load: () => import('../fleet/connect.js').then(({ connect }) => connect),
  },
  {
    name: 'fleet proxy',
    summary: 'a SOCKS5 and HTTP proxy over one modem of a fleet, or over all',
    load: () => import('../fleet/proxy.js').then(({ proxy }) => proxy),
  },
  {
    name: 'fleet set-up',
    summary: 'create what the NATS server of a fleet stores',
    load: () => import('../fleet/set-up.js').then(({ setUp }) => setUp),
  },
  {
    name: 'fleet configure',
    summary: 'make the configuration of the NATS server, and a key for each program',
    load: () => import('../fleet/configure.js').then(({ configure }) => configure),
  },
];
