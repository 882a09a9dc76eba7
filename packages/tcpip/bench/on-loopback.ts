import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { ModemHttpAgent, ModemHttpsAgent } from '../src/node/agents.js';
import type { SocketConnectOptions } from '../src/node/arguments.js';
import type { ModemConnect } from '../src/node/index.js';
import { ioredisConnector } from '../src/node/ioredis.js';
import { Sessions, tlsOptions } from '../src/node/tls.js';
import { undiciConnector } from '../src/node/undici.js';
import { Conversation } from './conversation.js';
import type { Workload } from './virtual-clients.js';

/** What a client and its server say to each other over sockets of this computer: the least that their protocol needs. */
export async function conversationOf(workload: Workload): Promise<Conversation> {
  const conversation = new Conversation();
  const server = await listening((socket) => workload.serve(socket));
  const relay = await listening((near) => listened(near, portOf(server), conversation));
  const doIt = await workload.client(connectTo(portOf(relay)));
  await doIt();
  conversation.clear();
  for (let time = 0; time < workload.times; time++) await doIt();
  // What a client says when it leaves belongs to it.
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (const { close } of [relay, server]) close();
  return conversation;
}

interface Listening {
  readonly server: Server;
  readonly close: () => void;
}

async function listening(serve: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    serve(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { server, close };
}

function portOf({ server }: Listening): number {
  return (server.address() as AddressInfo).port;
}

/** Passes a connection on to a port, and counts what goes each way. */
function listened(near: Socket, port: number, conversation: Conversation): void {
  const far = createConnection({ port, host: '127.0.0.1', noDelay: true }).on('error', () => {});
  conversation.connected();
  near.on('data', ({ length }: Buffer) => conversation.count('up', length)).pipe(far);
  far.on('data', ({ length }: Buffer) => conversation.count('down', length)).pipe(near);
}

/** Connections of this computer in the form that `modemConnect` has, all to one port. */
function connectTo(port: number): ModemConnect {
  const open = (_: SocketConnectOptions) => createConnection({ port, host: '127.0.0.1', noDelay: true });
  const secureOptions: ModemConnect['tlsOptions'] = ({ port: _, ...options }) =>
    tlsOptions(open(options), options);
  return Object.assign((() => open({})) as unknown as ModemConnect, {
    tls: ((options) => tlsConnect(secureOptions(options as object))) as ModemConnect['tls'],
    tlsOptions: secureOptions,
    httpAgent: (options) => new ModemHttpAgent(open, options),
    httpsAgent: (options) => new ModemHttpsAgent(open, options),
    undici: (options = {}) => undiciConnector(open, options),
    mqtt: ({ tls, ...where }) => {
      const sessions = new Sessions();
      return () => (tls === undefined ? open(where) : sessions.connect(tlsOptions(open(where), tls)));
    },
    ioredis: ioredisConnector(open),
  } satisfies Pick<ModemConnect, keyof ModemConnect>);
}
