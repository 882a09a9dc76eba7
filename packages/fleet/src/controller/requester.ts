import { concatMap, defer, map, Observable, type SchedulerLike, timer } from 'rxjs';
import { FleetError, isFleetError } from '../base/errors.js';
import type { Engine, EngineMessage } from '../engine/engine.js';
import { decodeRecord, encodeRecord, type FleetRecord } from '../protocol/record.js';
import { type ModemAddress, requestOf, type Verb } from '../protocol/subjects.js';
import { errorFromJson } from '../protocol/wire-error.js';
import type { Directory, FleetEntry } from './directory.js';

/** A request to an agent. */
export interface Asking {
  readonly verb: Verb;
  readonly json: object;
  readonly bytes?: Uint8Array | undefined;
  /** The longest time in ms, the answer of the module included. */
  readonly timeout: number;
  /** `<epoch>.<token>`. */
  readonly lease?: string | undefined;
  /** Called with the name of the request before it is sent. */
  readonly onId?: ((id: string) => void) | undefined;
}

/** The most time in ms that an agent accepts. */
const LONGEST = 300_000;
/** Waiting times in ms of the first attempts, after which a request is sent again with the same name. */
const ATTEMPTS = [2_000, 4_000, 8_000];
const LAST_ATTEMPT = 15_000;
/** Pause in ms before another attempt while the server is away. */
const PAUSE = 250;

/** Sends requests until there is a reply or their time is over; agents execute none twice, and none late. */
export class Requester {
  private readonly engine: Engine;
  private readonly directory: Directory;
  private readonly scheduler: SchedulerLike;
  private readonly newId: () => string;

  constructor(engine: Engine, directory: Directory, scheduler: SchedulerLike, newId: () => string) {
    this.engine = engine;
    this.directory = directory;
    this.scheduler = scheduler;
    this.newId = newId;
  }

  /** Cold; emits the reply. Errors as the agent says, or with `OUTCOME_UNKNOWN`, `AGENT_GONE`, `ENGINE_AWAY`. */
  ask(entry: FleetEntry, asking: Asking): Observable<FleetRecord> {
    return defer(() => {
      const to = this.directory.address(entry);
      const timeout = Math.min(asking.timeout, LONGEST);
      const id = this.newId();
      asking.onId?.(id);
      const headers = {
        'A7600-Id': id,
        'A7600-Deadline': String(this.directory.deadline(to, timeout)),
        ...(asking.lease === undefined ? {} : { 'A7600-Lease': asking.lease }),
        ...(entry.imei === undefined ? {} : { 'A7600-Imei': entry.imei }),
      };
      const data = encodeRecord(asking.json, asking.bytes);
      const end = this.scheduler.now() + timeout;
      return this.attempt(to, asking.verb, data, headers, end, 0);
    });
  }

  private attempt(
    to: ModemAddress,
    verb: Verb,
    data: Uint8Array,
    headers: Readonly<Record<string, string>>,
    end: number,
    attempt: number,
  ): Observable<FleetRecord> {
    const left = end - this.scheduler.now();
    const wait = Math.min(ATTEMPTS[attempt] ?? LAST_ATTEMPT, Math.max(1, left));
    return new Observable((subscriber) => {
      const again = (error: unknown) => {
        if (attempt > 0 && isFleetError(error, 'AGENT_GONE')) return subscriber.error(unknown(verb, error));
        // The same process gets the same request, so that none is executed twice.
        const isOpen = isFleetError(error, 'OUTCOME_UNKNOWN') || isFleetError(error, 'ENGINE_AWAY');
        const rest = end - this.scheduler.now();
        if (!isOpen || rest <= PAUSE)
          return subscriber.error(isOpen && attempt > 0 ? unknown(verb, error) : error);
        const pause = isFleetError(error, 'ENGINE_AWAY') ? PAUSE : 0;
        subscriber.add(
          timer(pause, this.scheduler)
            .pipe(concatMap(() => this.attempt(to, verb, data, headers, end, attempt + 1)))
            .subscribe(subscriber),
        );
      };
      const take = (message: EngineMessage) => {
        const record = decodeRecord(message.data);
        if (message.header('A7600-Status') === 'ok') return subscriber.next(record);
        const said = errorFromJson(record.json);
        // It is about this copy: an earlier one may have been executed, and its reply lost.
        const isAboutCopy = attempt > 0 && isFleetError(said, 'DEADLINE_PASSED');
        subscriber.error(isAboutCopy ? unknown(verb, said) : said);
      };
      subscriber.add(
        this.engine.request(requestOf(to, verb), data, headers, wait).subscribe({
          next: (message) => {
            try {
              take(message);
            } catch (error) {
              subscriber.error(error);
            }
          },
          error: again,
          complete: () => subscriber.complete(),
        }),
      );
    });
  }

  /** Tells an agent that a request is not wanted any more. */
  cancel(entry: FleetEntry, id: string): void {
    this.ask(entry, { verb: 'cancel', json: { id }, timeout: 5_000 })
      .pipe(map(() => undefined))
      // Where it does not arrive, the deadline of the request does the same.
      .subscribe({ error: () => {} });
  }
}

function unknown(verb: Verb, cause: unknown): FleetError {
  return new FleetError(
    'OUTCOME_UNKNOWN',
    `The agent did not answer a request (${verb}) in time. It was executed, or not: ask the modem before you repeat it.`,
    cause,
  );
}
