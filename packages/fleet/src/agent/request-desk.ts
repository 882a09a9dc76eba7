import { rawCommand } from '@a7600/tcpip';
import {
  catchError,
  concat,
  defaultIfEmpty,
  ignoreElements,
  last,
  map,
  merge,
  type Observable,
  of,
  type Subscription,
  throwError,
  toArray,
} from 'rxjs';
import { FleetError } from '../base/errors.js';
import type { Engine, EngineMessage } from '../engine/engine.js';
import { isId } from '../protocol/names.js';
import { isQuery, revealsSecret } from '../protocol/queries.js';
import { decodeRecord, encodeRecord } from '../protocol/record.js';
import { checked, requestSchemas } from '../protocol/schemas.js';
import { type ModemAddress, partsOf, requestsOf, VERBS, type Verb } from '../protocol/subjects.js';
import { errorToJson } from '../protocol/wire-error.js';
import type { AgentStreams } from './agent-streams.js';
import { unknownModem } from './agent-streams.js';
import type { LeaseDesk } from './lease-desk.js';
import type { Claim } from './lease-keeper.js';
import type { ModemHost } from './modem-host.js';
import { late, RequestTable } from './request-table.js';
import { remoteCommand } from './run-command.js';

/** A reply, ready to be sent again. */
interface Reply {
  readonly status: 'ok' | 'error';
  readonly data: Uint8Array;
}

/** What a request is about, once its headers are read. */
interface Request {
  readonly host: ModemHost;
  readonly at: ModemAddress;
  readonly deadline: number;
  readonly claim: Claim | undefined;
  readonly json: unknown;
  readonly bytes: Uint8Array;
}

/** What a request yields. */
interface Outcome {
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
}

/** The most bytes of a request or a reply. */
const LARGEST = 65_536;
const NOTHING: Outcome = {};

/** Takes requests, decides whether they are executed, and replies. */
export class RequestDesk {
  private readonly engine: Engine;
  private readonly at: Omit<ModemAddress, 'modem'>;
  private readonly clock: () => number;
  private readonly hosts: ReadonlyMap<string, ModemHost>;
  private readonly streams: AgentStreams;
  private readonly leases: LeaseDesk;
  private readonly table = new RequestTable<Reply>();
  /** Where the reply of a request that is being executed goes. */
  private readonly waiting = new Map<string, string[]>();
  private readonly executing = new Map<string, Subscription>();

  constructor(
    engine: Engine,
    at: Omit<ModemAddress, 'modem'>,
    clock: () => number,
    hosts: ReadonlyMap<string, ModemHost>,
    streams: AgentStreams,
    leases: LeaseDesk,
  ) {
    this.engine = engine;
    this.at = at;
    this.clock = clock;
    this.hosts = hosts;
    this.streams = streams;
    this.leases = leases;
  }

  /** Serves all verbs until it is unsubscribed. */
  serve(): Observable<never> {
    const { agent, instance } = this.at;
    const verbs = VERBS.map((verb) =>
      this.engine
        .endpoint$(verb, requestsOf(agent, instance, verb))
        .pipe(map((message) => this.take(verb, message))),
    );
    return merge(...verbs).pipe(ignoreElements());
  }

  private take(verb: Verb, message: EngineMessage): void {
    const { reply } = message;
    // Anything else could make this agent publish where only it may.
    if (reply === undefined || !reply.startsWith('_INBOX') || isFromStore(message)) return;
    const id = message.header('A7600-Id') ?? '';
    try {
      if (!isId(id)) throw new FleetError('PROTOCOL', 'A request has no usable A7600-Id.');
      if (message.data.length > LARGEST)
        throw new FleetError('CAPACITY', `A request has more than ${LARGEST} bytes.`);
      const deadline = Number(message.header('A7600-Deadline') ?? Number.NaN);
      if (!Number.isFinite(deadline)) throw new FleetError('PROTOCOL', 'A request has no A7600-Deadline.');
      const admission = this.table.admit(id, deadline, this.clock());
      if (admission.kind === 'repeat') this.answer(reply, admission.reply);
      else if (admission.kind === 'joined') this.waiting.get(id)?.push(reply);
      else {
        this.waiting.set(id, [reply]);
        this.execute(verb, id, () => this.requestOf(message, deadline));
      }
    } catch (error) {
      this.answer(reply, failed(error));
    }
  }

  private execute(verb: Verb, id: string, read: () => Request): void {
    let outcome$: Observable<Outcome>;
    try {
      outcome$ = this.outcome(verb, read());
    } catch (error) {
      this.settle(id, failed(error));
      return;
    }
    const execution = outcome$.subscribe({
      next: (outcome) => this.settle(id, replyOf(outcome)),
      error: (error: unknown) => this.settle(id, failed(error)),
    });
    if (!execution.closed) this.executing.set(id, execution);
  }

  private settle(id: string, reply: Reply): void {
    this.executing.delete(id);
    this.table.settle(id, reply);
    const to = this.waiting.get(id) ?? [];
    this.waiting.delete(id);
    for (const each of to) this.answer(each, reply);
  }

  private answer(to: string, { status, data }: Reply): void {
    this.engine.publish(to, data, { 'A7600-Status': status });
  }

  private requestOf(message: EngineMessage, deadline: number): Request {
    const { modem } = partsOf(message.subject);
    const host = this.hosts.get(modem);
    if (host === undefined) throw unknownModem(modem);
    const imei = message.header('A7600-Imei');
    if (imei !== undefined && imei !== host.report.imei) {
      throw new FleetError('MODEM_UNKNOWN', `The module of ${modem} is another one than ${imei}.`);
    }
    const { json, bytes } = decodeRecord(message.data);
    return {
      host,
      at: { ...this.at, modem },
      deadline,
      claim: claimOf(message.header('A7600-Lease')),
      json,
      bytes,
    };
  }

  private outcome(verb: Verb, request: Request): Observable<Outcome> {
    switch (verb) {
      case 'run':
        return this.run(request);
      case 'raw':
        return this.raw(request);
      case 'resolve':
        return this.resolve(request);
      case 'open':
        return this.open(request);
      case 'delivered':
        return this.delivered(request);
      case 'lease':
        return this.lease(request);
      case 'cancel':
        return this.cancel(request);
      case 'call':
        return this.call(request);
    }
  }

  /** Says why a command must not be sent now: asked again when its turn comes. */
  private refusal({ host, deadline, claim }: Request, text: string): () => FleetError | undefined {
    const isRevealing = revealsSecret(text);
    const isFree = claim === undefined && isQuery(text);
    return () => {
      const now = this.clock();
      if (now >= deadline) return late(now - deadline);
      if (isRevealing) {
        return new FleetError(
          'NOT_PERMITTED',
          'The command would print a password, which never leaves the agent.',
        );
      }
      return isFree ? undefined : this.leases.refusal(host.name, claim);
    };
  }

  private run(request: Request): Observable<Outcome> {
    const asked = checked(requestSchemas.run, request.json, 'A request to run a command');
    const refusal = this.refusal(request, asked.text);
    const refused = refusal();
    if (refused !== undefined) throw refused;
    const remote = remoteCommand(asked, request.bytes, refusal);
    return request.host
      .present()
      .run(remote.command)
      .pipe(
        catchError((error: unknown) => {
          const bytes = remote.refused(error);
          return bytes === undefined ? throwError(() => error) : of(bytes);
        }),
        map((bytes) => ({ bytes })),
      );
  }

  private raw(request: Request): Observable<Outcome> {
    const { text, timeout } = checked(requestSchemas.raw, request.json, 'A raw command');
    const refusal = this.refusal(request, text);
    const refused = refusal();
    if (refused !== undefined) throw refused;
    return request.host
      .present()
      .run({ ...rawCommand(text, timeout), refusal })
      .pipe(map((lines) => ({ json: { lines } })));
  }

  private resolve({ host, json }: Request): Observable<Outcome> {
    const { host: name } = checked(requestSchemas.resolve, json, 'A request to resolve a name');
    return host
      .online()
      .resolve(name)
      .pipe(
        toArray(),
        map((addresses) => ({ json: { addresses } })),
      );
  }

  private open(request: Request): Observable<Outcome> {
    const asked = checked(requestSchemas.open, request.json, 'A request to open a stream');
    if (asked.kind === 'transparent') {
      const refusal = this.leases.refusal(request.host.name, request.claim);
      if (refusal !== undefined) throw refusal;
    }
    this.streams.open(request.host, request.at, asked);
    return of(NOTHING);
  }

  private delivered({ json }: Request): Observable<Outcome> {
    const { stream } = checked(requestSchemas.delivered, json, 'A question about a stream');
    return concat(this.streams.delivered(stream), of(NOTHING));
  }

  private lease({ host, claim, json }: Request): Observable<Outcome> {
    const { action, ttl, holder } = checked(requestSchemas.lease, json, 'A request about a lease');
    if (action === 'acquire') {
      return this.leases
        .acquire(host.name, holder, ttl)
        .pipe(map(({ epoch, token }) => ({ json: { epoch, token, ttl } })));
    }
    if (claim === undefined) throw new FleetError('PROTOCOL', 'The request does not say which lease.');
    if (action === 'renew') {
      const { epoch, token } = this.leases.renew(host.name, claim, ttl);
      return of({ json: { epoch, token, ttl } });
    }
    this.leases.release(host.name, claim);
    return of({ json: { ...claim, ttl: 0 } });
  }

  private cancel({ json }: Request): Observable<Outcome> {
    const { id } = checked(requestSchemas.cancel, json, 'A cancellation');
    const execution = this.executing.get(id);
    if (execution !== undefined) {
      execution.unsubscribe();
      this.settle(id, failed(new FleetError('CLOSED', 'The request was cancelled.')));
    }
    return of(NOTHING);
  }

  private call({ host, claim, json }: Request): Observable<Outcome> {
    const { name, argument } = checked(requestSchemas.call, json, 'A call of a procedure');
    const procedure = Object.hasOwn(host.procedures, name) ? host.procedures[name] : undefined;
    if (procedure === undefined)
      throw new FleetError('UNSUPPORTED', `The agent offers no procedure ${name}.`);
    // What it does to the modem is its own affair: a program that offers one that changes it says so in its name.
    if (claim !== undefined) {
      const refusal = this.leases.refusal(host.name, claim);
      if (refusal !== undefined) throw refusal;
    }
    return procedure(host.present(), argument).pipe(
      defaultIfEmpty(undefined),
      last(),
      map((value) => ({ json: { value } })),
    );
  }
}

/** Whether the server delivers something stored: viewers can make it send that anywhere, with headers of a liar. */
export function isFromStore(message: EngineMessage): boolean {
  return message.header('Nats-Stream') !== undefined;
}

function replyOf({ json = {}, bytes }: Outcome): Reply {
  try {
    const data = encodeRecord(json, bytes);
    if (data.length <= LARGEST) return { status: 'ok', data };
    return failed(new FleetError('CAPACITY', 'The answer is too long for one message.'));
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Reply {
  return { status: 'error', data: encodeRecord(errorToJson(error)) };
}

function claimOf(header: string | undefined): Claim | undefined {
  if (header === undefined) return undefined;
  const [, epoch, token] = /^(\d{1,15})\.([\w-]{16,64})$/.exec(header) ?? [];
  if (epoch === undefined || token === undefined)
    throw new FleetError('PROTOCOL', 'A7600-Lease makes no sense.');
  return { epoch: Number(epoch), token };
}
