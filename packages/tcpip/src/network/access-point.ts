import { type ActivePdpContext, cgcontrdp, isAtError } from '@a7600/at-codec';
import { catchError, EMPTY, map, type Observable, of, tap, throwError } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import type { Session } from '../session/session.js';
import { addOptional } from '../watch/optional-question.js';
import { CID } from './settings.js';

/** What a network adds to the name of its access point (3GPP TS 23.003, 9.1.2). */
const OPERATOR = /\.mnc\d+\.mcc\d+\.gprs$/i;

/** The access point that the open network uses (`AT+CGCONTRDP`), which may be another than the one that is defined. */
export class AccessPoint {
  private readonly session: Session;
  private readonly wanted: string;

  constructor(session: Session, wanted: string) {
    this.session = session;
    this.wanted = wanted;
  }

  /** Whether the wanted one is in use. A difference is reported. True where the module does not tell. Cold. */
  isInUse(): Observable<boolean> {
    return this.ask().pipe(
      map((isInUse) => {
        if (isInUse === false) this.report();
        return isInUse !== false;
      }),
    );
  }

  /**
   * Asks again and again from now on, if the module tells at all. Calls `onOther` when another one is in use: another
   * program has closed the network, and opened it as its own. On a module that is shared that is only reported.
   */
  watch(onOther: () => void): Disposer {
    const { watch, settings, lane } = this.session;
    let hasReported = false;
    const found = (contexts: readonly ActivePdpContext[]) => {
      if (this.judge(contexts) !== false || hasReported) return EMPTY;
      // A single answer may be damaged: the module has to say it twice.
      return this.ask().pipe(
        tap((isInUse) => {
          if (isInUse !== false || hasReported) return;
          hasReported = true;
          this.report();
          if (this.session.exclusive) onOther();
        }),
      );
    };
    return addOptional(
      { watch, joint: settings.question, lane },
      { command: cgcontrdp({ cid: CID }), found },
    );
  }

  private ask(): Observable<boolean | undefined> {
    return this.session.lane.run(cgcontrdp({ cid: CID })).pipe(
      map((contexts) => this.judge(contexts)),
      catchError((error) => (isAtError(error) ? of(undefined) : throwError(() => error))),
    );
  }

  /** Undefined where the module does not tell. */
  private judge(contexts: readonly ActivePdpContext[]): boolean | undefined {
    const used = contexts.find(({ cid }) => cid === CID)?.apn.replace(OPERATOR, '') ?? '';
    return used === '' ? undefined : used.toLowerCase() === this.wanted.toLowerCase();
  }

  private report(): void {
    const action = this.session.exclusive ? 'set again' : 'left alone';
    this.session.report({ kind: 'setting', name: 'AT+CGCONTRDP', action });
  }
}
