import type { ByteLink, SerialLink } from '@a7600/transport';
import { type SchedulerLike, takeUntil, timer } from 'rxjs';
import type { ModemError } from '../base/errors.js';
import type { Lane } from '../lane/lane.js';
import { FirstWords } from './first-words.js';

/** Time in ms for the module to answer at one rate, when several are tried. */
const RATE_TIME = 2_000;

/** What a {@link ModuleSearch} works with. Times are in ms. */
export interface ModuleSearchOptions {
  readonly link: ByteLink;
  readonly lane: Lane;
  readonly scheduler: SchedulerLike;
  /** Rates to try in turn, where the link has a rate. */
  readonly baudRates: readonly number[];
  /** Time for the first answer, at whatever rate. */
  readonly startTimeout: number;
  /** The rate could not be set. */
  readonly failed: (error: Error) => void;
}

/** Looks for a module at the other end of a link, at one rate after the other where several are named. */
export class ModuleSearch {
  private readonly options: ModuleSearchOptions;
  private readonly firstWords = new FirstWords();
  private readonly startedAt: number;
  private tried = 0;

  constructor(options: ModuleSearchOptions) {
    this.options = options;
    this.startedAt = options.scheduler.now();
  }

  /** Asks at the next rate, or at the one that is set, whether the module listens. */
  begin(): void {
    const { link, lane, scheduler, baudRates, startTimeout, failed } = this.options;
    if (baudRates.length === 0 || !hasRate(link)) {
      lane.start(startTimeout);
      return;
    }
    const rate = baudRates[this.tried++ % baudRates.length] as number;
    link
      .setBaudRate(rate)
      .pipe(takeUntil(timer(RATE_TIME, scheduler)))
      .subscribe({ error: failed, complete: () => lane.start(RATE_TIME) });
  }

  /** Nothing answered: asks at the next rate if there is one, and time for it; says whether it does. */
  goesOn(): boolean {
    const { link, scheduler, baudRates, startTimeout } = this.options;
    const next = baudRates.length > 0 && hasRate(link) && scheduler.now() - this.startedAt < startTimeout;
    if (next) this.begin();
    return next;
  }

  /** Bytes came before the module was ready. */
  heard(bytes: Uint8Array): void {
    this.firstWords.add(bytes);
  }

  /** The last words of what is there, as part of a message; empty when nothing readable came. */
  get lastWords(): string {
    return this.firstWords.quoted;
  }

  /** Why nothing was found, as far as what was heard tells, and a sentence of the caller. */
  failure(explanation: string): ModemError {
    return this.firstWords.silent(this.ratesTried, explanation);
  }

  private get ratesTried(): readonly number[] {
    const { link, baudRates } = this.options;
    if (!hasRate(link)) return [];
    return baudRates.length === 0 ? [link.baudRate] : baudRates.slice(0, this.tried);
  }
}

function hasRate(link: ByteLink): link is SerialLink {
  return 'setBaudRate' in link;
}
