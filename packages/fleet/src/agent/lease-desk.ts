import {
  catchError,
  EMPTY,
  ignoreElements,
  map,
  type Observable,
  type SchedulerLike,
  type Subscription,
  tap,
  timer,
} from 'rxjs';
import type { FleetError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import { jsonBytes } from '../protocol/record.js';
import { keyOf } from '../protocol/subjects.js';
import { type Claim, type Grant, LeaseKeeper } from './lease-keeper.js';

/** What a lease desk reports. */
interface LeaseReports {
  /** The lease of a modem is another one, or none. */
  changed(modem: string): void;
  /** The lease of a modem is over. */
  ended(modem: string): void;
  record(modem: string, data: unknown): void;
}

/** Time in ms between two looks for leases that are over. */
const CHECK = 250;

/** The leases of all modems of an agent, with their mirrors on the server. */
export class LeaseDesk {
  private readonly engine: Engine;
  private readonly agent: string;
  private readonly clock: () => number;
  private readonly newToken: () => string;
  private readonly scheduler: SchedulerLike;
  private readonly reports: LeaseReports;
  private readonly keepers = new Map<string, LeaseKeeper>();
  private readonly granted = new Map<string, Grant>();

  constructor(
    engine: Engine,
    agent: string,
    clock: () => number,
    newToken: () => string,
    scheduler: SchedulerLike,
    reports: LeaseReports,
  ) {
    this.engine = engine;
    this.agent = agent;
    this.clock = clock;
    this.newToken = newToken;
    this.scheduler = scheduler;
    this.reports = reports;
  }

  /** Watches for leases whose time has passed. */
  run(): Subscription {
    return timer(CHECK, CHECK, this.scheduler).subscribe(() => {
      for (const [modem] of this.granted) {
        if (this.of(modem).at(this.clock()) === undefined) this.over(modem, 'expired');
      }
    });
  }

  /** Why a command may not be executed now. */
  refusal(modem: string, claim: Claim | undefined): FleetError | undefined {
    return this.of(modem).refusal(claim, this.clock());
  }

  /** What the state of a modem says of its lease. */
  mirrorOf(modem: string): { readonly epoch: number; readonly holder: string } | undefined {
    const held = this.of(modem).at(this.clock());
    return held === undefined ? undefined : { epoch: held.epoch, holder: held.holder };
  }

  /** Grants a lease, once its mirror is written. Cold. */
  acquire(modem: string, holder: string, ttl: number): Observable<Grant> {
    const keeper = this.of(modem);
    keeper.begin(holder, this.newToken(), this.clock());
    if (this.granted.has(modem)) this.over(modem, 'expired');
    return this.mirror(modem, { epoch: null, holder, ttl }).pipe(
      map((revision) => keeper.grant(revision, ttl, this.clock())),
      tap({
        next: (grant) => {
          this.granted.set(modem, grant);
          this.reports.record(modem, { action: 'granted', epoch: grant.epoch, holder });
          this.reports.changed(modem);
        },
        error: () => keeper.abandon(),
      }),
    );
  }

  renew(modem: string, claim: Claim, ttl: number): Grant {
    const grant = this.of(modem).renew(claim, ttl, this.clock());
    this.granted.set(modem, grant);
    return grant;
  }

  release(modem: string, claim: Claim): void {
    if (this.of(modem).release(claim, this.clock())) this.over(modem, 'released');
  }

  /** Writes that there is no lease: one that another process granted is over. */
  forget(modem: string): Observable<never> {
    return this.mirror(modem, { epoch: null, holder: null }).pipe(
      ignoreElements(),
      catchError(() => EMPTY),
    );
  }

  private over(modem: string, action: 'expired' | 'released'): void {
    const grant = this.granted.get(modem);
    if (grant === undefined) return;
    this.granted.delete(modem);
    this.reports.record(modem, { action, epoch: grant.epoch, holder: grant.holder });
    this.reports.ended(modem);
    this.reports.changed(modem);
    this.forget(modem).subscribe();
  }

  private of(modem: string): LeaseKeeper {
    let keeper = this.keepers.get(modem);
    if (keeper === undefined) {
      keeper = new LeaseKeeper();
      this.keepers.set(modem, keeper);
    }
    return keeper;
  }

  private mirror(modem: string, content: object): Observable<number> {
    return this.engine.put(keyOf(this.agent, modem, 'lease'), jsonBytes(content));
  }
}
