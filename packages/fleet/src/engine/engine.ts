/**
 * What the fleet needs of a message server, as observables. `nats` has it over a NATS connection, the tests in memory.
 *
 * @module
 */

import type { Observable } from 'rxjs';

/** Headers of a message. */
export type Headers = Readonly<Record<string, string>>;

/** A message that was received. */
export interface EngineMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** The subject for the reply; undefined if none is wanted. */
  readonly reply: string | undefined;
  /** Returns a header; undefined if it is missing. */
  header(name: string): string | undefined;
}

/** A value of the bucket. */
export interface StoredValue {
  readonly key: string;
  readonly data: Uint8Array;
  readonly revision: number;
}

/** A message of the stream of events. */
export interface StoredEvent {
  readonly sequence: number;
  readonly subject: string;
  readonly data: Uint8Array;
}

/** A connection to the server that the fleet is built on. */
export interface Engine {
  /** Whether the server can be reached. Replays the latest; completes when the connection is closed for good. */
  readonly connected$: Observable<boolean>;
  /**
   * Asks the server for a sign of life. Cold; completes when it has answered: what it sent before has been received then.
   * Errors when the server is away.
   */
  reach(): Observable<never>;
  /** Calls after the present turn of the program, before it waits for anything. */
  soon(work: () => void): void;
  /** Sends a message; it is lost while the server is away. */
  publish(subject: string, data: Uint8Array, headers?: Headers): void;
  /** Emits what is sent to a subject. Hot: subscribing is in effect for what is published here afterwards. */
  messages$(subject: string): Observable<EngineMessage>;
  /** The same, as an endpoint of this agent's service; `name` is a word. */
  endpoint$(name: string, subject: string): Observable<EngineMessage>;
  /**
   * Sends a request. Cold; emits the reply. Errors with `AGENT_GONE` when there is no subscriber, with `ENGINE_AWAY`
   * when the server is away, and with `OUTCOME_UNKNOWN` after `timeout` ms.
   */
  request(subject: string, data: Uint8Array, headers: Headers, timeout: number): Observable<EngineMessage>;
  /** Stores a value. Cold; emits its revision. */
  put(key: string, data: Uint8Array): Observable<number>;
  /** Emits each value that is stored now, in any order. Cold; completes. */
  stored(): Observable<StoredValue>;
  /** Stores an event; `id` recognises doubles. Cold; completes when it is stored. */
  append(subject: string, data: Uint8Array, id: string): Observable<never>;
  /** Emits the stored events from a sequence number on. Cold; completes at the last. */
  history(from: number): Observable<StoredEvent>;
  /** Creates or checks bucket and stream. Cold; errors with `NOT_SET_UP`. */
  setUp(): Observable<never>;
}
