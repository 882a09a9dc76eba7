import { cipCcfg, isAtError, type SocketConfiguration } from '@a7600/at-codec';
import {
  catchError,
  concat,
  EMPTY,
  endWith,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  of,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { type Disposer, disposeAll } from '../base/disposer.js';
import { ModemError } from '../base/errors.js';
import { ignoreRefusal } from '../base/refusals.js';
import { ensureSetting, readSetting, type Setting, writeSetting } from '../lane/setting.js';
import type { Session } from '../session/session.js';
import { SLEEP } from '../session/settings.js';
import { keepWhenTold } from '../watch/keep-when-told.js';
import { AccessPoint } from './access-point.js';
import { differences, receivingOf } from './foreign-network.js';
import type { NetworkOptions } from './options.js';
import {
  BUFFERED,
  CONFIGURATION,
  CONTEXT,
  type Context,
  type CurrentSettings,
  TRANSPARENT,
} from './settings.js';

/**
 * The settings of a network: what its options ask for, what the module has, and what is still to be set. A setting that
 * was set is kept by the watch, see {@link KeptSettings}.
 */
export class NetworkSettings {
  /** Undefined where none is wanted. */
  readonly accessPoint: AccessPoint | undefined;
  private readonly session: Session;
  private readonly options: NetworkOptions;
  private readonly context: Context | undefined;
  private readonly kept: ((session: Session) => Disposer)[] = [];
  /** The network is open, and another program's, too: its settings stay as they are. */
  private isForeign = false;

  /** Throws `INVALID_ARGUMENT` when an option is none that the module could take. */
  constructor(session: Session, options: NetworkOptions) {
    this.session = session;
    this.options = options;
    cipCcfg({ retries: options.retries, retransmission: options.retransmission });
    this.context = contextOf(options);
    this.accessPoint = this.context && new AccessPoint(session, this.context.apn);
  }

  /** Keeps the settings of the network as they are now; see {@link KeptSettings}. */
  keepAll(): Disposer {
    return disposeAll(this.kept.map((keep) => keep(this.session)));
  }

  /** Sets what can be changed while the network is open. Cold. */
  prepare(): Observable<never> {
    const { lane, keepsAwake } = this.session;
    return concat(
      // Another program may have put it to sleep since the modem was opened.
      keepsAwake ? ensureSetting(lane, SLEEP, 0).pipe(catchError(ignoreRefusal)) : EMPTY,
      ...receivingOf(this.options).map(([setting, wanted]) =>
        setting === BUFFERED ? this.setBuffered(wanted) : this.ensure(setting, wanted),
      ),
    ).pipe(ignoreElements());
  }

  /** Makes the module keep what links receive (`AT+CIPRXGET=1`), or push it. Cold. */
  setBuffered(wanted: boolean): Observable<never> {
    const { lane } = this.session;
    const set$ = this.isForeign ? readSetting(lane, BUFFERED) : ensureSetting(lane, BUFFERED, wanted);
    return set$.pipe(
      catchError((error) =>
        throwError(() => (isAtError(error, 'REFUSED') ? unknownSetting(wanted, error) : error)),
      ),
      mergeMap((buffered = wanted) => {
        if (buffered === wanted) return EMPTY;
        return throwError(() => (this.isForeign ? otherSettings([BUFFERED.name]) : notKept(wanted)));
      }),
    );
  }

  /**
   * Adopts an open network of another program as it is. Emits whether pushed data bears its link; errors with
   * `WRONG_MODE` where what is wanted would have to be set. Cold.
   */
  adoptAsItIs(current: CurrentSettings): Observable<boolean> {
    this.isForeign = true;
    const { session, options } = this;
    const { configuration } = current;
    return differences(session.lane, options, this.context, current).pipe(
      map((names) => {
        if (names.length > 0) throw otherSettings(names);
        for (const [setting, value] of receivingOf(options)) this.keep(setting, value);
        // A datagram may come in two then.
        const cutsDatagrams = configuration?.datagrams !== this.configure(configuration)?.datagrams;
        if (cutsDatagrams)
          session.report({ kind: 'setting', name: CONFIGURATION.name, action: 'left alone' });
        return configuration?.linkInHeader ?? false;
      }),
    );
  }

  /** Reads the settings that only a closed network takes. Cold. */
  readCurrent(): Observable<CurrentSettings> {
    const { lane } = this.session;
    const context$ = this.context === undefined ? of(undefined) : readSetting(lane, CONTEXT);
    return concat(context$, readSetting(lane, TRANSPARENT), readSetting(lane, CONFIGURATION)).pipe(
      toArray(),
      map((read) => {
        const [context, transparent, configuration] = read as [
          CurrentSettings['context'],
          CurrentSettings['transparent'],
          CurrentSettings['configuration'],
        ];
        return { context, transparent, configuration };
      }),
    );
  }

  /** Whether a network that is open with the `current` settings is the wanted one. A context that is not wanted was not read. */
  fits({ context, transparent, configuration }: CurrentSettings): boolean {
    return (
      (transparent ?? false) === (this.options.transparent ?? false) &&
      configuration?.datagrams === this.configure(configuration)?.datagrams &&
      CONTEXT.same(context, this.context)
    );
  }

  /** Sets what differs from the `current` settings, and emits whether pushed data bears its link. Cold. */
  apply({ context, transparent, configuration }: CurrentSettings): Observable<boolean> {
    const { lane } = this.session;
    const mode = this.options.transparent ?? false;
    const wanted = this.configure(configuration);
    if (this.context !== undefined) this.keep(CONTEXT, this.context);
    if (transparent !== undefined) this.keep(TRANSPARENT, mode);
    return concat(
      this.context === undefined ? EMPTY : writeSetting(lane, CONTEXT, context, this.context),
      transparent === undefined && !mode ? EMPTY : writeSetting(lane, TRANSPARENT, transparent, mode),
    ).pipe(
      ignoreElements(),
      endWith(undefined),
      mergeMap(() =>
        wanted === undefined ? of(undefined) : writeSetting(lane, CONFIGURATION, configuration, wanted),
      ),
      map((set) => {
        if (set !== undefined) this.keep(CONFIGURATION, set);
        return set?.linkInHeader ?? false;
      }),
    );
  }

  private configure(now: SocketConfiguration | undefined): SocketConfiguration | undefined {
    if (now === undefined) return undefined;
    const { retries = now.retries, retransmission = now.retransmission, receive } = this.options;
    return {
      ...now,
      retries,
      retransmission,
      errorsInWords: true,
      linkInHeader: receive === 'push' ? true : now.linkInHeader,
      ...(now.datagrams === undefined ? {} : { datagrams: true }),
    };
  }

  /** Sets what the module may refuse: firmware without a setting behaves as its default. */
  private ensure<T>(setting: Setting<T>, value: T): Observable<never> {
    return ensureSetting(this.session.lane, setting, value).pipe(
      tap((now) => {
        if (now !== undefined) this.keep(setting, value);
        else
          this.kept.push((session) =>
            keepWhenTold(session, setting, () => session.settings.keep(setting, value)),
          );
      }),
      ignoreElements(),
      catchError(ignoreRefusal),
    );
  }

  private keep<T>(setting: Setting<T>, value: T): void {
    this.kept.push(({ settings }) => settings.keep(setting, value));
  }
}

function unknownSetting(wanted: boolean, cause: unknown): ModemError {
  return new ModemError(
    'SETTING_REFUSED',
    `The module refused AT+CIPRXGET=${Number(wanted)}, which decides how received data comes. Its firmware may not have ` +
      `it: ask for receive: '${wanted ? 'push' : 'buffer'}' then.`,
    { cause, command: `AT+CIPRXGET=${Number(wanted)}` },
  );
}

function notKept(wanted: boolean): ModemError {
  return new ModemError(
    'SETTING_REFUSED',
    `The module did not keep AT+CIPRXGET=${Number(wanted)}, although it was sent several times.`,
  );
}

function otherSettings(names: readonly string[]): ModemError {
  return new ModemError(
    'WRONG_MODE',
    `Another program has the network open with other settings (${names.join(', ')}), and the modem was opened with ` +
      'exclusive: false, so nothing of it is changed. Ask for the settings that it has, or close it first.',
  );
}

/** The wanted context; throws `INVALID_ARGUMENT` when it is none. */
function contextOf({ apn, pdpType = 'IP' }: NetworkOptions): Context | undefined {
  if (apn === undefined) return undefined;
  const context = { apn, type: pdpType };
  CONTEXT.write(context);
  return context;
}
