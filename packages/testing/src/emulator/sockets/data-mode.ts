import { joinBytes } from '../at/printer.js';
import { Alarm } from '../clock.js';
import type { Mode } from '../events.js';
import type { Module } from '../module.js';
import { Escape } from './escape.js';
import type { Link } from './link.js';

/** Bytes that are sent without waiting for more. */
const SEGMENT = 1460;

/** `<close_reason>` when DTR goes off (application note, 4.2). */
const DTR_OFF = 2;

/** Transparent mode: the line is the wire of one link, until it escapes or ends. */
export class DataMode {
  private readonly module: Module;
  private readonly escape: Escape;
  private readonly packing: Alarm;
  private current: Mode = 'command';
  private link: Link | undefined;
  /** Bytes of the host that are not sent yet. */
  private packed: Uint8Array[] = [];
  private size = 0;

  constructor(module: Module) {
    this.module = module;
    this.packing = new Alarm(module.clock);
    this.escape = new Escape(
      module.clock,
      module.profile,
      (bytes) => module.takeInput(bytes),
      () => this.escaped(),
    );
  }

  get mode(): Mode {
    return this.current;
  }

  /** A transparent connection exists (DCD). */
  get connected(): boolean {
    return this.current !== 'command';
  }

  /** Goes into data mode; `CONNECT` has been printed. */
  enter(link: Link): void {
    this.link = link;
    this.change('data');
    if (!this.module.profile.urcsInData) this.module.output.hold('data mode');
    this.escape.start();
    this.deliver();
  }

  /** The link that `ATO` goes back to. */
  get suspended(): Link | undefined {
    return this.current === 'suspended' ? this.link : undefined;
  }

  /** Bytes from the host in data mode, before anything else has looked at them. */
  receive(bytes: Uint8Array): void {
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
    else if (!this.packing.running) this.packing.set(this.module.settings.packingTime, () => this.send());
    return taken.length;
  }

  /** The peer has taken something: more may be sent. */
  roomFreed(link: Link): void {
    if (link === this.link && this.current === 'data') this.module.proceed();
  }

  /** Brings what the link has received to the host. */
  deliver(): void {
    const { link } = this;
    const { output, profile, delivery } = this.module;
    if (link === undefined || this.current !== 'data') return;
    while (link.unread.length > 0 && !output.congested) {
      const { remote: from = { host: '0.0.0.0', port: 0 } } = link.use;
      const bytes = link.unread.take(SEGMENT);
      if (profile.headersInData) output.unsolicited(delivery.header(link, from, bytes.length));
      output.data(bytes);
      link.afterRead();
    }
  }

  /** DTR has gone off: `AT&D` says what that means. */
  dtrOff(): void {
    const { dtr } = this.module.settings;
    if (dtr === 1 && this.current === 'data') this.escaped();
    if (dtr === 2) this.link?.closedByPeer(DTR_OFF);
  }

  /** The link has ended from outside: says so, and goes back to command mode. */
  linkEnded(link: Link, reason: number): void {
    if (link !== this.link) return;
    const { module } = this;
    const wasData = this.interrupt();
    if (!wasData && module.profile.suspendedCloseSaysClosed) module.report('CLOSED');
    if (!wasData || reason === DTR_OFF) module.report(`+IPCLOSE: ${link.number},${reason}`);
    module.proceed();
  }

  /** The link is gone: where it was in data mode, that ends with `CLOSED`. Returns whether it was. */
  interrupt(): boolean {
    const wasData = this.current === 'data';
    this.forget();
    if (wasData) this.module.output.urgent('CLOSED');
    this.module.output.release('data mode');
    return wasData;
  }

  /** The link is closed, by command or together with the network. */
  forget(): void {
    this.escape.stop();
    this.packing.cancel();
    this.packed = [];
    this.size = 0;
    this.link = undefined;
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
    const { module, link } = this;
    this.send();
    // What the peer had no room for is data all the same.
    for (let rest = module.input.peek(); rest !== undefined; rest = module.input.peek()) {
      link?.send(rest.slice());
      module.input.drop(rest.length);
    }
    this.escape.stop();
    this.change('suspended');
    module.output.result('OK');
    module.output.release('data mode');
    module.proceed();
  }

  private change(mode: Mode): void {
    if (mode === this.current) return;
    this.current = mode;
    this.module.emit({ kind: 'mode', mode });
  }
}
