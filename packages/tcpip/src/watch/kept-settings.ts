import { EMPTY, type Observable, of, tap } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import type { Lane } from '../lane/lane.js';
import { readableSetting, type Setting, writeSetting } from '../lane/setting.js';
import type { Discrepancy } from './discrepancy.js';
import { JointQuestion } from './joint-question.js';

/** What {@link KeptSettings} work with. */
export interface KeptSettingsOptions {
  readonly lane: Lane;
  /** Whether a setting that another program has changed may be changed back. */
  readonly exclusive: boolean;
  readonly report: (discrepancy: Discrepancy) => void;
}

/** How a setting is kept. */
export interface Keeping<T> {
  /** Whether it has to be kept at the moment. Default: always. */
  readonly applies?: () => boolean;
  /** Called with each value that the module turns out to have, also with one that is changed back then. */
  readonly onValue?: (value: T) => void;
}

/**
 * The settings of the module that have to stay as the SDK has set them. One that another program has
 * changed is set again and reported; where that is not possible or not allowed, it is reported once.
 */
export class KeptSettings {
  readonly question: JointQuestion;
  private readonly kept = new Map<unknown, Disposer>();
  private readonly options: KeptSettingsOptions;

  constructor(options: KeptSettingsOptions) {
    this.options = options;
    this.question = new JointQuestion(options.lane);
  }

  /** Whether `setting` is kept. */
  has<T>(setting: Setting<T>): boolean {
    return this.kept.has(setting);
  }

  /** Keeps `setting` at `value` until the disposer is called, or until it is to be kept at another value. */
  keep<T>(setting: Setting<T>, value: T, { applies, onValue }: Keeping<T> = {}): Disposer {
    /** The difference that was reported and could not be removed. */
    let left: { readonly value: T } | undefined;
    this.kept.get(setting)?.();
    const dispose = this.question.add<T>({
      command: readableSetting(setting),
      ...(applies && { applies }),
      found: (current) => {
        if (current !== undefined) onValue?.(current);
        if (current === undefined || setting.same(current, value)) {
          left = undefined;
          return EMPTY;
        }
        if (left !== undefined && setting.same(left.value, current)) return EMPTY;
        return this.repaired(setting, current, value).pipe(
          tap((now) => {
            onValue?.(now);
            const isSet = setting.same(now, value);
            left = isSet ? undefined : { value: now };
            this.options.report({
              kind: 'setting',
              name: setting.name,
              action: isSet ? 'set again' : 'left alone',
            });
          }),
        );
      },
    });
    const forget = () => {
      dispose();
      if (this.kept.get(setting) === forget) this.kept.delete(setting);
    };
    this.kept.set(setting, forget);
    return forget;
  }

  private repaired<T>(setting: Setting<T>, current: T, value: T): Observable<T> {
    const { lane, exclusive } = this.options;
    return exclusive ? writeSetting(lane, setting, current, value) : of(current);
  }
}
