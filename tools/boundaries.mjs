/**
 * What the sources of each part may use. The zone with the longest matching path counts.
 *
 * - `imports`: packages, exactly or (with a final `:` or `/`) by their beginning.
 * - `core`: runs anywhere and in virtual time: no promises, no ambient clock, timer or chance, no
 *   global of one platform.
 */
export const zones = [
  { path: 'packages/transport/src', imports: ['rxjs'], core: true },
  { path: 'packages/transport/src/recording', imports: ['rxjs'], core: true },
  { path: 'packages/transport/src/cmux', imports: ['rxjs'], core: true },
  { path: 'packages/transport/src/async', imports: ['rxjs'] },
  { path: 'packages/transport/src/from-action.ts', imports: ['rxjs'] },
  { path: 'packages/transport/src/pulled.ts', imports: ['rxjs'] },
  { path: 'packages/transport/src/releases.ts', imports: [] },
  { path: 'packages/transport/src/web', imports: ['rxjs'] },
  { path: 'packages/transport/src/web-serial', imports: ['rxjs'] },
  { path: 'packages/transport/src/node', imports: ['rxjs', 'node:'] },
  { path: 'packages/transport/src/serialport', imports: ['rxjs', 'serialport', 'node:'] },
  { path: 'packages/transport/src/tcp', imports: ['rxjs', 'node:'] },
  { path: 'packages/at-codec/src', imports: [], core: true },
  { path: 'packages/at-codec/src/decode-at.ts', imports: ['rxjs'], core: true },
  {
    path: 'packages/tcpip/src',
    imports: ['rxjs', '@a7600/at-codec', '@a7600/transport', '@a7600/transport/cmux'],
    core: true,
  },
  {
    path: 'packages/tcpip/src/node',
    imports: ['rxjs', 'node:', '@a7600/at-codec', '@a7600/transport', '@a7600/transport/node'],
  },
  { path: 'packages/testing/src', imports: ['rxjs', '@a7600/transport'], core: true },
  {
    path: 'packages/testing/src/node',
    imports: ['rxjs', 'node:', '@a7600/transport', '@a7600/transport/node', '@lydell/node-pty/'],
  },
  {
    path: 'packages/testing/src/cli',
    imports: ['rxjs', 'node:', '@a7600/transport', 'commander'],
  },
  { path: 'packages/testing/src/compliance', imports: ['rxjs', '@a7600/transport'] },
  { path: 'packages/testing/src/virtual', imports: ['rxjs', '@a7600/transport'] },
  { path: 'packages/testing/src/vitest', imports: [] },
  {
    path: 'packages/testing/src/web',
    imports: ['rxjs', '@a7600/transport', '@a7600/transport/web', '@a7600/transport/web-serial'],
  },
  { path: 'packages/testing/src/arbitraries', imports: ['fast-check'], core: true },
  {
    path: 'packages/fleet/src',
    imports: ['rxjs', 'valibot', '@a7600/at-codec', '@a7600/tcpip', '@a7600/transport'],
    core: true,
  },
  {
    path: 'packages/fleet/src/nats',
    imports: ['rxjs', '@nats-io/nats-core', '@nats-io/jetstream', '@nats-io/kv', '@nats-io/services'],
  },
  { path: 'packages/fleet/src/mqtt/session.ts', imports: ['rxjs', 'mqtt'] },
  {
    path: 'apps/browser/src',
    imports: [
      'rxjs',
      '@a7600/at-codec',
      '@a7600/diagnostics/',
      '@a7600/tcpip',
      '@a7600/testing',
      '@a7600/transport',
      '@a7600/transport/recording',
      '@a7600/transport/web-serial',
      // A program that was typed on the page.
      '?',
      'preact',
      'preact/',
      'uplot',
      'uplot/dist/uPlot.min.css',
      '@xterm/',
      '@codemirror/',
      '@lezer/highlight',
    ],
  },
  {
    path: 'apps/diagnostics/src',
    imports: ['rxjs', '@a7600/at-codec', '@a7600/transport', '@a7600/transport/recording'],
    core: true,
  },
  // It computes with dates that are given to it, and never asks for the present one.
  { path: 'apps/diagnostics/src/doctor/checks/clock.ts', imports: ['@a7600/at-codec'] },
  {
    path: 'apps/cli/src',
    imports: [
      'rxjs',
      'node:',
      '@a7600/',
      'commander',
      'picocolors',
      'serialport',
      'cli-table3',
      '@bomb.sh/tab/',
      'prom-client',
      '@nats-io/nkeys',
      '@nats-io/transport-node',
      'mqtt',
      'valibot',
    ],
  },
  {
    path: 'apps/echo/src',
    imports: ['rxjs', 'node:', '@a7600/', 'commander', 'picocolors'],
  },
];

/**
 * The folders and files of a package's sources from the lowest to the highest: each may import only from
 * itself and from those before it. `index.ts` is above all.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const layers = {
  'packages/tcpip/src': [
    'base', // errors, lifetimes, the trace: what all others use
    'lane', // the command queue: commands out, answers and URCs in
    'line', // which mode the serial line is in: commands, or the data of one connection
    'links', // the ten links of the module and who handles each
    'watch', // the ages of what is believed about the module
    'session', // one opened port to a module, and how it is brought up
    'sockets', // TCP and UDP sockets, servers
    'transparent', // the one connection that has the line to itself
    'network', // the module's socket service: opened, watched, closed
    'modem', // the public face of it all
    'multiplexing', // one serial line as several ports of the modem
    'recovery', // policies: a network that is opened again whenever it is lost
    'node', // adapters for Node programs
  ],
  'packages/fleet/src': [
    'base', // errors, and what all others use
    'protocol', // what crosses the wire: names, subjects, records, frames, schemas
    'engine', // what the fleet needs of a message server
    'stream', // a byte stream over messages: offsets, credit, resume, one end
    'agent', // offers modems: requests, leases, streams, states, events
    'controller', // drives them
    'nats', // the engine over a NATS connection
    'mqtt', // shows modems to MQTT programs
    'server', // the configuration of nats-server
  ],
};

/** Globals that a core source must not use, and what to use instead. */
export const ambient = {
  Promise: 'an Observable; promises belong at the edge',
  setTimeout: 'the injected scheduler',
  setInterval: 'the injected scheduler',
  setImmediate: 'the injected scheduler',
  queueMicrotask: 'the injected scheduler',
  requestAnimationFrame: 'the injected scheduler',
  Date: 'scheduler.now()',
  performance: 'scheduler.now()',
  Buffer: 'Uint8Array',
  process: 'an option',
  require: 'an import',
  window: 'an option',
  navigator: 'an option',
};
