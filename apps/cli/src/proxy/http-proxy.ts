import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { modemConnect, type NetworkSource } from '@a7600/tcpip/node';
import { peerError } from '../tunnel/peer-error.js';
import type { Access } from './access.js';
import type { Target } from './socks5.js';

/** Headers of one connection, which are not passed on (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Who may use the proxy, and what its network reaches where that is not the Internet. */
export interface HttpProxyOptions {
  readonly access: Access;
  readonly reach?: string | undefined;
  /** Called when a plain request has failed. */
  readonly onFailed?: (to: Target, error: Error) => void;
}

/** What the proxy does with a client that has sent `CONNECT`. */
export type OpenTunnel = (client: Socket, to: Target) => void;

/**
 * An HTTP proxy: `CONNECT` (RFC 9110, section 9.3.6), and requests for `http:` URLs (RFC 9112, section 3.2.2).
 * Requests in another form come from a browser or a program that takes the proxy for a web server; they are refused.
 *
 * @param source the network; requests for one host share connections
 * @param options see {@link HttpProxyOptions}
 * @param open called with the client of a `CONNECT`, which awaits the answer
 * @returns a server that is given its clients by `emit('connection', socket)`
 */
export function httpProxy(
  source: NetworkSource,
  { access, reach, onFailed = () => {} }: HttpProxyOptions,
  open: OpenTunnel,
): Server {
  const agent = modemConnect(source).httpAgent({ keepAlive: true, timeout: 60_000 });
  const server = createServer({ allowHalfOpen: true } as object, (incoming, response) => {
    const to = absolute(incoming.url);
    if (to === undefined) refuse(response, 400, NOT_A_SITE);
    else if (!access.allowsHeader(incoming.headers['proxy-authorization'])) askForPassword(response);
    else {
      const peer = { host: to.hostname, port: Number(to.port) || HTTP };
      const asked = request(to, { agent, ...outgoing(incoming, to) });
      forward(incoming, response, asked, (error) => {
        const inWords = peerError(error, peer, reach);
        onFailed(peer, inWords);
        return inWords;
      });
    }
  });
  server.on('connect', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    const to = authority(incoming.url);
    client.on('error', () => client.destroy());
    if (to === undefined) client.end(plain(400, 'CONNECT needs HOST:PORT.\n'));
    else if (!access.allowsHeader(incoming.headers['proxy-authorization']))
      client.end(plain(407, NEEDS_PASSWORD, CHALLENGE));
    else {
      // Comes first when the tunnel reads.
      if (head.length > 0) client.unshift(head);
      open(client, to);
    }
  });
  server.on('close', () => agent.destroy());
  return server;
}

/**
 * The answer to a `CONNECT`.
 *
 * @param error why the connection failed; undefined if it did not
 * @returns its bytes
 */
export function connectAnswer(error?: NodeJS.ErrnoException): string {
  if (error === undefined) return 'HTTP/1.1 200 Connection established\r\n\r\n';
  return plain(statusFor(error), `${error.message}\n`);
}

/** The port of `http:` URLs. */
const HTTP = 80;

const NOT_A_SITE = 'This is a proxy, not a web site: set it as the HTTP proxy of a program.\n';
const NEEDS_PASSWORD = 'This proxy needs a user name and a password.\n';
const CHALLENGE = { 'Proxy-Authenticate': 'Basic realm="a7600", charset="UTF-8"' };
const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  407: 'Proxy Authentication Required',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function statusFor({ code }: NodeJS.ErrnoException): 502 | 503 | 504 {
  if (code === 'ETIMEDOUT' || code === 'EAI_AGAIN') return 504;
  return code === 'EMFILE' || code === 'ENETDOWN' ? 503 : 502;
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): string {
  const fields = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
    ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines.join('')}\r\n${text}`;
}

function refuse(response: ServerResponse, status: number, text: string, headers: object = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(text);
}

function askForPassword(response: ServerResponse): void {
  refuse(response, 407, NEEDS_PASSWORD, CHALLENGE);
}

/** The URL of a request in absolute form for `http:`, else undefined. */
function absolute(url = ''): URL | undefined {
  if (!/^http:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url);
}

/** The target of a `CONNECT` (RFC 9110, section 7.1). */
function authority(text = ''): Target | undefined {
  const [, name, v6, digits] = /^(?:([\w.-]+)|\[([\da-f:.]+)\]):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  const host = name ?? v6;
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

function outgoing(incoming: IncomingMessage, { host }: URL) {
  const headers = passedOn(incoming.rawHeaders, incoming.headers.connection).filter(
    ([name]) => name.toLowerCase() !== 'host',
  );
  headers.push(['Host', host], ['Via', '1.1 a7600']);
  // A body whose length the client did not know.
  if (incoming.headers['transfer-encoding'] !== undefined) headers.push(['Transfer-Encoding', 'chunked']);
  return { method: incoming.method ?? 'GET', headers: headers.flat() };
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  request: ClientRequest,
  inWords: (error: Error) => NodeJS.ErrnoException,
): void {
  request.on('response', (answer) => {
    const { statusCode = 502, statusMessage = '' } = answer;
    const headers = passedOn(answer.rawHeaders, answer.headers.connection);
    response.writeHead(statusCode, statusMessage, headers.flat());
    // A truncated answer ends as one: the client's connection is destroyed.
    pipeline(answer, response, (error) => error && response.destroy());
  });
  request.on('error', (error: NodeJS.ErrnoException) => {
    if (response.headersSent) response.destroy();
    else refuse(response, statusFor(error), `${inWords(error).message}\n`, { Connection: 'close' });
  });
  response.on('close', () => request.destroy());
  pipeline(incoming, request, () => {});
}

/** The headers without those of one connection, as pairs. */
function passedOn(raw: readonly string[], connection = ''): [string, string][] {
  const named = connection.toLowerCase().split(/\s*,\s*/);
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return pairs.filter(([name]) => {
    const lower = name.toLowerCase();
    return !HOP_BY_HOP.includes(lower) && !named.includes(lower);
  });
}
