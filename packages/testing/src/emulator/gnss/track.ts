import { epochMs } from '../../calendar.js';

/** Where something is and how it moves. */
export interface Position {
  /** Degrees, north is positive. */
  readonly latitude: number;
  /** Degrees, east is positive. */
  readonly longitude: number;
  /** Metres above sea level. Default 0. */
  readonly altitude?: number;
  /** Metres a second. Default 0. */
  readonly speed?: number;
  /** Degrees from north, clockwise. Default 0. */
  readonly course?: number;
}

/** Where the module is, as a function of time. */
export interface Track {
  /**
   * Its position `ms` after it was made; undefined where it sees no sky.
   *
   * @param ms Time since the module was made, in ms.
   * @returns The position, or undefined where it sees no sky.
   */
  at(ms: number): Position | undefined;
}

/** One point of a way, and when it is passed. */
interface Waypoint extends Position {
  readonly at: number;
}

const EARTH_RADIUS = 6_371_000;
const DEGREE = Math.PI / 180;

/** Metres a second along a GPX track whose points have no times. */
const WALKING = 1.4;

/**
 * Stands in one place.
 *
 * @param position Where, and how high.
 * @returns A track that never moves.
 */
export function standing(position: Position): Track {
  return { at: () => position };
}

/**
 * Follows the track points of a GPX file, at their own times, or walking where they have none. It
 * stands at the first point before its time, and at the last one afterwards.
 *
 * @param gpx The text of the file.
 * @returns A track from its first point to its last one.
 * @throws Error when there is no track point.
 */
export function gpxTrack(gpx: string): Track {
  const points = waypoints(gpx);
  const [first] = points;
  if (first === undefined) throw new Error('The GPX file has no track point (trkpt).');
  const at = (ms: number) => {
    const next = points.findIndex(({ at }) => at > ms);
    const before = points[next === -1 ? points.length - 1 : next - 1];
    if (before === undefined) return first;
    const after = points[next];
    return after === undefined ? before : between(before, after, (ms - before.at) / (after.at - before.at));
  };
  return { at };
}

function waypoints(gpx: string): Waypoint[] {
  const points: Waypoint[] = [];
  let start: number | undefined;
  for (const [, attributes = '', body = ''] of gpx.matchAll(
    /<trkpt\b([^>]*?)(?:\/>|>([\s\S]*?)<\/trkpt>)/g,
  )) {
    const latitude = Number(/\blat\s*=\s*["']([^"']+)/.exec(attributes)?.[1]);
    const longitude = Number(/\blon\s*=\s*["']([^"']+)/.exec(attributes)?.[1]);
    if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) continue;
    const altitude = Number(/<ele>\s*([-\d.]+)/.exec(body)?.[1] ?? 0);
    const time = parseTime(/<time>\s*([^<\s]+)/.exec(body)?.[1]);
    start ??= time;
    const last = points.at(-1);
    const walked =
      last === undefined ? 0 : last.at + (distance(last, { latitude, longitude }) / WALKING) * 1000;
    points.push({ latitude, longitude, altitude, at: time === undefined ? walked : time - (start ?? time) });
  }
  return points;
}

/** ISO 8601 as GPX has it, in UTC. */
function parseTime(text: string | undefined): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?Z?$/.exec(text ?? '');
  if (match === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const millisecond = Number((match[7] ?? '0').padEnd(3, '0'));
  return epochMs({ year, month, day, hour, minute, second, millisecond });
}

function between(before: Waypoint, after: Waypoint, share: number): Position {
  const mix = (from: number, to: number) => from + (to - from) * share;
  return {
    latitude: mix(before.latitude, after.latitude),
    longitude: mix(before.longitude, after.longitude),
    altitude: mix(before.altitude ?? 0, after.altitude ?? 0),
    speed: (distance(before, after) / (after.at - before.at)) * 1000,
    course: bearing(before, after),
  };
}

function distance(from: Position, to: Position): number {
  const north = (to.latitude - from.latitude) * DEGREE;
  const east = (to.longitude - from.longitude) * DEGREE * Math.cos(from.latitude * DEGREE);
  return EARTH_RADIUS * Math.hypot(north, east);
}

function bearing(from: Position, to: Position): number {
  const north = to.latitude - from.latitude;
  const east = (to.longitude - from.longitude) * Math.cos(from.latitude * DEGREE);
  return (Math.atan2(east, north) / DEGREE + 360) % 360;
}
