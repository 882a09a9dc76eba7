/** Time in ms in which all that is found counts as one time. */
const ROUND = 15_000;
/** So many times in a row are no accident. */
const TIMES = 3;
/** Time in ms for which another program's things are left alone then; it doubles up to the last. */
const FIRST_PAUSE = 120_000;
const LAST_PAUSE = 21_600_000;
/** Time in ms after a pause without another time, after which it is over. */
const CALM = 600_000;

/** What a user is to know. */
export const RIVAL =
  'Another program uses this module, and ends what this one opens as this one ends what it opens: both were opened as the ' +
  'only one. Open one of them, or both, with exclusive: false.';

/**
 * Tells two programs that were both opened as `exclusive` from the left-overs of one that is gone: what is ended comes
 * again and again. Such a program is left alone then for pauses that grow, or the two would fight for ever.
 */
export class Rivalry {
  private times = 0;
  private at = Number.NEGATIVE_INFINITY;
  private pause = 0;

  /** Whether something that is another program's may be ended `now`; if so, that counts. */
  mayEnd(now: number, onRival: (pause: number, isNews: boolean) => void): boolean {
    const since = now - this.at;
    if (since < ROUND) return true;
    if (since < this.pause) return false;
    if (since >= this.pause + CALM) {
      this.times = 0;
      this.pause = 0;
    }
    this.times += 1;
    this.at = now;
    if (this.times < TIMES) return true;
    this.pause = Math.min(Math.max(2 * this.pause, FIRST_PAUSE), LAST_PAUSE);
    onRival(this.pause, this.times === TIMES);
    return true;
  }
}
