import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Subscription } from 'rxjs';
import { listening } from '../../../packages/tcpip/test/online.js';
import { patterned } from './real.js';

/** A repository, served by the real `git http-backend`. */
export interface GitServer {
  readonly url: string;
  /** The commit that a clone has to have. */
  readonly head: string;
}

/** Makes a repository of some size in a folder and serves it on loopback, until `open` ends. */
export async function gitServer(open: Subscription, folder: string, bytes: number): Promise<GitServer> {
  const work = join(folder, 'project');
  mkdirSync(work);
  writeFileSync(join(work, 'data'), patterned(bytes));
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  const git = (...args: string[]) =>
    execFileSync('git', [...identity, ...args], { cwd: work, encoding: 'utf8' });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'everything');
  const server = createServer((request, response) => serve(folder, request, response));
  open.add(() => server.closeAllConnections());
  open.add(() => server.close());
  return {
    url: `http://localhost:${await listening(server)}/project/.git`,
    head: git('rev-parse', 'HEAD').trim(),
  };
}

/** One request by CGI (RFC 3875), as `git http-backend` has it. */
function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { PATH: programs } = process.env;
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: programs,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      REQUEST_METHOD: request.method,
      PATH_INFO: path,
      QUERY_STRING: query,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  let held = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (response.headersSent) {
      response.write(chunk);
      return;
    }
    held = Buffer.concat([held, chunk]);
    const end = held.indexOf('\r\n\r\n');
    if (end < 0) return;
    for (const line of held.toString('latin1', 0, end).split('\r\n')) {
      const [name = '', value = ''] = line.split(/: (.*)/);
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.write(held.subarray(end + 4));
  });
  child.stdout.on('end', () => response.end());
}
