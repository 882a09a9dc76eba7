import type { EventEmitter } from 'node:events';

/** A server of `node:http` or `node:https`: it is handed its connections here, and never listens. */
export interface HandedServer extends EventEmitter {
  readonly listening: boolean;
  readonly closeIdleConnections?: () => void;
  readonly close: () => unknown;
}

/** Whether something that serves a socket is a server of Node that was given it. */
export function isHandedServer(server: unknown): server is HandedServer {
  return (
    typeof server === 'object' &&
    server !== null &&
    'emit' in server &&
    'listening' in server &&
    'closeIdleConnections' in server
  );
}

/**
 * HTTP servers that are handed the clients of a server on the modem. Node starts to check their
 * `headersTimeout`, `requestTimeout` and `keepAliveTimeout` at the event `listening`, which they
 * would not emit: silent clients would keep all links of the module for ever.
 */
export class HttpProtection {
  private readonly servers = new Set<HandedServer>();

  /** Starts the checks of a server that is handed a client. */
  start(server: unknown): void {
    if (!isHandedServer(server) || server.listening || this.servers.has(server)) return;
    this.servers.add(server);
    server.emit('listening');
  }

  /** No client comes any more: idle ones need not be waited for. */
  closeIdleConnections(): void {
    for (const server of this.servers) server.closeIdleConnections?.();
  }

  /** The last client has left: ends the checks. */
  stop(): void {
    for (const server of this.servers) if (!server.listening) server.close();
    this.servers.clear();
  }
}
