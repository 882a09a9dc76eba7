import { type Command, isAtError, together } from '@a7600/at-codec';
import { catchError, concat, defer, EMPTY, mergeMap, type Observable, tap, throwError } from 'rxjs';
import type { Disposer } from '../base/disposer.js';
import type { Lane } from '../lane/lane.js';
import { runRepeatable } from '../lane/repeat.js';

/** Refusals in a row after which the questions are asked one by one: a single one may be another command's. */
const REFUSALS = 2;

/** Something to ask the module, and what to do with the answer. */
export interface Question<T> {
  readonly command: Command<T>;
  /** Acts on the answer; what it returns is subscribed to. */
  readonly found: (value: T) => Observable<unknown>;
  /** Whether there is a reason to ask at the moment. Default: always. */
  readonly applies?: () => boolean;
}

/**
 * Questions that are asked on one command line, `AT+CIPMODE?;+CSCLK?` (ITU-T V.250, 5.2.1). Where the
 * firmware refuses such a line, each call of `ask` asks one of them, in turn.
 */
export class JointQuestion {
  private readonly lane: Pick<Lane, 'run'>;
  private questions: readonly Question<unknown>[] = [];
  private refusals = 0;
  private turn = 0;

  constructor(lane: Pick<Lane, 'run'>) {
    this.lane = lane;
  }

  add<T>(question: Question<T>): Disposer {
    const added = question as Question<unknown>;
    this.questions = this.questions.concat(added);
    return () => {
      this.questions = this.questions.filter((other) => other !== added);
    };
  }

  /** Whether there is something to ask at the moment. */
  get applies(): boolean {
    return this.questions.some(applies);
  }

  /** Asks with one command line. Cold; errors when the module does not answer, or refuses. */
  ask(): Observable<unknown> {
    return defer(() => {
      const asked = this.questions.filter(applies);
      if (asked.length === 0) return EMPTY;
      return asked.length === 1 || this.refusals >= REFUSALS
        ? this.askOne(asked[this.turn++ % asked.length] as Question<unknown>)
        : this.askAll(asked);
    });
  }

  private askAll(asked: readonly Question<unknown>[]): Observable<unknown> {
    return runRepeatable(this.lane, together(...asked.map(({ command }) => command))).pipe(
      tap({
        next: () => {
          this.refusals = 0;
        },
        error: (error) => {
          if (isRefusal(error)) this.refusals += 1;
        },
      }),
      mergeMap((values) => this.actFrom(0, asked, values)),
    );
  }

  /** Acts on the answers from one on, in order; most leave nothing to be done. */
  private actFrom(
    first: number,
    asked: readonly Question<unknown>[],
    values: readonly unknown[],
  ): Observable<unknown> {
    for (let index = first; index < asked.length; index++) {
      const action$ = this.act(asked[index] as Question<unknown>, values[index]);
      if (action$ !== EMPTY)
        return concat(
          action$,
          defer(() => this.actFrom(index + 1, asked, values)),
        );
    }
    return EMPTY;
  }

  private askOne(question: Question<unknown>): Observable<unknown> {
    return runRepeatable(this.lane, question.command).pipe(
      catchError((error) => (isRefusal(error) ? EMPTY : throwError(() => error))),
      mergeMap((value) => this.act(question, value)),
    );
  }

  /** Acts on an answer, unless the question was removed meanwhile. */
  private act(question: Question<unknown>, value: unknown): Observable<unknown> {
    return this.questions.includes(question) ? question.found(value) : EMPTY;
  }
}

function applies({ applies = () => true }: Question<unknown>): boolean {
  return applies();
}

function isRefusal(error: unknown): boolean {
  return isAtError(error, 'REFUSED') || isAtError(error, 'CME_ERROR') || isAtError(error, 'IP_ERROR');
}
