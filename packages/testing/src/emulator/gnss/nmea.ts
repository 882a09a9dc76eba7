import { civilTime, padded } from '../../calendar.js';
import { SEVERAL, SKY, type System, satellitesUsed, TALKERS } from './sky.js';
import type { Position } from './track.js';

/** What a receiver knows at one moment. */
export interface Fix {
  /** ms since 1970, UTC. */
  readonly at: number;
  /** Undefined while there is no fix. */
  readonly position: Position | undefined;
  /** Whose satellites it uses. */
  readonly systems: readonly System[];
  /** The first two letters of its sentences, where they are not about one of the systems. */
  readonly talker: string;
}

/** Dilution of precision: of position, horizontal, vertical. */
export const DILUTION = { position: 1.1, horizontal: 0.8, vertical: 0.7 };

const KNOTS = 3600 / 1852;
const KILOMETRES_AN_HOUR = 3.6;

/** Satellites in one GSV sentence, and in one GSA sentence. */
const PER_SENTENCE = 4;
const CHANNELS = 12;

/** Kinds of sentences, in the order of `AT+CGNSSNMEA` (AT command manual, 24.2.8). */
export const SENTENCES = ['GGA', 'GLL', 'GSA', 'GSV', 'RMC', 'VTG', 'ZDA', 'GST'] as const;

export type Sentence = (typeof SENTENCES)[number];

/** The sentences of one kind, with checksum, without their line ends (GNSS application note, 3; NMEA 0183). */
export function nmea(kind: Sentence, fix: Fix): string[] {
  const { at, position, systems, talker } = fix;
  const time = position === undefined ? '' : timeField(at, 3);
  const place = placeFields(position);
  switch (kind) {
    case 'GGA': {
      const height =
        position === undefined ? ['', 'M', '', 'M'] : [(position.altitude ?? 0).toFixed(1), 'M', '0.0', 'M'];
      const quality =
        position === undefined ? [0, '00', ''] : [1, padded(satellitesUsed(systems)), DILUTION.horizontal];
      return [sentence(`${talker}GGA`, time, ...place, ...quality, ...height, '', '')];
    }
    case 'GLL':
      return [sentence(`${talker}GLL`, ...place, time, validity(position), mode(position))];
    case 'GSA':
      return systems.map((system) =>
        activeSatellites(systems.length > 1 ? SEVERAL : talker, system, position),
      );
    case 'GSV':
      return systems.flatMap((system) => satellitesInView(system, position));
    case 'RMC': {
      const motion = position === undefined ? ['', ''] : [knots(position).toFixed(2), degrees(position)];
      const date = position === undefined ? '' : dateField(at);
      return [
        sentence(`${talker}RMC`, time, validity(position), ...place, ...motion, date, '', '', mode(position)),
      ];
    }
    case 'VTG': {
      if (position === undefined) return [sentence(`${talker}VTG`, '', 'T', '', 'M', '', 'N', '', 'K', 'N')];
      const speed = (position.speed ?? 0) * KILOMETRES_AN_HOUR;
      return [
        sentence(
          `${talker}VTG`,
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
      return [sentence(`${talker}ZDA`, time, ...date, '', '')];
    }
    case 'GST': {
      const errors = position === undefined ? ['', '', ''] : ['1.2', '1.1', '2.0'];
      return [sentence(`${talker}GST`, time, position === undefined ? '' : '1.6', '', '', '', ...errors)];
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

function activeSatellites(talker: string, system: System, position: Position | undefined): string {
  const used = position === undefined ? [] : SKY[system].map(({ id }) => padded(id));
  const channels = Array.from({ length: CHANNELS }, (_, index) => used[index] ?? '');
  const { position: pdop, horizontal, vertical } = DILUTION;
  const quality = position === undefined ? ['', '', ''] : [pdop, horizontal, vertical];
  return sentence(`${talker}GSA`, 'A', position === undefined ? 1 : 3, ...channels, ...quality);
}

function satellitesInView(system: System, position: Position | undefined): string[] {
  const kind = `${TALKERS[system]}GSV`;
  const seen = SKY[system];
  if (position === undefined) return [sentence(kind, 1, 1, '00')];
  const count = Math.ceil(seen.length / PER_SENTENCE);
  return Array.from({ length: count }, (_, index) => {
    const shown = seen
      .slice(index * PER_SENTENCE, (index + 1) * PER_SENTENCE)
      .flatMap(({ id, elevation, azimuth, strength }) => [
        padded(id),
        padded(elevation),
        padded(azimuth, 3),
        padded(strength),
      ]);
    return sentence(kind, count, index + 1, padded(seen.length), ...shown);
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
