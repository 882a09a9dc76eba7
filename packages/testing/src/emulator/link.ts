import { Subscription } from 'rxjs';
import type { Connection } from '../networks/network.js';
import { ByteQueue } from './byte-queue.js';
import type { Module } from './module.js';

/** One of the module's ten links. */
export class Link {
  readonly number: number;
  state: 'free' | 'opening' | 'open' = 'free';
  /** Index of the server that accepted it, -1 for a client. */
  server = -1;
  remote: Connection['remote'] = { host: '', port: 0 };
  /** What came in and the host has not read (buffer access mode); outlives the connection. */
  readonly received = new ByteQueue();
  private readonly module: Module;
  private connection: Connection | undefined;
  private work = new Subscription();
  /** Bytes that the peer has not taken yet. */
  private unsent = 0;
  private peerClosed = false;
  private closeReport = Subscription.EMPTY;

  constructor(number: number, module: Module) {
    this.number = number;
    this.module = module;
  }

  /** Reserves the link; `work` is undone when it is given up. */
  open(server: number, remote: Connection['remote']): Subscription {
    this.state = 'opening';
    this.server = server;
    this.remote = remote;
    this.received.clear();
    this.unsent = 0;
    this.peerClosed = false;
    this.work = new Subscription();
    return this.work;
  }

  connected(connection: Connection): void {
    this.state = 'open';
    this.connection = connection;
    this.work.add(
      connection.received$.subscribe({
        next: (bytes) => this.receive(bytes),
        complete: () => {
          this.peerClosed = true;
          this.noticeClose();
        },
        error: () => this.closedByPeer(),
      }),
    );
  }

  /** How many of `count` bytes the link can take now. */
  room(count: number): number {
    return Math.max(0, Math.min(count, this.module.profile.sendBuffer - this.unsent));
  }

  send(bytes: Uint8Array): void {
    const { connection, work } = this;
    if (connection === undefined) return;
    this.noticeClose();
    this.unsent += bytes.length;
    // Not undone with the rest of the work: what was sent goes out although the link is closed.
    connection.write(bytes).subscribe({
      complete: () => {
        if (this.work === work) this.unsent -= bytes.length;
      },
      error: () => {
        if (this.work === work) this.closedByPeer();
      },
    });
  }

  /** Hands out up to `count` received bytes. */
  read(count: number): Uint8Array {
    const bytes = this.received.take(count);
    if (this.received.length < this.module.profile.receiveBuffer) this.connection?.resume();
    this.noticeClose();
    return bytes;
  }

  /** The host closes the link: what it has sent still goes out. */
  close(): void {
    const { connection } = this;
    this.received.clear();
    this.release();
    connection?.close().subscribe({ error: () => {} });
  }

  /** Drops the link at once, as a lost bearer or a restart does. */
  drop(): void {
    const { connection } = this;
    this.received.clear();
    this.release();
    connection?.reset();
  }

  private receive(bytes: Uint8Array): void {
    const { settings, profile } = this.module;
    if (!settings.buffered) {
      this.module.push(this, bytes);
      return;
    }
    const wasEmpty = this.received.length === 0;
    this.received.push(bytes);
    if (this.received.length >= profile.receiveBuffer) this.connection?.pause();
    if (wasEmpty) this.module.report(`+CIPRXGET: 1,${this.number}`);
  }

  private noticeClose(): void {
    const { noticesClose, closeDelay } = this.module.profile;
    const noticed = this.peerClosed && (noticesClose === 'at once' || this.received.length === 0);
    if (!noticed || this.state !== 'open') return;
    this.closeReport.unsubscribe();
    this.closeReport = this.module.scheduler.schedule(() => this.closedByPeer(), closeDelay);
    this.work.add(this.closeReport);
  }

  private closedByPeer(): void {
    if (this.state !== 'open') return;
    const { connection } = this;
    this.release();
    connection?.close().subscribe({ error: () => {} });
    this.module.report(`+IPCLOSE: ${this.number},1`);
    this.module.linkFreed();
  }

  private release(): void {
    this.state = 'free';
    this.connection = undefined;
    this.closeReport = Subscription.EMPTY;
    this.work.unsubscribe();
  }
}
