import { Concluded, type Examination } from '../examination.js';
import { found } from '../finding.js';
import type { Routine } from '../routine.js';
import { verdict } from '../verdicts.js';
import { textOf } from './module.js';

/** A clock that the network has not set begins in 1970 or 1980. */
const FIRST_YEAR = 2024;
/** Time in ms by which clocks may differ; certificates mind hours and days. */
const TOLERANCE = 10 * 60_000;

/** Whether the clock of this computer is that of the network, as far as the module has that. */
export function* clock(examination: Examination): Routine<void> {
  const { value = '', lines } = yield* examination.expectAnswer(textOf('AT+CCLK?'));
  const { host, known } = examination.options;
  const time = networkTime(value);
  const difference = known === undefined ? time && host.time - time : known.clockDifference;
  examination.facts.clockDifference = difference;
  if (difference === undefined) return;
  const apart = words(Math.abs(difference));
  if (Math.abs(difference) <= TOLERANCE) {
    yield found('good', 'clock', `as the network has it, ${apart} apart`);
    return;
  }
  const here = `this computer has ${new Date(host.time).toISOString()}`;
  throw new Concluded(verdict('CLOCK_WRONG', [...lines, here, `${apart} apart`], 'timedatectl'));
}

/**
 * The time of `+CCLK: "yy/MM/dd,hh:mm:ss±zz"` in ms since 1970, `zz` in quarters of an hour (AT command manual,
 * 3.2.10); undefined for a clock that was never set.
 */
export function networkTime(text: string): number | undefined {
  const match = /(\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d{1,2})?/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const fullYear = year >= 70 ? 1900 + year : 2000 + year;
  if (fullYear < FIRST_YEAR) return undefined;
  const zone = Number(match[7] ?? 0) * 15 * 60_000;
  return Date.UTC(fullYear, month - 1, day, hour, minute, second) - zone;
}

function words(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return `${Math.round(ms / 1_000)} s`;
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
