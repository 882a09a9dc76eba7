import type { UrcRouter } from '../at/urc-router.js';
import { Alarm, type Clock } from '../clock.js';
import type { Faults } from '../faults/faults.js';
import type { Profile } from '../profiles/profile.js';
import type { Settings } from '../settings.js';
import type { DataMode } from './data-mode.js';
import type { Link } from './link.js';
import { pushHeader } from './push-header.js';

/** What {@link Delivery} needs of the module. */
export interface DeliveryContext {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly profile: Profile;
  readonly settings: Settings;
  readonly urcs: UrcRouter;
  readonly dataMode: DataMode;
  readonly sockets: { readonly links: readonly Link[] };
}

/** The most bytes of one push unit (protocol 8). */
const MAX_UNIT = 1500;

/** Brings what links have received to the host: announced, pushed, or as the data of data mode. */
export class Delivery {
  private readonly context: DeliveryContext;
  private readonly delay: Alarm;
  /** The link whose turn it is to push. */
  private turn = 0;

  constructor(context: DeliveryContext) {
    this.context = context;
    this.delay = new Alarm(context.clock);
  }

  /** Something came in on a link that had nothing unread before, or had. */
  arrived(link: Link, wasEmpty: boolean): void {
    const { settings, profile, dataMode } = this.context;
    if (isTransparent(link)) dataMode.deliver();
    else if (!settings.buffered) this.pushSoon();
    else if (wasEmpty || profile.notifies === 'each arrival') this.notify(link);
  }

  /** The host takes more again, or what is buffered is to be pushed from now on. */
  flush(): void {
    this.context.dataMode.deliver();
    if (!this.context.settings.buffered) this.pushAll();
  }

  reset(): void {
    this.delay.cancel();
  }

  private notify(link: Link): void {
    const { settings, faults, urcs } = this.context;
    if (faults.fires('lostNotification')) return;
    urcs.report(`+CIPRXGET: 1,${link.number}`);
    const { remote } = link.use;
    if (settings.notifiesAddress && remote !== undefined) {
      urcs.report(`+CIPRXGETIP:${remote.host}:${remote.port}`);
    }
  }

  /** Field 2 of `CIPCCFG` lets what comes in short succession go out together. */
  private pushSoon(): void {
    const { pushDelay } = this.context.settings;
    if (pushDelay === 0) this.pushAll();
    else if (!this.delay.running) this.delay.set(pushDelay, () => this.pushAll());
  }

  /** A unit of each link in turn, so that none starves. */
  private pushAll(): void {
    const { urcs, sockets } = this.context;
    const { links } = sockets;
    let idle = 0;
    while (idle < links.length) {
      const link = links[this.turn] as Link;
      const pushes = link.unread.length > 0 && !isTransparent(link);
      // It keeps its turn until the host takes more.
      if (pushes && urcs.blocked) return;
      this.turn = (this.turn + 1) % links.length;
      if (pushes && this.push(link)) idle = 0;
      else idle += 1;
    }
  }

  /** Prints one unit, if there is something to print; says whether there was. */
  private push(link: Link): boolean {
    const chunk =
      link.use.type === 'TCP'
        ? { bytes: link.unread.take(MAX_UNIT), from: link.use.remote ?? NOBODY }
        : link.unread.takeChunk(MAX_UNIT);
    if (chunk === undefined) return false;
    const { bytes, from } = chunk;
    this.context.urcs.print(pushHeader(link.number, from, bytes.length, this.context), bytes);
    link.afterRead();
    return true;
  }
}

function isTransparent(link: Link): boolean {
  return link.use.transparent === true && link.state !== 'free';
}

const NOBODY = { host: '0.0.0.0', port: 0 };
