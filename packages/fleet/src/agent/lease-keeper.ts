import { FleetError } from '../base/errors.js';

/** A lease that was granted. */
export interface Grant {
  /** The revision of the write that granted it: it grows over restarts of agent and server. */
  readonly epoch: number;
  /** Known only to the holder. */
  readonly token: string;
  /** What the holder calls itself, for people. */
  readonly holder: string;
  /** When it ends, on the agent's clock in ms. */
  readonly until: number;
}

/** What a command or a renewal says about its lease. */
export interface Claim {
  readonly epoch: number;
  readonly token: string;
}

/**
 * Decides about the lease of one modem, without a clock. A grant has two steps: {@link begin}, then {@link grant} with
 * the revision that the mirror got, which is the epoch.
 */
export class LeaseKeeper {
  private current: Grant | undefined;
  private pending: { readonly holder: string; readonly token: string } | undefined;
  private last = 0;

  /** The lease of the moment; undefined when there is none. */
  at(now: number): Grant | undefined {
    return this.current !== undefined && now < this.current.until ? this.current : undefined;
  }

  /** Starts a grant; throws `LEASE_HELD` when there is a lease or another one is being granted. */
  begin(holder: string, token: string, now: number): void {
    const held = this.at(now);
    if (held !== undefined) throw heldBy(held.holder, held.until - now);
    if (this.pending !== undefined) throw heldBy(this.pending.holder, undefined);
    this.current = undefined;
    this.pending = { holder, token };
  }

  /** The mirror is written, as that revision. Throws `LEASE_HELD` for a revision that is not new. */
  grant(epoch: number, ttl: number, now: number): Grant {
    const { pending } = this;
    this.pending = undefined;
    if (pending === undefined || epoch <= this.last) {
      throw new FleetError(
        'LEASE_HELD',
        `The write that should grant the lease got the old revision ${epoch}.`,
      );
    }
    this.last = epoch;
    this.current = { ...pending, epoch, until: now + ttl };
    return this.current;
  }

  /** The mirror could not be written: nothing is granted. */
  abandon(): void {
    this.pending = undefined;
  }

  /** Extends a lease; throws `LEASE_LOST` when it is not the present one. */
  renew(claim: Claim, ttl: number, now: number): Grant {
    const refusal = this.refusal(claim, now);
    if (refusal !== undefined) throw refusal;
    this.current = { ...(this.current as Grant), until: now + ttl };
    return this.current;
  }

  /** Ends a lease; one that is over stays so. Returns whether it was the present one. */
  release(claim: Claim, now: number): boolean {
    if (this.refusal(claim, now) !== undefined) return false;
    this.current = undefined;
    return true;
  }

  /** Why a command of that lease must not be executed now; undefined if it may be. */
  refusal(claim: Claim | undefined, now: number): FleetError | undefined {
    const held = this.at(now);
    if (claim === undefined) {
      if (held !== undefined) return heldBy(held.holder, held.until - now);
      return new FleetError(
        'LEASE_REQUIRED',
        'This command changes the modem for all. Take a lease (`modem.lease()`) and use the modem that it gives.',
      );
    }
    if (held !== undefined && held.epoch === claim.epoch && held.token === claim.token) return undefined;
    return new FleetError(
      'LEASE_LOST',
      `The lease of epoch ${claim.epoch} is over: its time has passed, or the agent has restarted. Nothing was executed.`,
    );
  }
}

function heldBy(holder: string, ms: number | undefined): FleetError {
  const rest = ms === undefined ? 'It is being granted.' : `It ends in ${ms} ms unless it is renewed.`;
  return new FleetError(
    'LEASE_HELD',
    `${holder === '' ? 'Another holder' : `"${holder}"`} has the lease. ${rest}`,
  );
}
