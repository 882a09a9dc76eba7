import { civilTime, padded } from '../../calendar.js';
import type { Position } from './track.js';

/** What a receiver knows at one moment. */
export interface Fix {
  /** ms since 1970, UTC. */
  readonly at: number;
  /** Undefined while there is no fix. */
  readonly position: Position | undefined;
}

/** A satellite as the sky of the emulator has it. */
interface Satellite {
  readonly id: number;
  readonly elevation: number;
  readonly azimuth: number;
  readonly strength: number;
}

/** The satellites of GPS that are seen. The sky stands still: no program has use for their orbits. */
const SATELLITES: readonly Satellite[] = [
  { id: 2, elevation: 24, azimuth: 140, strength: 31 },
  { id: 4, elevation: 16, azimuth: 180, strength: 25 },
  { id: 5, elevation: 45, azimuth: 58, strength: 34 },
  { id: 7, elevation: 19, azimuth: 48, strength: 29 },
  { id: 9, elevation: 33, azimuth: 253, strength: 33 },
  { id: 15, elevation: 64, azimuth: 251, strength: 33 },
  { id: 21, elevation: 25, azimuth: 315, strength: 29 },
  { id: 26, elevation: 68, azimuth: 23, strength: 37 },
  { id: 27, elevation: 32, azimuth: 164, strength: 30 },
];

/** How many satellites of GPS take part. */
export const SATELLITES_USED = SATELLITES.length;

/** Dilution of precision: of position, horizontal, vertical. */
export const DILUTION = { position: 1.1, horizontal: 0.8, vertical: 0.7 };

const KNOTS = 3600 / 1852;
const KILOMETRES_AN_HOUR = 3.6;

/** Satellites in one GSV sentence. */
const PER_SENTENCE = 4;

/** Kinds of sentences, in the order of `AT+CGNSSNMEA` (AT command manual, 24.2.8). */
export const SENTENCES = ['GGA', 'GLL', 'GSA', 'GSV', 'RMC', 'VTG', 'ZDA', 'GST'] as const;

export type Sentence = (typeof SENTENCES)[number];

/** The sentences of one kind, with checksum, without their line ends (GNSS application note, 3; NMEA 0183). */
export function nmea(kind: Sentence, fix: Fix): string[] {
  const { at, position } = fix;
  const time = position === undefined ? '' : timeField(at, 3);
  const place = placeFields(position);
  switch (kind) {
    case 'GGA': {
      const height =
        position === undefined ? ['', 'M', '', 'M'] : [(position.altitude ?? 0).toFixed(1), 'M', '0.0', 'M'];
      const quality =
        position === undefined ? [0, '00', ''] : [1, padded(SATELLITES_USED), DILUTION.horizontal];
      return [sentence('GPGGA', time, ...place, ...quality, ...height, '', '')];
    }
    case 'GLL':
      return [sentence('GPGLL', ...place, time, validity(position), mode(position))];
    case 'GSA': {
      const used = position === undefined ? [] : SATELLITES.map(({ id }) => padded(id));
      const channels = Array.from({ length: 12 }, (_, index) => used[index] ?? '');
      const { position: pdop, horizontal, vertical } = DILUTION;
      const quality = position === undefined ? ['', '', ''] : [pdop, horizontal, vertical];
      return [sentence('GPGSA', 'A', position === undefined ? 1 : 3, ...channels, ...quality)];
    }
    case 'GSV':
      return satellitesInView(position);
    case 'RMC': {
      const motion = position === undefined ? ['', ''] : [knots(position).toFixed(2), degrees(position)];
      const date = position === undefined ? '' : dateField(at);
      return [sentence('GPRMC', time, validity(position), ...place, ...motion, date, '', '', mode(position))];
    }
    case 'VTG': {
      if (position === undefined) return [sentence('GPVTG', '', 'T', '', 'M', '', 'N', '', 'K', 'N')];
      const speed = (position.speed ?? 0) * KILOMETRES_AN_HOUR;
      return [
        sentence(
          'GPVTG',
          degrees(position),
          'T',
          '',
          'M',
          knots(position).toFixed(2),
          'N',
          speed.toFixed(2),
          'K',
          'A',
        ),
      ];
    }
    case 'ZDA': {
      const { year, month, day } = civilTime(at);
      const date = position === undefined ? ['', '', ''] : [padded(day), padded(month), year];
      return [sentence('GPZDA', time, ...date, '', '')];
    }
    case 'GST': {
      const errors = position === undefined ? ['', '', ''] : ['1.2', '1.1', '2.0'];
      return [sentence('GPGST', time, position === undefined ? '' : '1.6', '', '', '', ...errors)];
    }
  }
}

/** Degrees and minutes, as NMEA and `AT+CGPSINFO` have them: `ddmm.mmmmmm`. */
export function degreesAndMinutes(value: number, degreeDigits: 2 | 3, digits: number): string {
  const scale = 10 ** digits;
  const total = Math.round(Math.abs(value) * 60 * scale);
  const whole = Math.floor(total / (60 * scale));
  const minutes = (total - whole * 60 * scale) / scale;
  return padded(whole, degreeDigits) + minutes.toFixed(digits).padStart(3 + digits, '0');
}

/** `hhmmss.sss`. */
export function timeField(at: number, digits: number): string {
  const { hour, minute, second, millisecond } = civilTime(at);
  return `${[hour, minute, second].map((value) => padded(value)).join('')}.${padded(millisecond, 3).slice(0, digits)}`;
}

/** `ddmmyy`. */
export function dateField(at: number): string {
  const { year, month, day } = civilTime(at);
  return [day, month, year % 100].map((value) => padded(value)).join('');
}

export function knots({ speed = 0 }: Position): number {
  return speed * KNOTS;
}

function degrees({ course = 0 }: Position): string {
  return course.toFixed(2);
}

function placeFields(position: Position | undefined): string[] {
  if (position === undefined) return ['', '', '', ''];
  const { latitude, longitude } = position;
  return [
    degreesAndMinutes(latitude, 2, 4),
    latitude < 0 ? 'S' : 'N',
    degreesAndMinutes(longitude, 3, 4),
    longitude < 0 ? 'W' : 'E',
  ];
}

function satellitesInView(position: Position | undefined): string[] {
  if (position === undefined) return [sentence('GPGSV', 1, 1, '00')];
  const count = Math.ceil(SATELLITES.length / PER_SENTENCE);
  return Array.from({ length: count }, (_, index) => {
    const shown = SATELLITES.slice(index * PER_SENTENCE, (index + 1) * PER_SENTENCE).flatMap(
      ({ id, elevation, azimuth, strength }) => [
        padded(id),
        padded(elevation),
        padded(azimuth, 3),
        padded(strength),
      ],
    );
    return sentence('GPGSV', count, index + 1, padded(SATELLITES.length), ...shown);
  });
}

function validity(position: Position | undefined): string {
  return position === undefined ? 'V' : 'A';
}

function mode(position: Position | undefined): string {
  return position === undefined ? 'N' : 'A';
}

function sentence(...fields: (string | number)[]): string {
  const body = fields.join();
  let checksum = 0;
  for (let at = 0; at < body.length; at++) checksum ^= body.charCodeAt(at);
  return `$${body}*${checksum.toString(16).toUpperCase().padStart(2, '0')}`;
}
