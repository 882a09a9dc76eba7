import { type AtEvent, clientAccepted, isAtError, LinkCloseReason } from '@a7600/at-codec';
import { Observable, Subject } from 'rxjs';
import { BearerHistory } from './bearer-history.js';

/** Stands for the name servers of the network among the hosts that do not answer. */
export const NAME_SERVERS = 'name servers';
/**
 * Time in ms after which a failure counts: a refusal that came sooner may be the peer's own, which proves that
 * data passes. The module does not say which of the two it was.
 */
export const SLOW = 5_000;
/** Headers of the blocks that sockets receive. */
const SOCKET_DATA: readonly string[] = ['+CIPRXGET', '+IPD', '+RECEIVE'];

/**
 * What tells whether data passes over the mobile network. Received bytes, acknowledgements, accepted
 * connections and found names show that it does; connections, acknowledgements and names that nothing
 * answers show nothing for a single host, which may be down, and something for several.
 */
export class BearerEvidence {
  /** What was learnt in this and earlier sessions. */
  readonly history: BearerHistory;
  private readonly now: () => number;
  private readonly hosts = new Set<string>();
  private readonly suspected = new Subject<void>();
  private passedAt: number;

  /** Emits with each failure. Hot, no replay. */
  readonly suspected$ = this.suspected.asObservable();

  constructor(now: () => number, history = new BearerHistory()) {
    this.now = now;
    this.history = history;
    this.passedAt = now();
  }

  /** When data passed last, or when the network was opened. */
  get lastPassedAt(): number {
    return this.passedAt;
  }

  /** How many hosts did not answer since. */
  get failedHosts(): number {
    return this.hosts.size;
  }

  /** A network was opened: the evidence starts over. */
  begin(): void {
    this.passedAt = this.now();
    // With each block of received data: to clear a set makes another table, also when it is empty.
    if (this.hosts.size > 0) this.hosts.clear();
  }

  /** Data has passed. */
  passed(): void {
    this.begin();
    this.history.passed(this.passedAt);
  }

  /** A host did not answer. */
  failed(host: string): void {
    this.hosts.add(host.toLowerCase());
    this.suspected.next();
  }

  /** Looks at what the module prints for what a peer has sent. */
  observe(event: AtEvent): void {
    if (isFromPeer(event)) this.passed();
  }

  /** A peer that closes has been heard; `host`, if it could not be sent to, may be out of reach. */
  linkClosed(reason: number, host: string | undefined): void {
    if (reason === LinkCloseReason.REMOTE) this.passed();
    else if (reason === LinkCloseReason.TIMEOUT_OR_DTR && host !== undefined) this.failed(host);
  }

  /** Counts how an attempt to reach `host` ends: a value as passed, an error that took its time as failed. */
  attempt<T>(host: string, work$: Observable<T>): Observable<T> {
    return new Observable((subscriber) => {
      const since = this.now();
      return work$.subscribe({
        next: (value) => {
          if (host === NAME_SERVERS) this.history.namesAnswered = true;
          this.passed();
          subscriber.next(value);
        },
        error: (error: unknown) => {
          // The module's own refusal says nothing of the host, however late it is believed.
          if (this.now() - since >= SLOW && !isAtError(error, 'REFUSED')) this.failed(host);
          subscriber.error(error);
        },
        complete: () => subscriber.complete(),
      });
    });
  }
}

/** Whether a peer has sent something: data, or a connection that a server has accepted. */
function isFromPeer(event: AtEvent): boolean {
  if (event.kind === 'payload') return SOCKET_DATA.includes(event.header.name);
  return event.kind === 'data' || (event.kind === 'urc' && event.urc === clientAccepted);
}
