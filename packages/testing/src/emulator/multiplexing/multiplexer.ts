import type { Diversion, Port } from '../at/port.js';
import { textBytes } from '../at/printer.js';
import type { Profile } from '../profiles/profile.js';
import { Channel } from './channel.js';
import { DISC, DM, type MuxFrame, POLL, printFrame, SABM, UA, UI, UIH } from './frame.js';
import { FrameScanner } from './frame-scanner.js';
import {
  CLD,
  COMMAND,
  EXTENSION,
  FCOFF,
  FCON,
  lineSettings,
  MSC,
  type MuxMessage,
  messageBytes,
  messagesOf,
  NSC,
  PN,
  PSC,
  RLS,
  RPN,
  SNC,
  TEST,
} from './messages.js';

/** What a {@link Multiplexer} works with. */
export interface MultiplexerOptions {
  /** The port whose line it shares out. */
  readonly port: Port;
  readonly profile: Profile;
  /** N1: the longest payload of a frame in bytes. */
  readonly frameSize: number;
  /** The virtual port of a channel. */
  readonly portOf: (dlci: number) => Port;
  readonly hasCarrier: (port: Port) => boolean;
  /** Called when the host has asked for plain AT mode, and the answer has gone out. */
  readonly ended: () => void;
}

const NOTHING = new Uint8Array();
/** What the control channel needs at the least (3GPP TS 27.010, 5.7.2: the default of N1). */
const MESSAGE_SIZE = 31;

/** The module's side of a multiplexed line (3GPP TS 27.010, basic option). */
export class Multiplexer implements Diversion {
  private readonly options: MultiplexerOptions;
  private readonly scanner: FrameScanner;
  /** In the order of their turns. */
  private readonly channels = new Map<number, Channel>();
  private readonly sizes = new Map<number, number>();
  private isUp = false;
  /** The host takes no data on any channel. */
  private isHeld = false;
  private isPumping = false;

  constructor(options: MultiplexerOptions) {
    this.options = options;
    this.scanner = new FrameScanner(Math.max(options.frameSize, MESSAGE_SIZE), (frame) => this.heed(frame));
  }

  /** The ports of the open channels. */
  get ports(): Port[] {
    return [...this.channels.values()].map(({ port }) => port);
  }

  arrived(bytes: Uint8Array): void {
    this.scanner.push(bytes);
  }

  take(bytes: Uint8Array): number {
    this.arrived(bytes);
    return bytes.length;
  }

  /** The line below has sent everything. */
  drained(): void {
    this.pump();
  }

  /** Tells the host of lines that have changed. */
  refresh(): void {
    if (!this.options.profile.signalsChannels) return;
    for (const channel of [...this.channels.values()]) {
      const octet = channel.news();
      if (octet !== undefined) this.tell({ type: MSC, values: [addressOf(channel.dlci), octet] });
    }
  }

  /** Closes all channels without a word. */
  stop(): void {
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
    this.isUp = false;
  }

  private heed({ dlci, control, payload }: MuxFrame): void {
    switch (control & ~POLL) {
      case SABM:
        this.open(dlci);
        return;
      case DISC:
        this.disconnect(dlci);
        return;
      case UIH:
      case UI:
        if (dlci === 0) for (const message of messagesOf(payload)) this.obey(message);
        else this.receive(dlci, payload);
    }
  }

  private open(dlci: number): void {
    const { profile } = this.options;
    if (dlci === 0) {
      this.stop();
      this.isUp = true;
      this.respond(UA, dlci);
      return;
    }
    if (!this.isUp || dlci > profile.channels) {
      this.respond(DM, dlci);
      return;
    }
    this.respond(UA, dlci);
    const known = this.channels.get(dlci);
    if (known !== undefined) {
      // The signals are stated before anything is sent on a channel that was set up (5.4.6.3.7), again too.
      known.forget();
      this.refresh();
      return;
    }
    const port = this.options.portOf(dlci);
    const channel = new Channel({
      dlci,
      port,
      hasCarrier: () => this.options.hasCarrier(port),
      waiting: () => this.pump(),
      signalled: () => this.refresh(),
    });
    this.channels.set(dlci, channel);
    this.refresh();
    if (profile.channelGreeting !== '') port.output.raw(textBytes(`\r\n${profile.channelGreeting}\r\n`));
  }

  private disconnect(dlci: number): void {
    if (dlci === 0) {
      this.respond(this.isUp ? UA : DM, dlci);
      this.leave();
      return;
    }
    const channel = this.channels.get(dlci);
    this.respond(channel === undefined ? DM : UA, dlci);
    this.channels.delete(dlci);
    channel?.close();
  }

  private receive(dlci: number, payload: Uint8Array): void {
    const { profile, frameSize } = this.options;
    const channel = this.channels.get(dlci);
    if (channel === undefined) this.respond(DM, dlci);
    else if (dlci !== profile.stuckChannel && payload.length <= frameSize) channel.port.receive(payload);
  }

  private obey({ type, values }: MuxMessage): void {
    // An answer to what this side has told.
    if ((type & COMMAND) === 0) return;
    const answer = (reply: readonly number[] = values, to = type) =>
      this.tell({ type: to & ~COMMAND, values: reply });
    switch (type) {
      case MSC:
        if (this.options.profile.signalsChannels) answer();
        this.channels.get((values[0] ?? 0) >> 2)?.heed(values[1] ?? 0);
        this.pump();
        return;
      case FCON:
      case FCOFF:
        this.isHeld = type === FCOFF;
        answer();
        this.pump();
        return;
      case CLD:
        answer();
        this.leave();
        return;
      case PN:
        answer(this.negotiated(values));
        return;
      case RPN:
        answer(lineSettings(values[0] ?? EXTENSION, this.options.port.settings.format.baudRate));
        return;
      case TEST:
      case RLS:
      case SNC:
      case PSC:
        answer();
        return;
      default:
        answer([type], NSC);
    }
  }

  /** The parameters that the host asks for, the frames no longer than `AT+CMUX` lets them be (5.4.6.3.1). */
  private negotiated(values: readonly number[]): number[] {
    const [dlci = 0, type = 0, priority = 0, timer = 0, low = 0, high = 0, retries = 0, unacknowledged = 0] =
      values;
    const size = Math.max(1, Math.min(low + high * 256, this.options.frameSize));
    this.sizes.set(dlci & 0x3f, size);
    return [dlci, type, priority, timer, size & 0xff, size >> 8, retries, unacknowledged];
  }

  private leave(): void {
    if (!this.options.profile.leavesMultiplexing) return;
    this.stop();
    this.options.ended();
  }

  /** Sends a frame of each channel in turn, while the line below has nothing to send. */
  private pump(): void {
    if (this.isPumping || this.isHeld) return;
    const { port, profile } = this.options;
    this.isPumping = true;
    while (port.output.backlog === 0) {
      const channel = [...this.channels.values()].find(({ isReady }) => isReady);
      if (channel === undefined) break;
      const { dlci } = channel;
      this.channels.delete(dlci);
      this.channels.set(dlci, channel);
      const payload = channel.take(this.sizes.get(dlci) ?? this.options.frameSize);
      if (dlci !== profile.stuckChannel) {
        this.print({ dlci, cr: false, control: UIH | (profile.pollsData ? POLL : 0), payload });
      }
      channel.sent();
    }
    this.isPumping = false;
  }

  private respond(control: number, dlci: number): void {
    this.print({ dlci, cr: true, control: control | POLL, payload: NOTHING });
  }

  private tell(message: MuxMessage): void {
    this.print({ dlci: 0, cr: false, control: UIH, payload: messageBytes(message) });
  }

  private print(frame: MuxFrame): void {
    this.options.port.output.frame(printFrame(frame, this.options.profile));
  }
}

/** A DLCI as MSC writes it: with the C/R bit, which is always 1 there. */
function addressOf(dlci: number): number {
  return dlci * 4 + 2 + EXTENSION;
}
