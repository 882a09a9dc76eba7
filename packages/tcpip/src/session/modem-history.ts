import { BearerHistory } from '../watch/bearer-history.js';
import { Restarts } from './restarts.js';
import { Rivalry } from './rivalry.js';

/** What is remembered of a modem from one session to the next: a program that opens it again must not start over. */
export interface ModemHistory {
  readonly bearer: BearerHistory;
  readonly restarts: Restarts;
  readonly rivalry: Rivalry;
}

/** Nothing is known yet. */
export function newHistory(): ModemHistory {
  return { bearer: new BearerHistory(), restarts: new Restarts(), rivalry: new Rivalry() };
}
