import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Registry } from 'prom-client';
import { isLoopback } from '../proxy/access.js';

/**
 * Serves metrics to Prometheus, and to no web page: a request of a browser for another site, or under a name that is not
 * this computer's, is refused.
 *
 * @param registry what to serve
 * @returns a server that does not listen yet
 */
export function metricsServer(registry: Registry): Server {
  return createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!isLocal(request)) {
      response.writeHead(403, { 'Content-Type': 'text/plain' }).end('Only for programs of this computer.\n');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    } else if (pathname !== '/metrics') {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('The metrics are at /metrics.\n');
    } else {
      response.setHeader('Content-Type', registry.contentType);
      response.end(await registry.metrics());
    }
  });
}

/**
 * Whether a request comes from a program of this computer, not from a web page that a browser shows.
 *
 * @param request the request
 * @returns false with an `Origin`, or a `Host` that is not this computer
 */
export function isLocal({ headers }: IncomingMessage): boolean {
  if (headers.origin !== undefined || headers['sec-fetch-site'] === 'cross-site') return false;
  const [, six, name = six] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(headers.host ?? '') ?? [];
  return name !== undefined && isLoopback(name);
}
