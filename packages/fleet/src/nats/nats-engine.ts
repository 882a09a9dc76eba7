/**
 * The engine over a NATS connection, and what is made of it for programs.
 *
 * @module
 */

import { JetStreamApiError, jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Subscription as NatsSubscription,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from '@nats-io/nats-core';
import { type Service, Svcm } from '@nats-io/services';
import {
  BehaviorSubject,
  catchError,
  concatMap,
  defer,
  EMPTY,
  expand,
  from,
  ignoreElements,
  mergeMap,
  Observable,
  throwError,
} from 'rxjs';
import { FleetError } from '../base/errors.js';
import type { Engine, EngineMessage, Headers, StoredValue } from '../engine/engine.js';
import { PROTOCOL_VERSION } from '../protocol/names.js';
import { BUCKET, EVENTS, SERVICE } from '../protocol/subjects.js';
import { KeyWriter, Outdated } from './key-writer.js';
import { Replies } from './replies.js';
import { setUp } from './set-up.js';

/** Time in ms for the server to answer a request of its own. */
const API_TIMEOUT = 2_000;
/** Values that are read at a time. */
const READS = 16;
const PREFIX = `$KV.${BUCKET}.`;
/** Where the server is asked for the latest message of a subject, which follows. */
const LAST_OF = `$JS.API.DIRECT.GET.KV_${BUCKET}.`;
/** The code of an error of JetStream: the latest message of the subject has another sequence. */
const WRONG_LAST_SEQUENCE = 10_071;
const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

/** Makes the engine of a connection. The connection stays the caller's; a service is stopped with its last endpoint. */
export function natsEngine(connection: NatsConnection): Engine {
  const js = jetstream(connection, { timeout: API_TIMEOUT });
  const manager = jetstreamManager(connection, { checkAPI: false, timeout: API_TIMEOUT });
  // It is awaited where it is used; a failure is reported there.
  manager.catch(() => {});
  const connected = new BehaviorSubject(!connection.isClosed());
  const replies = new Replies(connection);
  void watchStatus(connection, connected, replies);
  const services = new Services(connection);
  const keys = new KeyWriter((key, data, after) =>
    js
      .publish(`${PREFIX}${key}`, data, after === undefined ? {} : { expect: { lastSubjectSequence: after } })
      .then(
        ({ seq }) => seq,
        (error: unknown) => Promise.reject(latestIn(error) ?? error),
      ),
  );
  /** The latest value of a subject; nothing if it is gone. Not by the package's call: a thousand are read at a time. */
  const last = (subject: string) =>
    new Observable<StoredValue>((subscriber) =>
      replies.request(`${LAST_OF}${subject}`, NOTHING, headersOf({}), API_TIMEOUT, {
        next: ({ data, headers }) => {
          const revision = Number(headers?.get('Nats-Sequence'));
          if (revision > 0) subscriber.next({ key: subject.slice(PREFIX.length), data, revision });
          subscriber.complete();
        },
        error: (error) => subscriber.error(error),
      }),
    );

  return {
    connected$: connected.asObservable(),
    reach: () =>
      defer(() => connection.flush()).pipe(ignoreElements(), named('A sign of life of the server')),
    soon: (work) => queueMicrotask(work),
    publish: (subject, data, headers) => {
      // After the end of the connection there is nothing that could take it.
      if (connection.isClosed()) return;
      if (headers === undefined) connection.publish(subject, data);
      else connection.publish(subject, data, { headers: headersOf(headers) });
    },
    messages$: (subject) =>
      new Observable((subscriber) => {
        if (connection.isClosed()) return subscriber.error(closed());
        const subscription = connection.subscribe(subject, {
          callback: (error, message) => {
            if (error === null) subscriber.next(new NatsMessage(message));
            else subscriber.error(fleetError(error, `Subscribing to ${subject}`));
          },
        });
        return () => unsubscribe(subscription);
      }),
    endpoint$: (name, subject) => services.endpoint(name, subject),
    request: (subject, data, headers, timeout) =>
      new Observable((subscriber) => {
        try {
          return replies.request(subject, data, headersOf(headers), timeout, {
            next: (message) => {
              subscriber.next(new NatsMessage(message));
              subscriber.complete();
            },
            error: (error) => subscriber.error(error),
          });
        } catch (error) {
          return subscriber.error(fleetError(error, `A request to ${subject}`));
        }
      }),
    put: (key, data) => defer(() => keys.put(key, data)).pipe(named(`Storing ${key}`)),
    stored: () =>
      defer(async () => {
        const api = await manager;
        const { state } = await api.streams.info(`KV_${BUCKET}`, { subjects_filter: `${PREFIX}>` });
        return Object.keys(state.subjects ?? {});
      }).pipe(
        mergeMap((subjects) => from(subjects).pipe(mergeMap(last, READS))),
        named('Reading the states of the fleet'),
      ),
    append: (subject, data, id) =>
      defer(() => js.publish(subject, data, { msgID: id })).pipe(ignoreElements(), named('Storing an event')),
    history: (first) => {
      const next = (seq: number) =>
        defer(async () => (await manager).direct.getMessage(EVENTS, { seq, next_by_subj: '>' }));
      return next(first).pipe(
        expand((message) => (message === null ? EMPTY : next(message.seq + 1))),
        concatMap((message) =>
          message === null
            ? EMPTY
            : [{ sequence: message.seq, subject: message.subject, data: message.data }],
        ),
        // The end of the stream is an error of the server: no message found.
        catchError((error) => (isNoMessage(error) ? EMPTY : throwError(() => error))),
        named('Reading the events of the fleet'),
      );
    },
    setUp: () => defer(() => setUp(connection)).pipe(ignoreElements(), named('Setting the fleet up')),
  };
}

/** One service for all endpoints of an agent; it begins with the first and ends with the last. */
class Services {
  private readonly connection: NatsConnection;
  private service: Promise<Service> | undefined;
  private endpoints = 0;

  constructor(connection: NatsConnection) {
    this.connection = connection;
  }

  endpoint(name: string, subject: string): Observable<EngineMessage> {
    return new Observable((subscriber) => {
      this.endpoints += 1;
      this.service ??= this.start();
      let isOver = false;
      this.service.then(
        (service) => {
          if (isOver) return;
          service.addEndpoint(name, {
            subject,
            // Half of the requests of a queue group are lost after a half-open partition.
            queue: '',
            handler: (error, message) => {
              if (error === null) subscriber.next(new NatsMessage(message as unknown as Msg));
              else subscriber.error(fleetError(error, `Serving ${subject}`));
            },
          });
        },
        (error: unknown) => subscriber.error(fleetError(error, 'Starting the service of the agent')),
      );
      return () => {
        isOver = true;
        this.endpoints -= 1;
        if (this.endpoints > 0) return;
        const { service } = this;
        this.service = undefined;
        service?.then((running) => (this.connection.isClosed() ? undefined : running.stop())).catch(() => {});
      };
    });
  }

  private start(): Promise<Service> {
    // The only published version of the package names another version of the connection's type, which is the same.
    const connection = this.connection as unknown as ConstructorParameters<typeof Svcm>[0];
    return new Svcm(connection).add({
      name: SERVICE,
      version: `${PROTOCOL_VERSION}.0`,
      description: 'Modems of one machine',
      queue: '',
    });
  }
}

async function watchStatus(
  connection: NatsConnection,
  connected: BehaviorSubject<boolean>,
  replies: Replies,
): Promise<void> {
  for await (const status of connection.status()) {
    const { type } = status;
    if (type === 'staleConnection') discardUnsent(connection);
    if (type === 'disconnect' || type === 'staleConnection') connected.next(false);
    else if (type === 'reconnect') connected.next(true);
    else if (type === 'error' && status.error instanceof PermissionViolationError)
      replies.refused(status.error, fleetError(status.error, 'A request'));
  }
  replies.close(closed());
  connected.next(false);
  connected.complete();
}

/** What the class of a connection over TCP has beside its interface. */
interface Wired {
  readonly protocol?: { readonly transport?: { readonly socket?: { destroy?(): void } } };
}

/**
 * Discards what is still to be sent over a connection that is dead. The client waits for it before it connects again: as
 * long as the operating system tries to send it, which after a partition is up to 15 minutes.
 */
function discardUnsent(connection: NatsConnection): void {
  const { protocol } = connection as NatsConnection & Wired;
  protocol?.transport?.socket?.destroy?.();
}

function unsubscribe(subscription: NatsSubscription): void {
  if (!subscription.isClosed()) subscription.unsubscribe();
}

/** A message of the connection, of which only what is asked for is read: a stream has thousands a second. */
class NatsMessage implements EngineMessage {
  private readonly message: Msg;

  constructor(message: Msg) {
    this.message = message;
  }

  get subject(): string {
    return this.message.subject;
  }

  get data(): Uint8Array {
    return this.message.data;
  }

  get reply(): string | undefined {
    return this.message.reply || undefined;
  }

  header(name: string): string | undefined {
    const { headers } = this.message;
    if (headers === undefined) return undefined;
    for (const [each, [value]] of headers) if (each === name) return value || undefined;
    return undefined;
  }
}

/**
 * Headers as `publish` needs them: of the class it calls `encode` only. The class itself checks each name letter by letter,
 * and these are this package's own; a value may be an agent's claim.
 */
function headersOf(headers: Headers): MsgHdrs {
  let text = 'NATS/1.0\r\n';
  for (const [name, value] of Object.entries(headers)) {
    if (/[\r\n]/.test(value))
      throw new FleetError('PROTOCOL', 'The value of a header has more than one line.');
    text += `${name}: ${value}\r\n`;
  }
  return { encode: () => encoder.encode(`${text}\r\n`) } as unknown as MsgHdrs;
}

/** The error of a value that follows another one than the latest, which the server names. */
function latestIn(error: unknown): Outdated | undefined {
  if (!(error instanceof JetStreamApiError) || error.code !== WRONG_LAST_SEQUENCE) return undefined;
  return new Outdated(Number(/\d+$/.exec(error.message)?.[0] ?? 0));
}

/** Gives failures of the connection a code of the fleet. */
function named<T>(what: string) {
  return catchError<T, Observable<never>>((error) => throwError(() => fleetError(error, what)));
}

function fleetError(error: unknown, what: string): Error {
  if (error instanceof FleetError) return error;
  const cause = error instanceof RequestError && error.cause instanceof Error ? error.cause : error;
  if (error instanceof RequestError && error.isNoResponders()) return gone(what, error);
  if (cause instanceof NoRespondersError) return gone(what, error);
  if (cause instanceof TimeoutError) {
    return new FleetError('OUTCOME_UNKNOWN', `${what} was not answered in time.`, error);
  }
  if (cause instanceof PermissionViolationError) {
    return new FleetError('NOT_PERMITTED', `${what} is not permitted to this user by the server.`, error);
  }
  if (cause instanceof JetStreamApiError) {
    return new FleetError('NOT_SET_UP', `${what} failed: ${cause.message}. Has setUpFleet run?`, error);
  }
  return new FleetError('ENGINE_AWAY', `${what} failed: ${messageIn(error)}.`, error);
}

function gone(what: string, cause: unknown): FleetError {
  return new FleetError('AGENT_GONE', `${what} reached no subscriber: no such process is connected.`, cause);
}

function closed(): FleetError {
  return new FleetError('CLOSED', 'The connection to the NATS server is closed.');
}

function isNoMessage(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.status === 404;
}

function messageIn(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
