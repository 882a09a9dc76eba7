import type { Diversion, Port } from '../at/port.js';
import { joinBytes } from '../at/printer.js';
import { Alarm, type Clock } from '../clock.js';
import type { EmulatorEvent, Mode } from '../events.js';
import type { Profile } from '../profiles/profile.js';
import type { Settings } from '../settings.js';
import { Escape } from './escape.js';
import type { Link } from './link.js';
import { pushHeader } from './push-header.js';

/** What {@link DataMode} needs of the module. */
export interface DataModeContext {
  readonly clock: Clock;
  readonly profile: Profile;
  readonly settings: Settings;
  emit(event: EmulatorEvent): void;
  report(text: string): void;
}

/** Bytes that are sent without waiting for more. */
const SEGMENT = 1460;

/** `<close_reason>` when DTR goes off (application note, 4.2). */
const DTR_OFF = 2;

/** The port of a link that a command closes. What it held back in data mode comes after `CLOSED`. */
export interface HungUp {
  /** Prints `CLOSED` there. */
  sayClosed(): void;
  /** The same where no `CLOSED` is printed, or where it is a part of the answer. */
  release(): void;
}

/** Transparent mode: a port is the wire of one link, until it escapes or ends. */
export class DataMode implements Diversion {
  private readonly context: DataModeContext;
  private readonly escape: Escape;
  private readonly packing: Alarm;
  private current: Mode = 'command';
  private link: Link | undefined;
  private port: Port | undefined;
  private endDiversion: (() => void) | undefined;
  /** Bytes of the host that are not sent yet. */
  private packed: Uint8Array[] = [];
  private size = 0;

  constructor(context: DataModeContext) {
    this.context = context;
    this.packing = new Alarm(context.clock);
    this.escape = new Escape(
      context.clock,
      context.profile,
      (bytes) => this.port?.takeInput(bytes),
      () => this.escaped(),
    );
  }

  get mode(): Mode {
    return this.current;
  }

  /** Whether a transparent connection exists on that port (DCD). */
  isConnected(port: Port): boolean {
    return this.current !== 'command' && this.port === port;
  }

  /** Enters data mode; `CONNECT` has been printed. */
  enter(link: Link, port: Port): void {
    this.link = link;
    this.port = port;
    this.endDiversion = port.divert(this);
    this.change('data');
    if (!this.context.profile.urcsInData) port.output.hold('data mode');
    this.escape.start();
    this.deliver();
  }

  /** The link that `ATO` goes back to. */
  get suspended(): Link | undefined {
    return this.current === 'suspended' ? this.link : undefined;
  }

  arrived(bytes: Uint8Array): void {
    this.escape.feed(bytes);
  }

  /** Takes bytes for the peer; returns how many there was room for. */
  take(bytes: Uint8Array): number {
    const room = Math.min(this.link?.free ?? 0, SEGMENT) - this.size;
    const taken = bytes.subarray(0, Math.max(0, room));
    if (taken.length === 0) return 0;
    this.packed.push(taken.slice());
    this.size += taken.length;
    if (this.size >= SEGMENT) this.send();
    else if (!this.packing.running) this.packing.set(this.context.settings.packingTime, () => this.send());
    return taken.length;
  }

  /** The peer has taken something: more may be sent. */
  roomFreed(link: Link): void {
    if (link === this.link && this.current === 'data') this.port?.proceed();
  }

  /** Brings what the link has received to the host. */
  deliver(): void {
    const { link, port, context } = this;
    if (link === undefined || port === undefined || this.current !== 'data') return;
    const { output } = port;
    while (link.unread.length > 0 && !output.congested) {
      const { remote: from = { host: '0.0.0.0', port: 0 } } = link.use;
      const bytes = link.unread.take(SEGMENT);
      if (context.profile.headersInData) {
        output.unsolicited(pushHeader(link.number, from, bytes.length, context));
      }
      output.data(bytes);
      link.afterRead();
    }
  }

  /** DTR of a port has gone off: `AT&D` says what that means. */
  dtrOff(port: Port): void {
    if (port !== this.port) return;
    const { dtr } = port.settings;
    if (dtr === 1 && this.current === 'data') this.escaped();
    if (dtr === 2) this.link?.closedByPeer(DTR_OFF);
  }

  /** The link has ended from outside: says so, and goes back to command mode. */
  linkEnded(link: Link, reason: number): void {
    if (link !== this.link) return;
    const { port } = this;
    const { report, profile } = this.context;
    const wasData = this.interrupt();
    if (!wasData && profile.suspendedCloseSaysClosed) report('CLOSED');
    if (!wasData || reason === DTR_OFF) report(`+IPCLOSE: ${link.number},${reason}`);
    port?.proceed();
  }

  /** The link is gone: where it was in data mode, that ends with `CLOSED`. Returns whether it was. */
  interrupt(): boolean {
    const wasData = this.current === 'data';
    const { port } = this;
    this.forget();
    if (wasData) port?.output.urgent('CLOSED');
    port?.output.release('data mode');
    return wasData;
  }

  /**
   * The link is about to be closed by a command, perhaps of another port: what the host has sent still goes out. Returns
   * how its port learns of it; undefined if there is nothing to close after that: it may have shown that the peer has
   * gone, which is said then.
   */
  hangUp(): HungUp | undefined {
    const { port } = this;
    if (port === undefined) return undefined;
    if (this.current === 'data') this.sendRest(port);
    if (this.link === undefined) return undefined;
    this.forget();
    port.proceed();
    const release = () => port.output.release('data mode');
    return {
      release,
      sayClosed: () => {
        port.output.urgent('CLOSED');
        release();
      },
    };
  }

  /** The link is gone, and nothing says so. */
  vanish(): void {
    const { port } = this;
    this.forget();
    port?.output.release('data mode');
    port?.proceed();
  }

  /** The link is closed, by command or together with the network. */
  forget(): void {
    this.escape.stop();
    this.packing.cancel();
    this.packed = [];
    this.size = 0;
    this.link = undefined;
    this.leave();
    this.port = undefined;
    this.change('command');
  }

  /** Sends what is packed. */
  private send(): void {
    this.packing.cancel();
    const bytes = joinBytes(this.packed);
    this.packed = [];
    this.size = 0;
    if (bytes.length > 0) this.link?.send(bytes);
  }

  private escaped(): void {
    const { port } = this;
    if (port === undefined) return;
    this.sendRest(port);
    this.escape.stop();
    this.leave();
    this.change('suspended');
    port.output.result('OK');
    port.output.release('data mode');
    port.proceed();
  }

  /** What the peer had no room for is data all the same. */
  private sendRest({ input }: Port): void {
    this.send();
    for (let rest = input.peek(); rest !== undefined; rest = input.peek()) {
      this.link?.send(rest.slice());
      input.drop(rest.length);
    }
  }

  private leave(): void {
    this.endDiversion?.();
    this.endDiversion = undefined;
  }

  private change(mode: Mode): void {
    if (mode === this.current) return;
    this.current = mode;
    this.context.emit({ kind: 'mode', mode });
  }
}
