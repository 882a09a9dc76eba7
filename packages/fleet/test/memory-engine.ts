import { BehaviorSubject, concat, defer, EMPTY, from, Observable, type SchedulerLike, timer } from 'rxjs';
import { FleetError } from '../src/base/errors.js';
import type { Engine, EngineMessage, StoredValue } from '../src/engine/engine.js';

/** A server in memory, in virtual time: a message is lost when a connection is away when it passes. */
export class MemoryServer {
  private readonly scheduler: SchedulerLike;
  private readonly subscribers = new Set<Subscriber>();
  private readonly values = new Map<string, StoredValue>();
  readonly events: { subject: string; data: Uint8Array; id: string }[] = [];
  /** Every message that passed, in order. */
  readonly passed: { subject: string; data: Uint8Array; headers: Readonly<Record<string, string>> }[] = [];
  private revision = 0;
  private connections = 0;

  constructor(scheduler: SchedulerLike) {
    this.scheduler = scheduler;
  }

  connect(): MemoryConnection {
    this.connections += 1;
    return new MemoryConnection(this, this.scheduler, this.connections);
  }

  add(subscriber: Subscriber): () => void {
    this.subscribers.add(subscriber);
    return () => this.subscribers.delete(subscriber);
  }

  /** Delivers after 1 ms; returns whether there is a subscriber. */
  publish(
    subject: string,
    data: Uint8Array,
    headers: Readonly<Record<string, string>>,
    reply?: string,
  ): boolean {
    this.passed.push({ subject, data, headers });
    const message: EngineMessage = { subject, data, reply, header: (name) => headers[name] };
    const to = [...this.subscribers].filter((each) => matches(each.subject, subject));
    timer(1, this.scheduler).subscribe(() => {
      for (const each of to) if (this.subscribers.has(each)) each.next(message);
    });
    return to.length > 0;
  }

  put(key: string, data: Uint8Array): number {
    this.revision += 1;
    this.values.set(key, { key, data, revision: this.revision });
    this.publish(`$KV.A7600.${key}`, data, {});
    return this.revision;
  }

  stored(): readonly StoredValue[] {
    return [...this.values.values()];
  }
}

interface Subscriber {
  readonly subject: string;
  next(message: EngineMessage): void;
}

/** One program's connection. */
export class MemoryConnection implements Engine {
  private readonly server: MemoryServer;
  private readonly scheduler: SchedulerLike;
  private readonly connected = new BehaviorSubject(true);
  private inboxes = 0;
  /** A process that is stopped: what it is sent waits. */
  private held: (() => void)[] | undefined;
  readonly connected$ = this.connected.asObservable();
  private readonly name: string;

  constructor(server: MemoryServer, scheduler: SchedulerLike, number: number) {
    this.server = server;
    this.scheduler = scheduler;
    this.name = `_INBOX_${number}`;
  }

  set away(away: boolean) {
    if (this.connected.value === away) this.connected.next(!away);
  }

  get away(): boolean {
    return !this.connected.value;
  }

  reach(): Observable<never> {
    return new Observable((subscriber) =>
      this.later(() => {
        if (this.held === undefined) subscriber.complete();
        else this.held.push(() => subscriber.complete());
      }).subscribe({ error: (error) => subscriber.error(error) }),
    );
  }

  soon(work: () => void): void {
    this.scheduler.schedule(work);
  }

  publish(subject: string, data: Uint8Array, headers: Readonly<Record<string, string>> = {}): void {
    if (!this.away) this.server.publish(subject, data, headers);
  }

  messages$(subject: string): Observable<EngineMessage> {
    return new Observable((subscriber) =>
      this.server.add({
        subject,
        next: (message) => {
          if (this.away) return;
          if (this.held === undefined) subscriber.next(message);
          else this.held.push(() => subscriber.next(message));
        },
      }),
    );
  }

  endpoint$(_: string, subject: string): Observable<EngineMessage> {
    return this.messages$(subject);
  }

  /** Stops taking messages, as a stopped process does, until it is called with false. */
  stop(isStopped: boolean): void {
    if (isStopped) this.held ??= [];
    else {
      const held = this.held ?? [];
      this.held = undefined;
      for (const each of held) each();
    }
  }

  request(
    subject: string,
    data: Uint8Array,
    headers: Readonly<Record<string, string>>,
    timeout: number,
  ): Observable<EngineMessage> {
    return new Observable((subscriber) => {
      if (this.away) return subscriber.error(new FleetError('ENGINE_AWAY', 'away'));
      const inbox = `${this.name}.${++this.inboxes}`;
      const replies = this.messages$(inbox).subscribe((message) => {
        subscriber.next(message);
        subscriber.complete();
      });
      replies.add(
        timer(timeout, this.scheduler).subscribe(() =>
          subscriber.error(new FleetError('OUTCOME_UNKNOWN', 'late')),
        ),
      );
      if (!this.server.publish(subject, data, headers, inbox)) {
        subscriber.error(new FleetError('AGENT_GONE', 'no responders'));
      }
      return replies;
    });
  }

  put(key: string, data: Uint8Array): Observable<number> {
    return this.later(() => this.server.put(key, data));
  }

  stored(): Observable<StoredValue> {
    return concat(
      this.later(() => undefined).pipe(() => EMPTY),
      defer(() => from(this.server.stored())),
    );
  }

  append(subject: string, data: Uint8Array, id: string): Observable<never> {
    return new Observable((subscriber) =>
      this.later(() => {
        if (this.server.events.every((event) => event.id !== id))
          this.server.events.push({ subject, data, id });
        this.server.publish(subject, data, {});
      }).subscribe({ error: (error) => subscriber.error(error), complete: () => subscriber.complete() }),
    );
  }

  history(): Observable<never> {
    return EMPTY;
  }

  setUp(): Observable<never> {
    return EMPTY;
  }

  private later<T>(work: () => T): Observable<T> {
    return new Observable((subscriber) => {
      if (this.away) return subscriber.error(new FleetError('ENGINE_AWAY', 'away'));
      return timer(1, this.scheduler).subscribe(() => {
        if (this.away) return subscriber.error(new FleetError('OUTCOME_UNKNOWN', 'away'));
        subscriber.next(work());
        subscriber.complete();
      });
    });
  }
}

/** Whether a subject is one of a pattern with `*` and a final `>`. */
export function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const parts = subject.split('.');
  for (const [index, each] of wanted.entries()) {
    if (each === '>') return parts.length > index;
    if (each !== '*' && each !== parts[index]) return false;
  }
  return wanted.length === parts.length;
}
