import { virtualTime } from '../../testing/test/virtual-time.js';

import { DataReader } from '../src/line/data-reader.js';
import { textOf } from './world.js';

/**
 * A reader of data mode, and what it has done so far.
 *
 * @param reportsNext - The module may report the next client among the data.
 */
export function dataReaderRig(reportsNext = false) {
  const { scheduler, advance } = virtualTime();
  const seen = {
    /** What went on as data of the peer. */
    delivered: '',
    calls: [] as string[],
    /** What was written from here not long ago. */
    ours: '',
  };
  const reader = new DataReader(scheduler, reportsNext, {
    deliver: (bytes) => {
      seen.delivered += textOf([bytes]);
    },
    wrote: (line) => seen.ours.includes(textOf([line])),
    doubtful: (doubt) => seen.calls.push(doubt),
    trusted: () => seen.calls.push('trusted'),
    proven: () => seen.calls.push('proven'),
    answered: (contradicts) => seen.calls.push(contradicts ? 'contradiction' : 'error'),
  });
  return Object.assign(seen, { reader, advance });
}
