import { cops, type SignalQuality } from '@a7600/at-codec';
import {
  type KeepOnlineOptions,
  keepOnline,
  type Modem,
  type ModemPorts,
  type OnlineNetwork,
  type OnlineStatus,
  type TraceEntry,
} from '@a7600/tcpip';
import type { Transport } from '@a7600/transport';
import {
  BehaviorSubject,
  catchError,
  EMPTY,
  exhaustMap,
  type Observable,
  type SchedulerLike,
  Subject,
  Subscription,
  timer,
} from 'rxjs';
import { FleetError } from '../base/errors.js';
import type { ModemReport } from '../protocol/modem-report.js';
import { LastLines } from './last-lines.js';

/** A procedure that an agent offers beside commands, such as a diagnosis; what it emits last is the reply. */
export type Procedure = (modem: Modem, argument: unknown) => Observable<unknown>;

/** A modem that an agent offers. */
export interface AgentModem {
  /** Unique within the agent: 1 to 32 letters, digits, `_` or `-`. */
  readonly name: string;
  /** Opens the port to the module, or its two ports. */
  readonly transport: Transport | ModemPorts;
  /**
   * How it is kept online: APN, PIN, levels of recovery. Neither PIN nor passwords leave the agent. Default of
   * `modem.confirmInterval`: 3000.
   */
  readonly online?: KeepOnlineOptions | undefined;
  /** What controllers can call by name. */
  readonly procedures?: Readonly<Record<string, Procedure>> | undefined;
}

/** Something that a modem did, for the stream of events. */
export interface ModemHappening {
  readonly kind: 'state' | 'recovery' | 'inbound' | 'bundle';
  readonly data: unknown;
}

/** Time in ms between two questions for the operator. */
const OPERATOR_INTERVAL = 60_000;
/** `confirmInterval` of the modems in ms: a fleet says within 10 s that a module has died in silence. */
const CONFIRM_INTERVAL = 3_000;
/** Time in ms without an answer after which it is not known any more whether a modem is online. */
const SILENCE = 4_000;
const LOOK = 500;

/** Keeps one modem online and says how it is. */
export class ModemHost {
  readonly name: string;
  readonly procedures: Readonly<Record<string, Procedure>>;
  private readonly reports: BehaviorSubject<ModemReport>;
  private readonly happenings = new Subject<ModemHappening>();
  private readonly traced = new Subject<TraceEntry>();
  private readonly scheduler: SchedulerLike;
  private readonly options: AgentModem;
  private modem: Modem | undefined;
  private network: OnlineNetwork | undefined;
  private watching = new Subscription();
  /** Whether the module was sent a command after its last sign of life, and for how many ms it was seen so. */
  private isAsked = false;
  private silence = 0;
  private readonly lastLines = new LastLines();

  constructor(options: AgentModem, scheduler: SchedulerLike) {
    this.name = options.name;
    this.options = options;
    this.procedures = options.procedures ?? {};
    this.scheduler = scheduler;
    this.reports = new BehaviorSubject<ModemReport>({ state: 'opening', links: [] });
  }

  /** Replays the latest. */
  get report$(): Observable<ModemReport> {
    return this.reports.asObservable();
  }

  /** The latest of {@link report$}. */
  get report(): ModemReport {
    return this.reports.value;
  }

  get happening$(): Observable<ModemHappening> {
    return this.happenings.asObservable();
  }

  /** The dialogue, secrets and payload hidden. */
  get trace$(): Observable<TraceEntry> {
    return this.traced.asObservable();
  }

  /** Keeps the modem online until it is unsubscribed. */
  start(): Subscription {
    const { transport, online = {} } = this.options;
    const running = keepOnline(transport, {
      ...online,
      modem: {
        scheduler: this.scheduler,
        confirmInterval: CONFIRM_INTERVAL,
        ...online.modem,
        trace: (entry) => {
          online.modem?.trace?.(entry);
          this.traced.next(entry);
          this.lastLines.add(entry.line);
          if (entry.kind === 'command') this.isAsked = true;
          else if (entry.kind === 'received') this.heard();
        },
      },
      prepare: (modem) => {
        this.modem = modem;
        this.watch(modem);
        return online.prepare?.(modem) ?? EMPTY;
      },
      onStatus: (status) => {
        online.onStatus?.(status);
        this.status(status);
      },
      onStep: (step) => {
        online.onStep?.(step);
        const { attempt, level, error, delay } = step;
        const code = codeOf(error);
        this.happenings.next({ kind: 'recovery', data: { attempt, level, code, delay } });
        // What led to the loss; the attempts that follow have little to add.
        if (attempt === 1)
          this.happenings.next({
            kind: 'bundle',
            data: { name: 'before-the-loss', ...this.lastLines.take() },
          });
        this.tell({
          recovery: { attempt, level, ...(code === undefined ? {} : { code }) },
          error: plain(error),
        });
      },
    }).subscribe({
      next: (network) => {
        this.network = network;
        this.tell({ state: 'online', address: network.address, reason: undefined });
      },
      error: (error: unknown) => this.lost('failed', error),
      complete: () => this.lost('stopped', undefined),
    });
    running.add(() => this.watching.unsubscribe());
    running.add(timer(LOOK, LOOK, this.scheduler).subscribe(() => this.look()));
    return running;
  }

  /** The modem that answers now; throws `MODEM_OFFLINE`. */
  present(): Modem {
    if (this.modem !== undefined) return this.modem;
    throw this.offline();
  }

  /** The network that is open now; throws `MODEM_OFFLINE`. */
  online(): OnlineNetwork {
    if (this.network !== undefined) return this.network;
    throw this.offline();
  }

  /** A client has connected to a server of the modem. */
  inbound(port: number, remote: unknown): void {
    this.happenings.next({ kind: 'inbound', data: { port, remote } });
  }

  private offline(): FleetError {
    const { state, reason, error } = this.report;
    const why = reason ?? error?.message ?? state;
    return new FleetError('MODEM_OFFLINE', `The modem ${this.name} is not online: ${why}`);
  }

  /** The module has printed something. */
  private heard(): void {
    this.isAsked = false;
    this.silence = 0;
    if (this.report.state === 'unknown') this.tell({ state: 'online', reason: undefined });
  }

  /** Looks, rather than starting a timer with each command; time in which the process is stopped does not count. */
  private look(): void {
    this.silence = this.isAsked ? this.silence + LOOK : 0;
    if (this.silence < SILENCE || this.report.state !== 'online') return;
    this.tell({ state: 'unknown', reason: `The module has not answered for ${SILENCE} ms.` });
  }

  private status({ state, modem, step }: OnlineStatus): void {
    if (state === 'online') return;
    this.network = undefined;
    if (state === 'waiting') this.lost('waiting', step?.error);
    else {
      this.tell({ state: 'opening', address: undefined, reason: modem?.reason ?? modem?.step });
      this.identify(modem?.identity);
    }
  }

  private lost(state: 'waiting' | 'failed' | 'stopped', error: unknown): void {
    this.network = undefined;
    this.modem = undefined;
    this.isAsked = false;
    this.watching.unsubscribe();
    this.tell({
      state,
      address: undefined,
      links: [],
      reason: undefined,
      ...(error === undefined ? {} : { error: plain(error) }),
    });
  }

  private watch(modem: Modem): void {
    this.watching.unsubscribe();
    this.watching = new Subscription();
    this.identify(modem.identity);
    const told = <T>(source: Observable<T>, tell: (value: T) => Partial<ModemReport>) =>
      this.watching.add(
        // The end of the modem is reported by the status.
        source.pipe(catchError(() => EMPTY)).subscribe((value) => this.tell(tell(value))),
      );
    told(modem.signalQuality$, signalOf);
    told(modem.links$, (links) => ({ links }));
    told(modem.statistics$, (statistics) => ({ statistics: { ...statistics } }));
    told(modem.traffic$, ({ sent, received }) => ({ traffic: { sent, received } }));
    const operator$ = timer(0, OPERATOR_INTERVAL, this.scheduler).pipe(
      exhaustMap(() => modem.run(cops.read()).pipe(catchError(() => EMPTY))),
    );
    told(operator$, ({ name, technology }) => ({ operator: name, technology }));
  }

  private identify(identity: Modem['identity']): void {
    if (identity === undefined) return;
    const { imei, manufacturer, model, revision, build } = identity;
    this.tell({ imei, identity: defined({ manufacturer, model, revision, build }) });
  }

  private tell(change: Partial<ModemReport>): void {
    const before = this.report;
    const after = defined({ ...before, ...change });
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    this.reports.next(after);
    if (before.state !== after.state) {
      this.happenings.next({ kind: 'state', data: { from: before.state, to: after.state } });
    }
  }
}

/** Without the members that are undefined. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

/** `AT+CSQ` in dBm (3GPP TS 27.007, 8.5); 99 is unknown. */
function signalOf({ rssi, ber }: SignalQuality): Partial<ModemReport> {
  return { signal: { ...(rssi <= 31 ? { rssi: 2 * rssi - 113 } : {}), ber } };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function plain(error: unknown): { code?: string; message: string } {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return code === undefined ? { message } : { code, message };
}
