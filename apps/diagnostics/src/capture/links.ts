import { joinChunks } from '@a7600/at-codec';
import type { Step } from './classify.js';
import { type Conversation, type LinkPacket, tcpConversation, udpConversation } from './conversation.js';
import type { Endpoint } from './ip-packets.js';
import { Peers } from './peers.js';

/** A link of the module while it is open, or being opened. */
interface Link {
  readonly conversation: Conversation;
  isOpen: boolean;
  /** Payload that the module has not confirmed yet. */
  pending: Uint8Array[];
  /** The peer has ended; what is left in the module's buffer is still read. */
  hasEnded: boolean;
  /** Of a UDP link. */
  peer: Endpoint;
}

/** Lines after which no link is open any more. */
const ENDS_ALL = /^(?:\+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY|\+NETCLOSE: 0|\*ATREADY: 1|RDY)$/;
const COMMENT_MIDDLE = 'The recording begins in the middle of this connection.';

/**
 * Follows the ten links of a module through the dialogue, and makes packets of what they carried: what the module has
 * confirmed, once, in order, and what it has given. (Application note, 3.2 to 3.4.)
 */
export class Links {
  private readonly peers = new Peers();
  private readonly links = new Map<number, Link>();
  private readonly serverPorts = new Map<number, number>();
  /** The link of the last `AT+CIPSEND`. */
  private sending: Link | undefined;
  private isBuffered = false;
  /** The block that is being read: what is left of it, and in the module's buffer after it. */
  private block = { left: 0, rest: Number.NaN };
  /** Who sent the next pushed block (`RECV FROM:`). */
  private from: Endpoint | undefined;

  /** The packets of one step of the dialogue. */
  follow(step: Step): LinkPacket[] {
    if (step.kind === 'payload') return this.payload(step);
    if (step.kind === 'escape') return [];
    const text = step.text.trim();
    return step.kind === 'command' ? this.command(text) : this.line(text);
  }

  /** The packets of what is left when the dialogue ends. */
  end(): LinkPacket[] {
    return [...this.links.keys()].flatMap((number) =>
      this.links.get(number)?.hasEnded ? this.close(number, 'received', 'ended') : [],
    );
  }

  private command(text: string): LinkPacket[] {
    const [, number, kind, host = '', port, localPort] =
      /^AT\+CIPOPEN=(\d),"(TCP|UDP)",(?:"([^"]*)")?,?(\d*)(?:,(\d+))?/i.exec(text) ?? [];
    if (number !== undefined && kind !== undefined) {
      const before = this.close(Number(number), 'received', 'ended');
      this.prepare(Number(number), kind.toUpperCase(), host, Number(port), localPort);
      return before;
    }
    const [, server, index] = /^AT\+SERVERSTART=(\d+),(\d)/i.exec(text) ?? [];
    if (server !== undefined) this.serverPorts.set(Number(index), Number(server));
    const [, link, to, toPort] = /^AT\+CIPSEND=(\d),\d*(?:,"([^"]*)",(\d+))?/i.exec(text) ?? [];
    if (link !== undefined) {
      this.sending = this.known(Number(link));
      this.sending.pending = [];
      if (to !== undefined) this.sending.peer = this.peers.remote(to, Number(toPort));
    }
    if (/^AT\+CIPRXGET=1$/i.test(text)) this.isBuffered = true;
    return [];
  }

  private line(line: string): LinkPacket[] {
    this.peers.observe(line);
    const [, name = '', rest = ''] = /^\+?([A-Z ]+)[:,] ?(.*)$/.exec(line) ?? [];
    const numbers = rest.split(',').map(Number);
    const [first = Number.NaN, second = Number.NaN, third = Number.NaN] = numbers;
    if (ENDS_ALL.test(line)) {
      return [...this.links.keys()].flatMap((number) => this.close(number, 'received', 'broken', line));
    }
    if (/^CONNECT(?: \d+)?$/.test(line)) return this.opened(0, 0);
    if (line === 'CLOSED') return this.close(0, 'received', 'ended');
    if (line === 'NO CARRIER') return this.close(0, 'received', 'broken', line);
    switch (name) {
      case 'CIPOPEN':
        return numbers.length === 2 ? this.opened(first, second) : [];
      case 'CLIENT':
        return this.accepted(first, second, rest);
      case 'CIPSEND':
        return numbers.length === 3 ? this.confirmed(first, third) : [];
      case 'CIPERROR':
        if (this.sending !== undefined) this.sending.pending = [];
        return [];
      case 'CIPRXGET':
        return this.read(numbers);
      case 'CIPCLOSE':
        return numbers.length === 2 ? this.close(first, 'sent', 'ended') : [];
      case 'IPCLOSE':
        return this.ended(first, second, line);
      case 'RECV FROM': {
        const [, address, port] = /^(.*):(\d+)$/.exec(rest) ?? [];
        if (address !== undefined) this.from = { address, port: Number(port) };
        return [];
      }
      default:
        return [];
    }
  }

  private prepare(
    number: number,
    kind: string,
    host: string,
    port: number,
    localPort: string | undefined,
  ): void {
    const remote = this.peers.remote(host === '' ? '0.0.0.0' : host, port || 0);
    const local = this.peers.local(remote, localPort === undefined ? undefined : Number(localPort));
    const link: Link = { conversation: NONE, isOpen: false, pending: [], hasEnded: false, peer: remote };
    const conversation =
      kind === 'TCP'
        ? tcpConversation(number, local, remote)
        : udpConversation(number, local, () => link.peer);
    this.links.set(number, Object.assign(link, { conversation }));
  }

  /** The link; one whose beginning is not in the recording is made up. */
  private known(number: number): Link {
    const link = this.links.get(number);
    if (link !== undefined) return link;
    this.prepare(number, 'TCP', `link ${number}`, 0, undefined);
    return this.links.get(number) as Link;
  }

  private opened(number: number, error: number): LinkPacket[] {
    const link = this.links.get(number);
    if (link === undefined || link.isOpen) return [];
    if (error !== 0) {
      this.links.delete(number);
      const [syn] = link.conversation.open('sent');
      const refused = link.conversation.close('received', 'broken', `The module reported ${error}.`);
      return syn === undefined ? [] : [syn, ...refused];
    }
    link.isOpen = true;
    return link.conversation.open('sent');
  }

  private accepted(number: number, server: number, rest: string): LinkPacket[] {
    const [, address, port] = /^\d,\d,"?([^",]+?)"?:(\d+)/.exec(rest) ?? [];
    if (address === undefined) return [];
    const before = this.close(number, 'received', 'ended');
    const localPort = this.serverPorts.get(server);
    this.prepare(number, 'TCP', address, Number(port), localPort === undefined ? undefined : `${localPort}`);
    const link = this.known(number);
    link.isOpen = true;
    return [...before, ...link.conversation.open('received')];
  }

  private confirmed(number: number, count: number): LinkPacket[] {
    const link = this.known(number);
    const bytes = joinChunks(link.pending).subarray(0, Math.max(0, count));
    link.pending = [];
    return this.carry(link, 'sent', bytes);
  }

  private payload({ direction, bytes, header }: Extract<Step, { kind: 'payload' }>): LinkPacket[] {
    if (direction === 'sent') {
      if (this.sending === undefined) return this.carry(this.known(0), 'sent', bytes);
      this.sending.pending.push(bytes);
      return [];
    }
    if (header === undefined) return this.carry(this.known(0), 'received', bytes);
    const [, mode, number] = /^\+CIPRXGET: ([23]),(\d),/.exec(header) ?? [];
    const [, pushed] = /^\+RECEIVE,(\d),/.exec(header) ?? [];
    if (number === undefined && pushed === undefined && !header.startsWith('+IPD')) return [];
    const link = (number ?? pushed) ? this.known(Number(number ?? pushed)) : this.byAddress();
    if (this.from !== undefined) link.peer = this.from;
    this.from = undefined;
    const raw = mode === '3' ? fromHexadecimal(bytes) : bytes;
    const packets = this.carry(link, 'received', raw);
    this.block.left -= bytes.length;
    const isLast = link.hasEnded && this.block.left === 0 && this.block.rest === 0;
    return isLast ? [...packets, ...this.close(Number(number), 'received', 'ended')] : packets;
  }

  /** The link of a pushed block without a number: that of its sender, or the only one. */
  private byAddress(): Link {
    const { from } = this;
    const open = [...this.links.values()].filter(({ isOpen }) => isOpen);
    const match = open.find(
      ({ peer }) => from !== undefined && peer.address === from.address && peer.port === from.port,
    );
    return match ?? open[0] ?? this.known(0);
  }

  /** `+CIPRXGET: 2,<link>,<length>,<rest>`, 3 likewise, `+CIPRXGET: 4,<link>,<length>`. */
  private read([mode, number = 0, length = Number.NaN, rest = Number.NaN]: readonly number[]): LinkPacket[] {
    this.block = { left: mode === 3 ? 2 * length : length, rest };
    const isEmpty = mode === 4 ? length === 0 : length === 0 && rest === 0;
    return isEmpty && this.links.get(number)?.hasEnded ? this.close(number, 'received', 'ended') : [];
  }

  private ended(number: number, reason: number, line: string): LinkPacket[] {
    const link = this.links.get(number);
    if (link === undefined) return [];
    if (reason > 1) return this.close(number, 'received', 'broken', line);
    if (!this.isBuffered) return this.close(number, 'received', 'ended');
    link.hasEnded = true;
    return [];
  }

  private carry(link: Link, direction: 'sent' | 'received', bytes: Uint8Array): LinkPacket[] {
    if (bytes.length === 0) return [];
    const begun = link.isOpen ? [] : link.conversation.open('sent', COMMENT_MIDDLE);
    link.isOpen = true;
    return [...begun, ...link.conversation.carry(direction, bytes)];
  }

  private close(
    number: number,
    by: 'sent' | 'received',
    how: 'ended' | 'broken',
    comment?: string,
  ): LinkPacket[] {
    const link = this.links.get(number);
    this.links.delete(number);
    if (link === undefined || !link.isOpen) return [];
    const unconfirmed = link.pending.reduce((sum, { length }) => sum + length, 0);
    const note = unconfirmed > 0 ? `${unconfirmed} bytes were sent without a confirmation.` : undefined;
    return link.conversation.close(link.hasEnded ? 'received' : by, how, comment ?? note);
  }
}

const NONE: Conversation = { open: () => [], carry: () => [], close: () => [] };

/** The bytes of a text of hexadecimal digits. */
function fromHexadecimal(digits: Uint8Array): Uint8Array {
  const pairs = String.fromCharCode(...digits).match(/[\da-f]{2}/gi) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
