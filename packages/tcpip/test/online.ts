import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { type Emulator, type EmulatorOptions, emulator } from '@a7600/testing';
import { hostNetwork, onPty } from '@a7600/testing/node';
import type { Transport } from '@a7600/transport';
import { serial } from '@a7600/transport/serialport';
import { finalize, type Observable, Subscription, shareReplay, switchMap } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { ReceiveMode } from '../src/links/receive-mode.js';
import { modem } from '../src/modem/open-modem.js';
import type { Network } from '../src/network/network.js';
import type { NetworkOptions } from '../src/network/options.js';
import { keepOnline } from '../src/recovery/keep-online.js';

/** A modem that is online, with this computer's loopback as the emulated module's network. */
export interface Online {
  readonly net: Network;
  readonly module: Emulator;
  /** The command lines that the module was sent. */
  readonly commands: string[];
  /** Bytes on the line between host and module, both directions. */
  readonly wire: { toModule: number; toHost: number };
  /** How many times data was sent. */
  readonly sends: () => number;
  readonly close: () => Promise<void>;
}

/** The same with every network that is opened after one was lost. */
export interface StayingOnline extends Omit<Online, 'net'> {
  /** The network of the moment, and those that follow. */
  readonly networks$: Observable<Network>;
}

type Options = EmulatorOptions & { readonly pty?: boolean };

/** Brings an emulated module online, in process or on a pseudo-terminal and a real serial port. */
export async function online(options: Options = {}, network: NetworkOptions = {}): Promise<Online> {
  const { transport, ...emulated } = emulatedModule(options);
  const open = new Subscription();
  const { source, whenOver } = endOf(transport);
  const net = await held(open, modem(source).pipe(switchMap((opened) => opened.network(network))));
  return {
    net,
    ...emulated,
    close: () => {
      open.unsubscribe();
      return whenOver;
    },
  };
}

/** One module for all tests of a file, brought online before them. */
export function onlineForAll(): Online & {
  /** Ends with each test, and with it what was added. */
  readonly open: Subscription;
} {
  let open = new Subscription();
  let shared: Online;
  beforeAll(async () => {
    shared = await online();
  });
  afterAll(() => shared.close());
  beforeEach(() => {
    open = new Subscription();
    shared.commands.length = 0;
  });
  afterEach(() => open.unsubscribe());
  return {
    get open() {
      return open;
    },
    get net() {
      return shared.net;
    },
    get module() {
      return shared.module;
    },
    get commands() {
      return shared.commands;
    },
    get wire() {
      return shared.wire;
    },
    sends: () => shared.sends(),
    close: () => shared.close(),
  };
}

/** Brings an emulated module online, and again whenever network or module are lost. */
export async function stayingOnline(
  options: Options = {},
  { receive }: { readonly receive?: ReceiveMode | undefined } = {},
): Promise<StayingOnline> {
  const { transport, ...emulated } = emulatedModule(options);
  const open = new Subscription();
  const reconnect = { firstDelay: 20, lastDelay: 50 };
  const networks$ = keepOnline(transport, {
    reconnect,
    levels: ['link'],
    network: { receive },
    modem: { rtscts: options.uart?.rtscts },
  }).pipe(shareReplay({ bufferSize: 1, refCount: true }));
  await held(open, networks$);
  return {
    networks$,
    ...emulated,
    close: async () => open.unsubscribe(),
  };
}

function emulatedModule({ pty = false, ...options }: Options) {
  const module = emulator({ network: hostNetwork(), ...options });
  const transport: Transport = pty ? onPty(module).pipe(switchMap(({ path }) => serial({ path }))) : module;
  return { module, transport, ...watch(module) };
}

/** A transport, and when it is over. */
function endOf(transport: Transport): { readonly source: Transport; readonly whenOver: Promise<void> } {
  let over = () => {};
  const whenOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  return { source: transport.pipe(finalize(() => over())), whenOver };
}

/** Subscribes until `open` ends, and gives the first value. */
export function held<T>(open: Subscription, source: Observable<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    open.add(source.subscribe({ next: resolve, error: reject }));
  });
}

/** Counts what goes over the line of a module. */
export function watch(module: Emulator): Pick<Online, 'commands' | 'wire' | 'sends'> {
  const commands: string[] = [];
  const wire = { toModule: 0, toHost: 0 };
  module.control.events$.subscribe((event) => {
    if (event.kind === 'command') commands.push(event.text);
    else if (event.kind === 'received') wire.toModule += event.bytes.length;
    else if (event.kind === 'printed') wire.toHost += event.bytes.length;
  });
  return { commands, wire, sends: () => commands.filter((text) => text.startsWith('AT+CIPSEND=')).length };
}

/** A server on a free port of loopback, until `open` ends. */
export async function serving(
  open: Subscription,
  onConnection: (socket: Socket) => void,
  options: { readonly allowHalfOpen?: boolean } = {},
): Promise<{ readonly port: number; readonly server: Server }> {
  const sockets = new Set<Socket>();
  const server = createServer(options, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that leaves is part of some tests.
    socket.on('error', () => {});
    onConnection(socket);
  });
  const port = await listening(server);
  open.add(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port, server };
}

/** Lets a server listen on a free port of loopback, and gives the port. */
export function listening(server: Pick<Server, 'listen' | 'address' | 'once'>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A connection to a port of this computer, as soon as something listens there; given up when that is not to be expected. */
export function reached(port: number, isExpected = () => true): Promise<Socket> {
  return new Promise((resolve) => {
    const attempt = () => {
      const socket = createConnection({ port, host: '127.0.0.1' }, () => resolve(socket));
      socket.once('error', () => isExpected() && setTimeout(attempt, 50));
    };
    attempt();
  });
}
