import { Alarm } from '../clock.js';
import type { Module } from '../module.js';
import type { Link } from './link.js';

/** The most bytes of one push unit (protocol 8). */
const MAX_UNIT = 1500;

/** Brings what links have received to the host: announced, pushed, or as the data of data mode. */
export class Delivery {
  private readonly module: Module;
  private readonly delay: Alarm;
  /** The link whose turn it is to push. */
  private turn = 0;

  constructor(module: Module) {
    this.module = module;
    this.delay = new Alarm(module.clock);
  }

  /** Something came in on a link that had nothing unread before, or had. */
  arrived(link: Link, wasEmpty: boolean): void {
    const { settings, profile } = this.module;
    if (this.isTransparent(link)) this.module.dataMode.deliver();
    else if (!settings.buffered) this.pushSoon();
    else if (wasEmpty || profile.notifies === 'each arrival') this.notify(link);
  }

  /** The host takes more again, or what is buffered is to be pushed from now on. */
  flush(): void {
    this.module.dataMode.deliver();
    if (!this.module.settings.buffered) this.pushAll();
  }

  reset(): void {
    this.delay.cancel();
  }

  private isTransparent(link: Link): boolean {
    return link.use.transparent === true && link.state !== 'free';
  }

  private notify(link: Link): void {
    const { settings, faults } = this.module;
    if (faults.strikes('lostNotification')) return;
    this.module.report(`+CIPRXGET: 1,${link.number}`);
    const { remote } = link.use;
    if (settings.notifiesAddress && remote !== undefined) {
      this.module.report(`+CIPRXGETIP:${remote.host}:${remote.port}`);
    }
  }

  /** Field 2 of `CIPCCFG` lets what comes in short succession go out together. */
  private pushSoon(): void {
    const { pushDelay } = this.module.settings;
    if (pushDelay === 0) this.pushAll();
    else if (!this.delay.running) this.delay.set(pushDelay, () => this.pushAll());
  }

  /** A unit of each link in turn, so that none starves. */
  private pushAll(): void {
    const { output, sockets } = this.module;
    const { links } = sockets;
    let idle = 0;
    while (idle < links.length && !output.congested && !output.holding) {
      const link = links[this.turn] as Link;
      this.turn = (this.turn + 1) % links.length;
      if (!this.isTransparent(link) && this.push(link)) idle = 0;
      else idle += 1;
    }
  }

  /** Prints one unit, if there is something to print; says whether there was. */
  private push(link: Link): boolean {
    if (link.unread.length === 0) return false;
    const piece =
      link.use.type === 'TCP'
        ? { bytes: link.unread.take(MAX_UNIT), from: link.use.remote ?? NOBODY }
        : link.unread.takePiece(MAX_UNIT);
    if (piece === undefined) return false;
    this.module.output.unsolicited(this.header(link, piece.from, piece.bytes.length), piece.bytes);
    link.afterRead();
    return true;
  }

  /** The lines in front of pushed data (protocol 3.8, 3.12, Q-1 to Q-3). */
  header(link: Link, from: { host: string; port: number }, length: number): string[] {
    const { settings, profile } = this.module;
    const fill = (template: string) =>
      template.replace(/\{(\w+)\}/g, (_, key: string) =>
        String({ host: from.host, port: from.port, link: link.number, length }[key]),
      );
    const size = settings.headerType === 1 ? profile.pushLink : profile.pushLength;
    return [
      ...(settings.showsSender ? [fill(profile.pushFrom)] : []),
      ...(settings.showsLength ? [fill(size)] : []),
    ];
  }
}

const NOBODY = { host: '0.0.0.0', port: 0 };
