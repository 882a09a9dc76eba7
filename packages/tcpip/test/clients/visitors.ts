import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { freePort } from '../../../../tools/free-port.js';
import { createServer } from '../../src/node/index.js';
import type { Client } from './client.js';

export const curl: Client = {
  name: 'node:http on the modem, visited by curl',
  server: 'curl',
  role: 'server',
  serve: () => freePort(),
  async session({ networks$, host, port }) {
    const pages = http.createServer(async (request, response) => {
      response.end(await buffer(request).catch(() => undefined));
    });
    const server = createServer(networks$, pages).listen(port);
    await once(server, 'listening');
    return {
      async roundTrip(bytes) {
        const url = `http://${host}:${port}/`;
        const visitor = spawn('curl', ['--silent', '--show-error', '--fail', '--data-binary', '@-', url]);
        const back = buffer(visitor.stdout);
        visitor.stdin.on('error', () => {});
        visitor.stdin.end(bytes);
        const [code] = await once(visitor, 'close');
        if (code !== 0) throw new Error(`curl ended with ${code}.`);
        return back;
      },
      close: () => new Promise((resolve) => server.close(resolve)),
      abort() {
        pages.closeAllConnections();
        server.close();
      },
    };
  },
};

/** Pictures on a page: more than a browser has connections to a host. */
const PICTURES = 12;

export const browser: Client = {
  name: 'node:http on the modem, visited by a browser',
  server: 'chromium',
  role: 'server',
  single: true,
  limit: 1 << 17,
  serve: () => freePort(),
  async session({ networks$, host, port }) {
    const shown: Buffer[] = [];
    let visitor: ChildProcess | undefined;
    const script = `Promise.all(Array.from({ length: ${PICTURES} }, (_, at) => fetch('/part/' + at)
      .then((part) => part.arrayBuffer()))).then((parts) => fetch('/all', { method: 'POST', body: new Blob(parts) }))
      .then(() => { document.title = 'done'; });`;
    let content: Buffer = Buffer.alloc(0);
    const pages = http.createServer(async (request, response) => {
      const { url = '/' } = request;
      response.setHeader('cache-control', 'no-store');
      const [, part] = /^\/part\/(\d+)$/.exec(url) ?? [];
      const size = Math.ceil(content.length / PICTURES);
      if (part !== undefined) response.end(content.subarray(Number(part) * size, (Number(part) + 1) * size));
      else if (url === '/') response.setHeader('content-type', 'text/html').end(`<script>${script}</script>`);
      else {
        // An answer before that would let the browser leave in the middle of what it sends.
        const all = await buffer(request).catch(() => undefined);
        if (url === '/all' && all !== undefined) shown.push(all);
        response.end();
      }
    });
    const server = createServer(networks$, pages).listen(port);
    await once(server, 'listening');
    return {
      async roundTrip(bytes) {
        content = bytes;
        const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
        // With the profile of a browser that still runs, it would leave the page to that one and end.
        const profile = mkdtempSync(join(tmpdir(), 'a7600-browser-'));
        const args = ['--headless', '--disable-gpu', ...sandbox, `--user-data-dir=${profile}`];
        const page = ['--virtual-time-budget=60000', '--dump-dom', `http://${host}:${port}/`];
        const started = spawn('chromium', [...args, ...page], { stdio: ['ignore', 'pipe', 'ignore'] });
        visitor = started;
        await Promise.all([buffer(started.stdout), once(started, 'close')]);
        rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
        const all = shown.pop();
        if (all === undefined) throw new Error('The browser did not get all parts.');
        return all;
      },
      close: () => new Promise((resolve) => server.close(resolve)),
      abort() {
        visitor?.kill();
        pages.closeAllConnections();
        server.close();
      },
    };
  },
};
