import { createSocket as createDatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection, createServer as createNetServer } from 'node:net';
import coap, { type OutgoingMessage } from 'coap';
import modbus from 'jsmodbus';
import snmp from 'net-snmp';
import { freePort } from '../../../../tools/free-port.js';
import { createServer, createSocket, ModemSocket } from '../../src/node/index.js';
import { listening } from '../online.js';
import { snmpd } from '../programs.js';
import { CLIENT_TIMEOUT, type Client } from './client.js';

/** What came back on a request, block by block. */
async function answer(request: OutgoingMessage): Promise<Buffer> {
  const [response] = await once(request, 'response');
  return response.payload;
}

/** A CoAP server that sends every body back. */
function coapEcho() {
  return coap.createServer((request, response) => void response.end(request.payload));
}

/** Bytes of one block-wise transfer that the library is used to. */
const COAP_LIMIT = 16_384;

export const coapClient: Client = {
  name: 'coap, a client',
  package: 'coap',
  server: 'coap',
  receive: 'push',
  limit: COAP_LIMIT,
  datagrams: true,
  async serve(open) {
    const socket = createDatagramSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const server = coapEcho();
    await new Promise<void>((resolve) => server.listen(socket, () => resolve()));
    open.add(() => {
      server.close();
      socket.close();
    });
    return socket.address().port;
  },
  async session({ networks$, host: hostname, port }) {
    const socket = createSocket(networks$).bind();
    await once(socket, 'listening');
    const agent = new coap.Agent({ socket });
    let last: OutgoingMessage | undefined;
    return {
      async roundTrip(bytes) {
        const request = agent.request({ hostname, port, method: 'POST', confirmable: true });
        request.setOption('Block1', Buffer.from([6]));
        last = request;
        const back = answer(request);
        request.end(bytes);
        return back;
      },
      close: () => socket.close(),
      abort() {
        // It would go on sending, and Node throws when a closed socket is told to.
        if (last !== undefined) agent.abort(last);
        socket.close();
      },
    };
  },
};

export const coapServer: Client = {
  name: 'coap, a server',
  package: 'coap',
  server: 'coap as the client',
  role: 'server',
  receive: 'push',
  limit: 1_000,
  datagrams: true,
  serve: () => freePort(),
  async session({ networks$, host: hostname, port }) {
    const socket = createSocket(networks$).bind(port);
    await once(socket, 'listening');
    const server = coapEcho();
    server.listen(socket);
    return {
      async roundTrip(bytes) {
        const request = coap.request({ hostname, port, method: 'POST', confirmable: true });
        const back = answer(request);
        request.end(bytes);
        return back;
      },
      close: () => socket.close(),
      abort: () => socket.close(),
    };
  },
};

/** Bytes in the registers of one request. */
const REGISTERS = 240;
const HOLDING = 32_768;

function modbusSession(socket: ConstructorParameters<typeof modbus.client.TCP>[0]) {
  const client = new modbus.client.TCP(socket, 1, CLIENT_TIMEOUT);
  return async (bytes: Buffer) => {
    const back: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += REGISTERS) {
      const part = bytes.subarray(at, at + REGISTERS);
      await client.writeMultipleRegisters(at / 2, part);
      const { response } = await client.readHoldingRegisters(at / 2, part.length / 2);
      back.push(response.body.valuesAsBuffer);
    }
    return Buffer.concat(back);
  };
}

export const modbusClient: Client = {
  name: 'jsmodbus, a client',
  package: 'jsmodbus',
  server: 'jsmodbus',
  limit: 16_384,
  async serve(open) {
    const server = createNetServer();
    new modbus.server.TCP(server, { holding: Buffer.alloc(HOLDING) });
    open.add(() => server.close());
    return listening(server);
  },
  async session({ networks$, host, port }) {
    const socket = new ModemSocket(networks$);
    const roundTrip = modbusSession(socket);
    socket.on('error', () => {});
    socket.connect(port, host);
    await once(socket, 'connect');
    return { roundTrip, close: () => socket.end(), abort: () => socket.destroy() };
  },
};

export const modbusServer: Client = {
  name: 'jsmodbus, a server',
  package: 'jsmodbus',
  server: 'jsmodbus as the client',
  role: 'server',
  limit: 16_384,
  serve: () => freePort(),
  async session({ networks$, host, port }) {
    const server = createServer(networks$);
    new modbus.server.TCP(server, { holding: Buffer.alloc(HOLDING) });
    const clients = new Set<ModemSocket>();
    server.on('connection', (socket) => clients.add(socket.on('error', () => {}) as ModemSocket));
    server.listen(port);
    await once(server, 'listening');
    return {
      async roundTrip(bytes) {
        const socket = createConnection({ port, host });
        socket.on('error', () => {});
        const exchange = modbusSession(socket);
        await once(socket, 'connect');
        const gone = once(socket, 'close').then(() =>
          Promise.reject(new Error('The connection was closed.')),
        );
        gone.catch(() => {});
        try {
          return await Promise.race([exchange(bytes), gone]);
        } finally {
          socket.destroy();
        }
      },
      close: () => new Promise((resolve) => server.close(resolve)),
      abort() {
        for (const client of clients) client.destroy();
        server.close();
      },
    };
  },
};

/** `sysContact.0` (RFC 3418), which may be written. */
const CONTACT = '1.3.6.1.2.1.1.4.0';

export const snmpClient: Client = {
  name: 'net-snmp',
  package: 'net-snmp',
  server: 'snmpd',
  receive: 'push',
  limit: 180,
  datagrams: true,
  single: true,
  serve: async (open) => (await snmpd(open)).port,
  async session({ networks$, host, port }) {
    const dgramModule = { createSocket: () => createSocket(networks$) };
    const session = snmp.createSession(host, 'private', { port, dgramModule, retries: 60, timeout: 1_000 });
    session.on('error', () => {});
    const called = (call: (done: (error: Error | null, bound?: snmp.Varbind[]) => void) => void) =>
      new Promise<string>((resolve, reject) => {
        call((error, bound) => (error === null ? resolve(String(bound?.[0]?.value)) : reject(error)));
      });
    return {
      async roundTrip(bytes) {
        // The contact is text.
        const value = bytes.toString('base64');
        const type = snmp.ObjectType.OctetString;
        await called((done) => session.set([{ oid: CONTACT, type, value }], done));
        return Buffer.from(await called((done) => session.get([CONTACT], done)), 'base64');
      },
      close: () => session.close(),
      abort: () => session.close(),
    };
  },
};
