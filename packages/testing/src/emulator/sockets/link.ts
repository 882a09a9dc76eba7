import type { Endpoint } from '../../networks/network.js';
import { Alarm, type Clock } from '../clock.js';
import type { EmulatorEvent, LinkState } from '../events.js';
import type { Profile } from '../profiles/profile.js';
import type { Settings } from '../settings.js';
import type { Channel, ChannelEnd, ChannelEvents } from './channel.js';
import type { LinkUse } from './link-use.js';
import { type Chunk, Unread } from './unread.js';

/** What a {@link Link} needs of the module, and what it calls when something happens. */
export interface LinkContext {
  readonly clock: Clock;
  readonly profile: Profile;
  readonly settings: Pick<Settings, 'buffered' | 'receiveWindow'>;
  emit(event: EmulatorEvent): void;
  report(text: string): void;
  /** Something came in on a link that had nothing unread before, or had. */
  arrived(link: Link, wasEmpty: boolean): void;
  /** Pushes what can be pushed. */
  flush(): void;
  /** The peer has taken something: more may be sent. */
  roomFreed(link: Link): void;
  /** A transparent link has ended from outside. */
  transparentEnded(link: Link, reason: number): void;
  /** The link can be used again. */
  freed(): void;
}

/** `<close_reason>` of `+IPCLOSE` (application note, 4.2). */
const REASONS: Readonly<Record<ChannelEnd, number>> = { closed: 1, reset: 1, timeout: 2 };

const CLIENT: LinkUse = { type: 'TCP', server: -1 };

const NOTHING = new Uint8Array();

/** What waits for the peer to acknowledge everything up to a place in the stream. */
interface Acknowledgement {
  readonly upTo: number;
  readonly done: (reached: boolean) => void;
  readonly cancel: () => void;
}

/** One of the module's ten links. */
export class Link implements ChannelEvents {
  readonly number: number;
  use = CLIENT;
  /** It was open at some time since the network was opened. */
  used = false;
  /** What came in and the host has not read; outlives the connection. */
  readonly unread = new Unread();
  /** Bytes that the host sent, that the peer acknowledged, that the peer sent. */
  counts = { sent: 0, acknowledged: 0, received: 0 };
  private readonly context: LinkContext;
  private current: LinkState = 'free';
  private channel: Channel | undefined;
  /** Given up when the link is. */
  private attempt: (() => void) | undefined;
  private peerClosed = false;
  private readonly closeReport: Alarm;
  private acknowledgement: Acknowledgement | undefined;

  constructor(number: number, context: LinkContext) {
    this.number = number;
    this.context = context;
    this.closeReport = new Alarm(context.clock);
  }

  get state(): LinkState {
    return this.current;
  }

  /** A send waits for its acknowledgement. */
  get busy(): boolean {
    return this.acknowledgement !== undefined;
  }

  /** Reserves the link. */
  reserve(use: LinkUse): void {
    this.use = use;
    this.used = true;
    this.unread.clear();
    this.counts = { sent: 0, acknowledged: 0, received: 0 };
    this.peerClosed = false;
    this.change('opening');
  }

  /** What is undone when the link is given up before it is open. */
  attempting(giveUp: () => void): void {
    this.attempt = giveUp;
  }

  /** The link is open. */
  opened(remote: Endpoint | undefined, channel: Channel): void {
    this.attempt = undefined;
    this.use = { ...this.use, remote };
    this.channel = channel;
    this.change('open');
    channel.start(this);
  }

  /** The attempt to open it has failed. */
  failed(): void {
    this.attempt = undefined;
    this.change('free');
    this.context.freed();
  }

  /** Bytes that the link can take now. */
  get free(): number {
    return Math.max(0, this.context.profile.sendBuffer - (this.channel?.unacknowledged ?? 0));
  }

  /** How many bytes of a send of `count` the link takes now. */
  room(count: number): number {
    if (this.free >= count) return count;
    return this.context.profile.partialSends ? this.free : 0;
  }

  send(bytes: Uint8Array, to?: Endpoint): void {
    this.noticeClose();
    this.counts.sent += bytes.length;
    this.channel?.send(bytes, to);
  }

  /**
   * Calls `done` once the peer has acknowledged everything sent until now, or has closed before;
   * `cancel` when the link is given up from this side.
   */
  whenAcknowledged(done: (reached: boolean) => void, cancel: () => void): void {
    this.acknowledgement = { upTo: this.counts.sent, done, cancel };
    this.acknowledged(0);
  }

  /** Forgets the acknowledgement that a send waits for. */
  forgetAcknowledgement(): void {
    this.acknowledgement = undefined;
  }

  /** Hands out up to `count` received bytes, of one chunk only where datagrams are read. */
  read(count: number, chunkOnly = false): Uint8Array {
    const bytes = chunkOnly
      ? (this.unread.takeChunk(count)?.bytes ?? new Uint8Array())
      : this.unread.take(count);
    this.afterRead();
    return bytes;
  }

  /** Something was taken out of {@link unread}. */
  afterRead(): void {
    if (this.receiveRoom > 0) this.channel?.resume();
    this.noticeClose();
  }

  /** The host closes the link: what it has sent still goes out. */
  close(): void {
    const { channel } = this;
    this.unread.clear();
    this.release();
    channel?.close();
  }

  /** Drops the link at once, as a lost bearer or a restart does. */
  drop(): void {
    const { channel } = this;
    this.unread.clear();
    this.release();
    channel?.drop();
  }

  get receiveRoom(): number {
    const { profile, settings } = this.context;
    return Math.max(0, Math.min(profile.receiveBuffer, settings.receiveWindow) - this.unread.length);
  }

  /** Takes what fits into the receive buffer: a part of a stream, a datagram only as a whole. */
  received({ bytes, from }: Chunk): number {
    const room = this.receiveRoom;
    const taken = this.use.type === 'TCP' || bytes.length <= room ? bytes.subarray(0, room) : NOTHING;
    if (taken.length === 0) return 0;
    const wasEmpty = this.unread.length === 0;
    this.counts.received += taken.length;
    this.unread.push({ bytes: taken, from });
    this.context.arrived(this, wasEmpty);
    return taken.length;
  }

  acknowledged(count: number): void {
    this.counts.acknowledged += count;
    const { acknowledgement } = this;
    if (acknowledgement !== undefined && this.counts.acknowledged >= acknowledgement.upTo) {
      this.acknowledgement = undefined;
      acknowledgement.done(true);
    }
    this.context.roomFreed(this);
  }

  ended(why: ChannelEnd): void {
    if (this.current !== 'open') return;
    if (why !== 'closed') {
      this.closedByPeer(REASONS[why]);
      return;
    }
    this.peerClosed = true;
    this.noticeClose();
  }

  /** The peer is gone, or the host's terminal is not ready any more: the link is closed with a report. */
  closedByPeer(reason: number): void {
    if (this.current !== 'open') return;
    const { channel, context, acknowledgement } = this;
    const { transparent } = this.use;
    this.acknowledgement = undefined;
    acknowledgement?.done(false);
    // What is pushed comes before the report; the host could not ask for it afterwards.
    if (!context.settings.buffered) context.flush();
    if (!(context.profile.keepsUnread && context.settings.buffered) && !transparent) this.unread.clear();
    this.release();
    channel?.close();
    if (transparent) context.transparentEnded(this, reason);
    else context.report(`+IPCLOSE: ${this.number},${reason}`);
    context.freed();
  }

  private noticeClose(): void {
    const { noticesClose, closeDelay } = this.context.profile;
    // The data of data mode comes before its end in any case.
    const atOnce = noticesClose === 'at once' && this.use.transparent !== true;
    const noticed = this.peerClosed && (atOnce || this.unread.length === 0);
    if (!noticed || this.current !== 'open') return;
    this.closeReport.set(closeDelay, () => this.closedByPeer(REASONS.closed));
  }

  private release(): void {
    const { attempt, acknowledgement } = this;
    this.channel = undefined;
    this.attempt = undefined;
    this.acknowledgement = undefined;
    this.closeReport.cancel();
    this.change('free');
    attempt?.();
    acknowledgement?.cancel();
  }

  private change(state: LinkState): void {
    if (state === this.current) return;
    this.current = state;
    this.context.emit({ kind: 'link', link: this.number, state });
  }
}
