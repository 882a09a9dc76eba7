/** A moment in UTC, or in the local time of some zone, by the Gregorian calendar. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const DAY = 86_400_000;
const DAYS_OF_ERA = 146_097;
/** Days from 0000-03-01, where the proleptic calendar's eras begin, to 1970-01-01. */
const EPOCH = 719_468;

/**
 * Converts a time to the calendar.
 *
 * Core sources have no `Date`: the calendar is theirs, the time the scheduler's.
 *
 * @param ms Milliseconds since 1970-01-01, negative before.
 */
export function civilTime(ms: number): CivilTime {
  const days = Math.floor(ms / DAY);
  const ofDay = ms - days * DAY;
  // March is the first month, so that a leap day is the last day of its year.
  const shifted = days + EPOCH;
  const era = Math.floor(shifted / DAYS_OF_ERA);
  const dayOfEra = shifted - era * DAYS_OF_ERA;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    hour: Math.floor(ofDay / 3_600_000),
    minute: Math.floor(ofDay / 60_000) % 60,
    second: Math.floor(ofDay / 1000) % 60,
    millisecond: Math.floor(ofDay % 1000),
  };
}

/** Converts a calendar time to milliseconds since 1970-01-01. */
export function epochMs(time: CivilTime): number {
  const year = time.month <= 2 ? time.year - 1 : time.year;
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const monthFromMarch = time.month > 2 ? time.month - 3 : time.month + 9;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + time.day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  const days = era * DAYS_OF_ERA + dayOfEra - EPOCH;
  return days * DAY + time.hour * 3_600_000 + time.minute * 60_000 + time.second * 1000 + time.millisecond;
}

/** The number with leading zeros. */
export function padded(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}
