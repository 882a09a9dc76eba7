import { mergeMap, type Observable, of } from 'rxjs';
import { readSetting, type Setting, writeSetting } from '../lane/setting.js';
import type { Session } from '../session/session.js';

/** A setting of the module and what it has to be. */
export interface Wanted {
  /** Reads it, sets it again if another program has changed it, and reports that. Cold. */
  confirm(session: Session): Observable<unknown>;
}

/** A setting that has to stay at `value`. */
export function want<T>(setting: Setting<T>, value: T): Wanted {
  return {
    confirm: (session) =>
      readSetting(session.lane, setting).pipe(
        mergeMap((current) => {
          if (current === undefined || setting.same(current, value)) return of(current);
          return repair(session, setting, current, value);
        }),
      ),
  };
}

function repair<T>(session: Session, setting: Setting<T>, current: T, value: T): Observable<T> {
  const { lane, exclusive } = session;
  const written$ = exclusive ? writeSetting(lane, setting, current, value) : of(current);
  return written$.pipe(
    mergeMap((now) => {
      const action = setting.same(now, value) ? 'set again' : 'left alone';
      session.report({ kind: 'setting', name: setting.name, action });
      return of(now);
    }),
  );
}
