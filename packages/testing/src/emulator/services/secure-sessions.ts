import { EMPTY, Subscription, TimeoutError, timeout } from 'rxjs';
import { type Connection, type Endpoint, NetworkError } from '../../networks/network.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { chunksOf, joined, textOf } from './bytes.js';
import { heedHost } from './congestion.js';
import { connectTo, MissingCertificate, sslContextsOf } from './ssl-contexts.js';

/** `<err>` of `CCH…` (AT command manual, 19.3.1). */
export const CCH_ERR = {
  ok: 0,
  peerClosed: 4,
  timeout: 5,
  invalid: 8,
  network: 9,
  dns: 13,
  connect: 14,
  handshake: 15,
  certificate: 19,
} as const;

/** `<client_type>` of `AT+CCHOPEN` that is secured. */
export const SECURED = 2;

/** Most bytes that one `+CCHRECV: DATA` announces (AT command manual, 19.2.15). */
const CHUNK = 1024;

/** Most bytes that a session caches, as many as a link keeps. */
const RECEIVE_BUFFER = 64_240;

/** One of the two sessions of `CCH…`. */
export class SecureSession {
  /** `AT+CCHSSLCFG`; undefined is the context of the session's own number. */
  sslContext: number | undefined;
  remote: (Endpoint & { readonly type: number }) | undefined;
  private readonly id: number;
  private connection: Connection | undefined;
  private opening = false;
  private unread: Uint8Array = new Uint8Array();
  /** What has come in and found no room; the connection waits while there is some. */
  private kept: Uint8Array = new Uint8Array();
  /** `AT+CCHCFG="sendtimeout"`: time in s that a send may take. */
  sendTime = 150;

  constructor(id: number) {
    this.id = id;
  }

  get isFree(): boolean {
    return this.connection === undefined && !this.opening;
  }

  get isOpen(): boolean {
    return this.connection !== undefined;
  }

  get cached(): number {
    return this.unread.length;
  }

  /** Connects; `opened` is called with the `<err>`. */
  open(
    to: Endpoint,
    type: number,
    manual: () => boolean,
    module: Module,
    opened: (err: number) => void,
  ): void {
    const index = this.sslContext ?? this.id;
    const limit = type === SECURED ? (sslContextsOf(module)[index]?.negotiation ?? 300) * 1000 : 120_000;
    this.opening = true;
    this.unread = new Uint8Array();
    this.kept = new Uint8Array();
    const connecting = connectTo(to, type === SECURED ? index : undefined, module)
      .pipe(timeout({ first: limit, scheduler: module.clock.scheduler }))
      .subscribe({
        next: (connection) => {
          this.opening = false;
          this.connection = connection;
          this.remote = { ...to, type };
          opened(CCH_ERR.ok);
          this.listen(connection, manual, module);
        },
        error: (error: unknown) => {
          this.forget();
          opened(errOf(error));
        },
      });
    module.clock.keep(connecting);
  }

  /** Sends; `done` is called with the `<err>`. */
  send(bytes: Uint8Array, module: Module, done: (err: number) => void): void {
    const tooLate = module.clock.later(this.sendTime * 1000, () => finish(CCH_ERR.timeout));
    const writing = new Subscription();
    const finish = (err: number) => {
      tooLate.unsubscribe();
      writing.unsubscribe();
      done(err);
    };
    const written$ = this.connection?.write(bytes) ?? EMPTY;
    writing.add(
      written$.subscribe({ error: () => finish(CCH_ERR.peerClosed), complete: () => finish(CCH_ERR.ok) }),
    );
  }

  /** Takes up to so many cached bytes, all of them with 0, in chunks. */
  take(most: number): Uint8Array[] {
    const size = most === 0 ? this.unread.length : Math.min(most, this.unread.length);
    const taken = this.unread.slice(0, size);
    this.unread = this.unread.slice(size);
    if (this.kept.length > 0) this.keep(new Uint8Array());
    return chunksOf(taken, CHUNK);
  }

  close(): void {
    const { connection } = this;
    this.forget();
    connection?.close().subscribe({ error: () => {} });
  }

  private forget(): void {
    this.connection = undefined;
    this.remote = undefined;
    this.opening = false;
    this.sslContext = undefined;
  }

  /** Caches what fits into the receive buffer, and lets the connection wait with the rest. */
  private keep(bytes: Uint8Array): void {
    const all = joined(this.kept, bytes);
    const room = Math.max(0, RECEIVE_BUFFER - this.unread.length);
    this.unread = joined(this.unread, all.subarray(0, room));
    this.kept = all.slice(room);
    if (this.kept.length > 0) this.connection?.pause();
    else this.connection?.resume();
  }

  private listen(connection: Connection, manual: () => boolean, module: Module): void {
    const ended = () => {
      if (this.connection !== connection) return;
      this.forget();
      connection.close().subscribe({ error: () => {} });
      module.report(`+CCH_PEER_CLOSED: ${this.id}`);
    };
    const receiving = connection.received$.subscribe({
      next: (bytes) => {
        if (this.connection !== connection) return;
        if (!manual()) {
          for (const chunk of chunksOf(bytes, CHUNK)) module.report(announced(this.id, chunk));
          heedHost(connection, module);
          return;
        }
        const wasEmpty = this.unread.length === 0;
        this.keep(bytes);
        if (wasEmpty) module.report(`+CCHEVENT: ${this.id},RECV EVENT`);
      },
      complete: ended,
      error: ended,
    });
    module.clock.keep(receiving);
  }
}

/** `+CCHRECV: DATA,<session>,<len>` with its data. */
export function announced(id: number, chunk: Uint8Array): string {
  return `+CCHRECV: DATA,${id},${chunk.length}\r\n${textOf(chunk)}`;
}

function errOf(error: unknown): number {
  if (error instanceof MissingCertificate) return CCH_ERR.certificate;
  if (error instanceof TimeoutError) return CCH_ERR.timeout;
  if (!(error instanceof NetworkError)) return CCH_ERR.network;
  if (error.failure === 'handshake') return CCH_ERR.handshake;
  if (error.failure === 'unknown-host') return CCH_ERR.dns;
  return error.failure === 'timeout' ? CCH_ERR.timeout : CCH_ERR.connect;
}

/** The SSL service of a module. */
export class SecureService {
  started = false;
  reportsSends = false;
  manual = false;
  readonly sessions = [new SecureSession(0), new SecureSession(1)] as const;

  forget(): void {
    for (const session of this.sessions) session.close();
    this.started = false;
  }

  /** The bearer is gone, and the connections with it. */
  lose(module: Module): void {
    for (const [id, session] of this.sessions.entries()) {
      if (!session.isOpen) continue;
      session.close();
      module.report(`+CCH_PEER_CLOSED: ${id}`);
    }
  }
}

export const secureServiceOf = perModule((module) => {
  const service = new SecureService();
  module.radio.watchLoss(() => service.lose(module));
  module.watchPower((power) => {
    if (power !== 'off') return;
    service.forget();
    service.reportsSends = false;
    service.manual = false;
  });
  return service;
});
