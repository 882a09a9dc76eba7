import type { AtEvent, Line, Payload } from '@a7600/at-codec';
import { defer, finalize, map, NEVER, type Observable, Subject, startWith, throwError } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { TRANSPARENT_LINK } from '../line/online-commands.js';

/** Bytes that may pass over the mobile network. */
export interface Budget {
  /** The number of bytes. */
  readonly bytes: number;
  /** Time in ms after which the budget is full again. */
  readonly per: number;
}

/** Bytes that passed over the mobile network. */
export interface Traffic {
  /** Payload of sockets and transparent sessions that the module confirmed. */
  readonly sent: number;
  /** Payload of sockets and transparent sessions that the module delivered. */
  readonly received: number;
  /** What opening and closing connections adds, also those that failed: an estimate. */
  readonly connects: number;
  /** What looking up names costs: an estimate. */
  readonly lookups: number;
  /** Of connects and lookups, those that followed one that had failed, until one succeeded. */
  readonly retries: number;
  /** Of connects and lookups, those that a `check` of the network made; not among `retries`. */
  readonly checks: number;
  /** Payload by link, 0 to 9. */
  readonly links: readonly { readonly sent: number; readonly received: number }[];
}

/** TCP and IP headers of opening and closing a connection: seven segments. */
const CONNECT_BYTES = 300;
/** A question to a name server and its answer. */
const LOOKUP_BYTES = 200;

/** {@link Traffic} while it is counted. */
type Counts = { -readonly [Key in keyof Omit<Traffic, 'links'>]: number } & {
  readonly links: readonly { sent: number; received: number }[];
};

/**
 * Counts the bytes that cost money, from what the module says, and watches over a {@link Budget}. It
 * outlives a session, so that a program that opens a modem again and again cannot spend unseen.
 */
export class Meter {
  private readonly now: () => number;
  private readonly budget: Budget | undefined;
  private readonly counts: Counts = {
    sent: 0,
    received: 0,
    connects: 0,
    lookups: 0,
    retries: 0,
    checks: 0,
    links: Array.from({ length: 10 }, () => ({ sent: 0, received: 0 })),
  };
  private readonly counted = new Subject<void>();
  private exceeded = new Subject<never>();
  private periodFrom: number | undefined;
  private spent = 0;
  /** The last connect or lookup failed. */
  private failing = false;
  /** Checks under way. */
  private checks = 0;

  /** Replays the latest; emits with each change. */
  readonly traffic$: Observable<Traffic> = this.counted.pipe(
    startWith(undefined),
    map(() => ({ ...this.counts, links: this.counts.links.map((link) => ({ ...link })) })),
  );

  constructor(now: () => number, budget: Budget | undefined) {
    this.now = now;
    this.budget = budget;
  }

  /** Errors with `BUDGET_SPENT` when the budget is used up, at once if it is. */
  get spent$(): Observable<never> {
    const error = this.refusal();
    if (this.budget === undefined) return NEVER;
    return error === undefined ? this.exceeded : throwError(() => error);
  }

  /** Takes note of what the module prints. */
  observe(event: AtEvent): void {
    if (event.kind === 'payload') this.received(event);
    else if (event.kind === 'urc' || event.kind === 'text') this.line(event);
  }

  /** Takes note of payload of a transparent session. */
  observeData(way: 'sent' | 'received', bytes: number): void {
    this.payload(way, bytes, TRANSPARENT_LINK);
  }

  /** Counts what `work$` costs as a check. */
  checking<T>(work$: Observable<T>): Observable<T> {
    return defer(() => {
      this.checks += 1;
      return work$.pipe(
        finalize(() => {
          this.checks -= 1;
        }),
      );
    });
  }

  private received({ header, raw }: Payload): void {
    const read = header.name === '+CIPRXGET';
    const link = read ? header.int(1) : header.name === '+RECEIVE' ? header.int(0) : undefined;
    const isHex = read && header.int(0) === 3;
    if (!read && link === undefined && header.name !== '+IPD') return;
    this.payload('received', isHex ? raw.length / 2 : raw.length, link);
  }

  private line(line: Line): void {
    // `+CIPSEND: <link>,<requested>,<confirmed>`, `+CIPOPEN: <link>,<err>`, `+CDNSGIP: …`.
    if (line.name === '+CIPSEND' && line.fieldCount === 3) {
      this.payload('sent', Math.max(0, line.int(2)) || 0, line.int(0));
    } else if (line.name === '+CIPOPEN' && line.fieldCount === 2) {
      this.attempt('connects', CONNECT_BYTES, line.int(1) === 0);
    } else if (line.name === '+CDNSGIP' && line.int(0) <= 1) {
      // A name may have several addresses, each on a line of its own.
      this.attempt('lookups', LOOKUP_BYTES, line.int(0) === 1);
    }
  }

  private attempt(what: 'connects' | 'lookups', bytes: number, succeeded: boolean): void {
    const isCheck = this.checks > 0;
    if (isCheck) this.counts.checks += bytes;
    else if (this.failing) this.counts.retries += bytes;
    this.add(what, bytes);
    if (!isCheck) this.failing = !succeeded;
  }

  private payload(way: 'sent' | 'received', bytes: number, link: number | undefined): void {
    if (bytes === 0) return;
    const ofLink = link === undefined ? undefined : this.counts.links[link];
    if (ofLink !== undefined) ofLink[way] += bytes;
    this.add(way, bytes);
  }

  private add(what: 'sent' | 'received' | 'connects' | 'lookups', bytes: number): void {
    this.counts[what] += bytes;
    // The values are made for subscribers only: this is called with each block of received data.
    if (this.counted.observed) this.counted.next();
    this.spend(bytes);
  }

  private spend(bytes: number): void {
    if (this.budget === undefined) return;
    this.refusal();
    this.periodFrom ??= this.now();
    this.spent += bytes;
    const error = this.refusal();
    if (error === undefined) return;
    const { exceeded } = this;
    this.exceeded = new Subject();
    exceeded.error(error);
  }

  /** The error while the budget is used up. */
  private refusal(): ModemError | undefined {
    const { budget, periodFrom } = this;
    if (budget === undefined || periodFrom === undefined) return undefined;
    const left = periodFrom + budget.per - this.now();
    if (left <= 0) {
      this.periodFrom = undefined;
      this.spent = 0;
      return undefined;
    }
    if (this.spent < budget.bytes) return undefined;
    return new ModemError(
      'BUDGET_SPENT',
      `The budget of ${budget.bytes} bytes is used up: ${this.spent} passed over the mobile network. It is full again ` +
        `in ${Math.ceil(left / 1_000)} s.`,
      { retryAfter: left },
    );
  }
}
