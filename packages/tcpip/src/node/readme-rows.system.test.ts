import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Subscription } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PLAIN_ENVIRONMENT } from '../../../../tools/programs.js';
import { makeCertificates } from '../../test/certificates.js';
import { mosquitto, redisServer } from '../../test/programs.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
let folder = '';
let program = '';
beforeAll(async () => {
  // Inside of the repository, where packages are found.
  folder = mkdtempSync(join(root, 'node_modules', '.readme-rows-'));
  program = join(folder, 'rows.mts');
  writeFileSync(program, source(rows()));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The code in the second column of the README's table, in order. */
function rows(): string[] {
  const text = readFileSync(join(root, 'packages/tcpip/README.md'), 'utf8');
  const [, table = ''] = /\| for \| write \|\n\| --- \| --- \|\n((?:\|.*\n)+)/.exec(text) ?? [];
  const cells = table
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(/ \| (?=`)/)[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code));
}

/** A program that does what each row is for, with the row as it is printed. */
function source(codes: string[]): string {
  expect(codes).toHaveLength(14);
  const [
    plain,
    secure,
    agent,
    secureAgent,
    dispatcher,
    broker,
    redis,
    tlsSocket,
    tlsOptions,
    over,
    ...others
  ] = codes;
  const [socket, server, httpServer, datagrams] = others;
  return `
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import type { Network } from '@a7600/tcpip';
import { createServer, createSocket, ModemSocket, modemConnect, tlsOver } from '@a7600/tcpip/node';
import type { ByteLink } from '@a7600/transport';
import { Redis } from 'ioredis';
import { MqttClient } from 'mqtt';
import { Agent, fetch } from 'undici';
import { WebSocket, WebSocketServer } from 'ws';
import { online } from '../../packages/tcpip/test/online.js';

const [ca = '', key = '', cert = '', mqttPort = '', redisPort = ''] = process.argv.slice(2);
const modem = await online();
const network: Network = modem.net;
const connect = modemConnect(network);
const host = '127.0.0.1';
const done = (name: string, value: unknown) => console.log(\`\${name}: \${value}\`);

async function listening(server: net.Server): Promise<number> {
  await once(server.listen(0, host), 'listening');
  return (server.address() as net.AddressInfo).port;
}
const answer: http.RequestListener = (_, response) => response.end('hello');
const answer2 = (stream: http2.ServerHttp2Stream) => stream.end('hello');
const identity = { key, cert };

{
  const pages = http.createServer(answer);
  new WebSocketServer({ server: pages }).on('connection', (peer) => peer.send('hello'));
  const port = await listening(pages);
  const [response] = await once(http.request({ host, port, ...${plain} }).end(), 'response');
  done('http.request', await text(response));
  done('ws', String((await once(new WebSocket(\`ws://\${host}:\${port}\`, ${plain}), 'message'))[0]));
  done('http agent', await text((await once(http.get({ host, port, agent: ${agent} }), 'response'))[0]));
}
{
  const port = await listening(http2.createServer().on('stream', answer2));
  done('http2', await text(http2.connect(\`http://\${host}:\${port}\`, ${plain}).request()));
}
{
  const pages = https.createServer(identity, answer);
  new WebSocketServer({ server: pages }).on('connection', (peer) => peer.send('hello'));
  const port = await listening(pages);
  const [response] = await once(https.request({ host, port, ...${secure} }).end(), 'response');
  done('https.request', await text(response));
  done('wss', String((await once(new WebSocket(\`wss://\${host}:\${port}\`, ${secure}), 'message'))[0]));
  done('https agent', await text((await once(https.get({ host, port, agent: ${secureAgent} }), 'response'))[0]));
  done('undici', await (await fetch(\`https://\${host}:\${port}\`, { dispatcher: ${dispatcher} })).text());
}
{
  const port = await listening(http2.createSecureServer(identity).on('stream', answer2));
  done('http2 for https', await text(http2.connect(\`https://\${host}:\${port}\`, ${secure}).request()));
}
{
  const options = {};
  const front = tls.createServer(identity, (peer) => void peer.pipe(net.connect(Number(mqttPort), host)).pipe(peer));
  const port = await listening(front);
  const client: MqttClient = ${broker};
  await once(client as unknown as NodeJS.EventEmitter, 'connect');
  done('mqtt', client.connected);
}
{
  const port = Number(redisPort);
  const redis: Redis = ${redis};
  done('ioredis', await redis.ping());
}
{
  const port = await listening(tls.createServer(identity, (peer) => peer.end('hello')));
  done('connect.tls', await text(${tlsSocket}));
  done('tls.connect', await text(${tlsOptions}));
  const servername = 'localhost';
  const link = await new Promise<ByteLink>((resolve) => void network.connect({ host, port }).subscribe(resolve));
  done('tlsOver', await text(${over}));
}
{
  const port = await listening(net.createServer((peer) => peer.end('hello')));
  const socket: net.Socket = ${socket};
  done('socket', await text(socket));
}
for (const server of [${server}, ${httpServer}] as const) {
  const asNode: net.Server = server;
  if (!asNode.listening) await once(asNode, 'listening');
  const { port } = asNode.address() as net.AddressInfo;
  const visitor = net.connect(port, host, () => visitor.write('GET / HTTP/1.0\\r\\n\\r\\n'));
  done('server', (await text(visitor)).endsWith('hello'));
}
{
  const socket = ${datagrams};
  await once(socket.bind(), 'listening');
  done('datagrams', socket.address().family);
}
process.exit();
`;
}

describe('each row of the table of Node programs, as printed,', () => {
  test.each([
    ['the oldest', '@types/node'],
    ['the newest', 'types-node-newest'],
  ])('compiles with %s types of Node', async (name, types) => {
    const roots = join(folder, name.replace(' ', '-'));
    mkdirSync(roots);
    symlinkSync(join(root, 'node_modules', types), join(roots, 'node'));
    const tsconfig = join(folder, `${types.replace('/', '-')}.json`);
    const compilerOptions = { types: ['node'], typeRoots: [roots], noUnusedLocals: false };
    writeFileSync(
      tsconfig,
      JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files: [program] }),
    );
    const compiled = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', tsconfig]);
    expect(await compiled.catch(({ stdout }) => stdout)).toEqual({ stdout: '', stderr: '' });
  });
});

const SAID = [
  'http.request: hello',
  'ws: hello',
  'http agent: hello',
  'http2: hello',
  'https.request: hello',
  'wss: hello',
  'https agent: hello',
  'undici: hello',
  'http2 for https: hello',
  'mqtt: true',
  'ioredis: PONG',
  'connect.tls: hello',
  'tls.connect: hello',
  'tlsOver: hello',
  'socket: hello',
  'server: true',
  'server: true',
  'datagrams: IPv4',
];

test('each row of the table of Node programs, as printed, runs', async () => {
  const open = new Subscription();
  try {
    const { ca, server } = await makeCertificates();
    const [broker, redis] = [await mosquitto(open), await redisServer(open)];
    const args = [ca, server.key, server.cert, `${broker.port}`, `${redis.port}`];
    const run = ['--conditions=@a7600/source', '--import', 'tsx', program, ...args];
    const options = { cwd: root, env: PLAIN_ENVIRONMENT, timeout: 240_000 };
    // What it said until it failed tells which row it was.
    const { stdout } = await promisify(execFile)(process.execPath, run, options).catch(
      (failed: { stdout: string }) => failed,
    );
    expect(stdout.trim().split('\n')).toEqual(SAID);
  } finally {
    open.unsubscribe();
  }
});
