import { civilTime, epochMs, padded } from '../../../calendar.js';

/** A time with the zone that it is shown in. */
export interface ZonedTime {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly ms: number;
  /** Quarters of an hour from UTC, east is positive: -96 to 96. */
  readonly zone: number;
}

const QUARTER = 900_000;

/** The seven octets of a time stamp: swapped digits, local time, zone with sign (3GPP TS 23.040, 9.2.3.11). */
export function printTimeStamp({ ms, zone }: ZonedTime): Uint8Array {
  const { year, month, day, hour, minute, second } = civilTime(ms + zone * QUARTER);
  const sign = zone < 0 ? 0x08 : 0;
  const fields = [year % 100, month, day, hour, minute, second].map(swapped);
  return Uint8Array.of(...fields, swapped(Math.abs(zone)) | sign);
}

/** Reads seven octets; digits that are none count as 0. */
export function parseTimeStamp(octets: Uint8Array): ZonedTime {
  const digits = [...octets.subarray(0, 6)].map((octet) => (octet & 15) * 10 + (octet >> 4));
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = digits;
  const last = octets[6] ?? 0;
  const zone = ((last & 0x07) * 10 + (last >> 4)) * (last & 0x08 ? -1 : 1);
  const century = year >= 70 ? 1900 : 2000;
  const local = epochMs({ year: century + year, month, day, hour, minute, second, millisecond: 0 });
  return { ms: local - zone * QUARTER, zone };
}

/** `yy/MM/dd,hh:mm:ss±zz`, as AT commands show times (3GPP TS 27.005, 3.1). */
export function timeText({ ms, zone }: ZonedTime): string {
  const { year, month, day, hour, minute, second } = civilTime(ms + zone * QUARTER);
  const date = [year % 100, month, day].map((value) => padded(value)).join('/');
  const time = [hour, minute, second].map((value) => padded(value)).join(':');
  return `${date},${time}${zone < 0 ? '-' : '+'}${padded(Math.abs(zone))}`;
}

/** Reads what {@link timeText} writes; undefined when it is no time. The zone may be left out. */
export function parseTimeText(text: string): ZonedTime | undefined {
  const match = /^(\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0] = match
    .slice(1)
    .map((part) => (part === undefined ? 0 : Number(part)));
  const century = year >= 70 ? 1900 : 2000;
  const civil = { year: century + year, month, day, hour, minute, second, millisecond: 0 };
  const local = epochMs(civil);
  const exists = JSON.stringify(civilTime(local)) === JSON.stringify(civil);
  return exists && Math.abs(zone) <= 96 ? { ms: local - zone * QUARTER, zone } : undefined;
}

function swapped(value: number): number {
  return Math.floor(value / 10) | ((value % 10) << 4);
}
