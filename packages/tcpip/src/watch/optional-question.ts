import { isAtError } from '@a7600/at-codec';
import { catchError, EMPTY, mergeMap, type Observable, throwError } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import type { Lane } from '../lane/lane.js';
import { runRepeatable } from '../lane/repeat.js';
import type { JointQuestion, Question } from './joint-question.js';
import type { Watch } from './watch.js';

/** Intervals for which the first time can wait. */
const DELAY = 2;

/** What a question that not all firmware answers is added to. */
export interface Asking {
  readonly watch: Watch;
  readonly joint: JointQuestion;
  readonly lane: Pick<Lane, 'run'>;
}

/**
 * Adds a question that firmware may refuse. It is asked alone at first, since a refusal would be one of all that is
 * asked on the same command line, and then together with the others, if it was answered.
 */
export function addOptional<T>({ watch, joint, lane }: Asking, question: Question<T>): Disposer {
  let dispose: Disposer = () => {};
  let isDisposed = false;
  const ask = (): Observable<unknown> =>
    runRepeatable(lane, question.command).pipe(
      mergeMap((value) => {
        first.dispose();
        if (isDisposed) return EMPTY;
        dispose = joint.add(question);
        return question.found(value);
      }),
      catchError((error) => {
        if (!isAtError(error)) return throwError(() => error);
        first.dispose();
        return EMPTY;
      }),
    );
  const first = watch.believe(ask, DELAY, question.applies);
  return () => {
    isDisposed = true;
    first.dispose();
    dispose();
  };
}
