import type { Terminal } from './terminal.js';
import { addressOf, dialled } from './tpdu/address.js';
import { parseTimeStamp, type ZonedTime } from './tpdu/time-stamp.js';
import { BIT_2, type Deliver, HEADER, REPORT, type StatusReport, type Submit } from './tpdu/tpdu.js';

/** What a service centre needs of its network. */
export interface Exchange {
  now(): ZonedTime;
  /** The terminal of a number; undefined when there is no such number. */
  terminal(number: string): Terminal | undefined;
}

/** A message that waits for its terminal. */
interface Waiting {
  readonly to: string;
  readonly message: Deliver | StatusReport;
  readonly expires: number;
  /** Reports what has become of it, where the sender has asked. */
  readonly settle: (status: number) => void;
}

/** TP-ST (3GPP TS 23.040, 9.2.3.15). */
const DELIVERED = 0x00;
const NOT_OBTAINABLE = 0x43;
const EXPIRED = 0x46;

/** A message without a validity period is kept for as long as relative periods can say. */
const LONGEST = 63 * 7 * 86_400_000;
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Stores messages and forwards them: as soon as their terminal can be reached and has room. */
export class ServiceCentre {
  private readonly exchange: Exchange;
  private waiting: Waiting[] = [];

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  /** Takes a message and delivers it, now or when its terminal becomes available. */
  forward(from: string, submit: Submit): void {
    const at = this.exchange.now();
    const to = dialled(submit.to);
    // TP-MMS is set: this network never says that more messages wait.
    const flags = BIT_2 | (submit.flags & HEADER) | (submit.flags & REPORT);
    const { protocol, data } = submit;
    const message: Deliver = { kind: 'deliver', flags, from: addressOf(from), protocol, at, data };
    const wanted = (submit.flags & REPORT) !== 0;
    const settle = (status: number) => {
      if (!wanted) return;
      const { reference } = submit;
      const discharged = this.exchange.now();
      this.send(from, {
        kind: 'status report',
        flags: 2 | BIT_2,
        reference,
        to: submit.to,
        at,
        discharged,
        status,
      });
    };
    this.deliver({ to, message, expires: at.ms + validity(submit, at.ms), settle });
  }

  /** Sends a message without a report. */
  send(to: string, message: Deliver | StatusReport): void {
    this.deliver({ to, message, expires: this.exchange.now().ms + LONGEST, settle: () => {} });
  }

  /** Delivers what waits for a number, in order, as far as there is room. */
  available(number: string): void {
    const due = this.waiting.filter(({ to }) => to === number);
    this.waiting = this.waiting.filter(({ to }) => to !== number);
    for (const each of due) this.deliver(each);
  }

  private deliver(each: Waiting): void {
    const terminal = this.exchange.terminal(each.to);
    if (terminal === undefined) each.settle(NOT_OBTAINABLE);
    else if (this.exchange.now().ms > each.expires) each.settle(EXPIRED);
    // A later message never overtakes one that waits.
    else if (this.blocked(each.to) || !terminal.reachable() || !terminal.receive(each.message)) {
      this.waiting.push(each);
    } else each.settle(DELIVERED);
  }

  private blocked(number: string): boolean {
    return this.waiting.some(({ to }) => to === number);
  }
}

/** How long a message is to be kept, in ms (3GPP TS 23.040, 9.2.3.12). */
export function validity({ validity: octets }: Submit, now: number): number {
  const [relative] = octets;
  if (relative === undefined) return LONGEST;
  if (octets.length === 7) {
    const until = parseTimeStamp(octets).ms - now;
    return until > 0 ? until : LONGEST;
  }
  if (relative < 144) return (relative + 1) * 5 * MINUTE;
  if (relative < 168) return 12 * 60 * MINUTE + (relative - 143) * 30 * MINUTE;
  return relative < 197 ? (relative - 166) * DAY : (relative - 192) * 7 * DAY;
}
