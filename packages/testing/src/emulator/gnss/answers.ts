import { padded } from '../../calendar.js';
import { DILUTION, dateField, degreesAndMinutes, type Fix, knots, timeField } from './nmea.js';
import { SKY, SYSTEMS, type System } from './sky.js';
import type { Position } from './track.js';

/** Fields of `+CGPSINFO`, `+CGNSSINFO` of the two families, when there is no fix. */
const POSITION_FIELDS = 9;
const A76XX_FIELDS = 17;
const SIM7600_FIELDS = 16;

/** The systems whose satellites SIM7600 counts, in its order. */
const COUNTED: readonly System[] = ['GPS', 'GLONASS', 'BeiDou'];

/** `+CGPSINFO: <lat>,<N/S>,<log>,<E/W>,<date>,<UTC time>,<alt>,<speed>,<course>` (AT command manual, 24.2.11). */
export function positionLine({ at, position }: Fix, timeDigits: number): string {
  const fields =
    position === undefined
      ? empty(POSITION_FIELDS)
      : [...sexagesimal(position), dateField(at), timeField(at, timeDigits), ...motion(position)];
  return `+CGPSINFO: ${fields.join()}`;
}

/** `+CGNSSINFO` of A76XX modules sold abroad: the satellites of four systems, decimal degrees (AT command manual, 24.2.10). */
export function a76xxLine({ at, position, systems }: Fix): string {
  if (position === undefined) return `+CGNSSINFO: ${empty(A76XX_FIELDS).join()}`;
  const { latitude, longitude } = position;
  const place = [
    Math.abs(latitude).toFixed(7),
    latitude < 0 ? 'S' : 'N',
    Math.abs(longitude).toFixed(7),
    longitude < 0 ? 'W' : 'E',
  ];
  const seen = [3, ...SYSTEMS.map((system) => inView(system, systems))];
  const fields = [...seen, ...place, dateField(at), timeField(at, 2), ...motion(position), ...dilution()];
  return `+CGNSSINFO: ${fields.join()}`;
}

/** `+CGNSSINFO` of SIM7600: three systems, degrees and minutes (SIM7600 manual). */
export function sim7600Line({ at, position, systems }: Fix): string {
  if (position === undefined) return `+CGNSSINFO: ${empty(SIM7600_FIELDS).join()}`;
  const seen = [3, ...COUNTED.map((system) => inView(system, systems))];
  const fields = [
    ...seen,
    ...sexagesimal(position),
    dateField(at),
    timeField(at, 1),
    ...motion(position),
    ...dilution(),
  ];
  return `+CGNSSINFO: ${fields.join()}`;
}

function inView(system: System, systems: readonly System[]): string {
  return padded(systems.includes(system) ? SKY[system].length : 0);
}

function sexagesimal({ latitude, longitude }: Position): string[] {
  return [
    degreesAndMinutes(latitude, 2, 6),
    latitude < 0 ? 'S' : 'N',
    degreesAndMinutes(longitude, 3, 6),
    longitude < 0 ? 'W' : 'E',
  ];
}

function motion(position: Position): string[] {
  const { altitude = 0, course = 0 } = position;
  return [altitude.toFixed(1), knots(position).toFixed(1), course.toFixed(1)];
}

function dilution(): number[] {
  return [DILUTION.position, DILUTION.horizontal, DILUTION.vertical];
}

function empty(fields: number): string[] {
  return new Array<string>(fields).fill('');
}
