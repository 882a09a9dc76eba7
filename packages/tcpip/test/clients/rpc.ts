import { createServer } from 'node:net';
import { credentials, Client as GrpcClient, Server, ServerCredentials } from '@grpc/grpc-js';
import { listening } from '../online.js';
import { CLIENT_TIMEOUT, type Client } from './client.js';

const same = (bytes: Buffer) => bytes;
const ECHO = {
  path: '/test.Echo/Say',
  requestStream: false,
  responseStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
} as const;

export const grpc: Client = {
  name: 'grpc-js, through a local port',
  package: '@grpc/grpc-js',
  server: 'grpc-js',
  async serve(open) {
    const server = new Server();
    server.addService(
      { say: ECHO },
      { say: ({ request }: { request: Buffer }, done: (e: null, r: Buffer) => void) => done(null, request) },
    );
    const port = await new Promise<number>((resolve, reject) => {
      const bound = (error: Error | null, port: number) => (error ? reject(error) : resolve(port));
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
    });
    open.add(() => server.forceShutdown());
    return port;
  },
  async session({ connect, host, port }) {
    // It has no option for a connection: a port of this computer leads to the modem.
    const local = createServer((near) => {
      const far = connect(port, host);
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy()).on('close', () => far.destroy());
      far.on('error', () => near.destroy()).on('close', () => near.destroy());
    });
    const client = new GrpcClient(`127.0.0.1:${await listening(local)}`, credentials.createInsecure());
    const close = () => {
      client.close();
      local.close();
    };
    return {
      roundTrip: (bytes) =>
        new Promise((resolve, reject) => {
          const deadline = Date.now() + CLIENT_TIMEOUT;
          client.makeUnaryRequest(ECHO.path, same, same, bytes, { deadline }, (error, back) =>
            error ? reject(error) : resolve(back ?? Buffer.alloc(0)),
          );
        }),
      close,
      abort: close,
    };
  },
};
