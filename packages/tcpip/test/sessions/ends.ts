import assert from 'node:assert/strict';
import type { MemoryConnection } from '@a7600/testing';
import type { LinkEnd } from '@a7600/transport';
import type { TcpSocket } from '../../src/sockets/tcp-socket.js';
import { type Observed, observe, textOf } from '../world.js';

/** A peer's end of a TCP connection, and everything that went through it. */
export class Peer {
  readonly connection: MemoryConnection;
  private readonly observed: Observed<Uint8Array>;
  private readonly sends: string[] = [];
  /** It has broken the connection off, or was the one to close it. */
  ended: 'no' | 'closed' | 'reset' = 'no';

  constructor(connection: MemoryConnection) {
    this.connection = connection;
    this.observed = observe(connection.received$);
  }

  get sent(): string {
    return this.sends.join('');
  }

  get received(): string {
    return textOf(this.observed.values);
  }

  send(bytes: Uint8Array): void {
    if (this.ended !== 'no' || this.observed.end !== 'open') return;
    this.sends.push(textOf([bytes]));
    observe(this.connection.write(bytes));
  }

  close(): void {
    if (this.ended !== 'no') return;
    this.ended = 'closed';
    observe(this.connection.close());
  }

  reset(): void {
    if (this.ended !== 'no') return;
    this.ended = 'reset';
    this.connection.reset();
  }
}

/** The program's end of a TCP connection. */
export class Own {
  readonly socket: TcpSocket;
  private readonly inherits: boolean;
  private readonly observed: Observed<Uint8Array>;
  private readonly ends: Observed<LinkEnd>;
  private readonly writes: { readonly text: string; readonly observed: Observed<never> }[] = [];

  /** `inherits`: a payload for the connection that had the link before is on its way to the module. */
  constructor(socket: TcpSocket, inherits: boolean) {
    this.socket = socket;
    this.inherits = inherits;
    this.observed = observe(socket.received$);
    this.ends = observe(socket.ended$);
  }

  get received(): string {
    return textOf(this.observed.values);
  }

  get end(): Observed<unknown>['end'] {
    return this.observed.end;
  }

  /** How it ended; undefined while it is open. */
  get endedBy(): LinkEnd['by'] | undefined {
    return this.ends.values[0]?.by;
  }

  get written(): string {
    return this.writes.map(({ text }) => text).join('');
  }

  /** What the module has accepted. */
  get accepted(): string {
    return this.writes.map(({ text, observed }) => (observed.end === 'complete' ? text : '')).join('');
  }

  write(bytes: Uint8Array): void {
    this.writes.push({ text: textOf([bytes]), observed: observe(this.socket.write(bytes)) });
  }

  close(): void {
    observe(this.socket.close());
  }

  /** What holds at every moment, given who may be at the other end. */
  check(peers: readonly Peer[]): void {
    const { received, written } = this;
    const peer = this.peerAmong(peers);
    if (peer === undefined) {
      assert.equal(received, '', 'received without a peer');
      return;
    }
    assert.ok(peer.sent.startsWith(received), 'received something else than the peer sent');
    // What is sent to a peer that has closed resets the connection, and what was on the way is gone.
    const untouched = peer.received === written;
    if (this.end === 'complete' && this.endedBy === 'remote' && peer.ended === 'closed' && untouched) {
      same(received, peer.sent, 'ended cleanly without all that the peer had sent');
    }
  }

  /** What holds when nothing goes wrong any more and there was time. */
  checkSettled(peers: readonly Peer[]): void {
    this.check(peers);
    const peer = this.peerAmong(peers);
    if (peer !== undefined && !this.misdirected) {
      assert.ok(this.written.startsWith(peer.received), 'the peer received something else than was written');
    }
    if (this.endedBy !== undefined) return;
    assert.ok(peer !== undefined, 'open without a peer');
    same(this.received, peer.sent, 'not everything that the peer sent has arrived');
    same(peer.received, this.accepted, 'not everything that was written has arrived');
    same(this.accepted, this.written, 'not everything was accepted');
  }

  /**
   * The module gave the link away while a payload was on its way to it, so that the next peer got
   * that, or spaces. The SDK cannot prevent it; the connection was closed for it, if the program had not
   * done that already.
   */
  private get misdirected(): boolean {
    const [end] = this.ends.values;
    if (end?.by === 'local') return this.inherits;
    return end?.by === 'lost' && end.error.message.includes('had its link before');
  }

  /** The connection that the module made last is the one that it speaks of. */
  private peerAmong(peers: readonly Peer[]): Peer | undefined {
    return peers.at(-1);
  }
}

function same(actual: string, expected: string, message: string): void {
  assert.ok(actual === expected, `${message}: ${actual.length} of ${expected.length} bytes`);
}
