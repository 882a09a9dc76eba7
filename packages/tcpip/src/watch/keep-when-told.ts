import { Subscription, tap } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import type { Lane } from '../lane/lane.js';
import { readSetting, type Setting } from '../lane/setting.js';
import type { Watch } from './watch.js';

/** How often a setting is asked for that the module does not tell: a refusal may be that of a damaged command. */
const REFUSALS = 3;

/**
 * Keeps a setting that the module has accepted and not told: what it accepted may have been damaged. It is asked for with
 * the confirmations, until it is told, and kept from then on, or until the firmware seems not to tell it.
 *
 * @param keep begins to keep it
 * @returns ends that, the keeping too
 */
export function keepWhenTold<T>(
  { watch, lane }: { readonly watch: Watch; readonly lane: Lane },
  setting: Setting<T>,
  keep: () => Disposer,
): Disposer {
  const life = new Subscription();
  let left = REFUSALS;
  const answered = (value: T | undefined) => {
    left -= 1;
    if (life.closed || (value === undefined && left > 0)) return;
    belief.dispose();
    if (value !== undefined) life.add(keep());
  };
  const belief = watch.believe(() => readSetting(lane, setting).pipe(tap(answered)), 1);
  life.add(belief.dispose);
  return () => life.unsubscribe();
}
