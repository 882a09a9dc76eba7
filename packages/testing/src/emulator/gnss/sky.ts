/** A satellite as the sky of the emulator has it. */
export interface Satellite {
  /** Its number in NMEA sentences. */
  readonly id: number;
  /** In degrees above the horizon. */
  readonly elevation: number;
  /** In degrees from north. */
  readonly azimuth: number;
  /** Carrier to noise density in dB-Hz. */
  readonly strength: number;
}

/** The systems of satellites, in the order in which `+CGNSSINFO` of A76XX counts them. */
export const SYSTEMS = ['GPS', 'BeiDou', 'GLONASS', 'Galileo'] as const;

export type System = (typeof SYSTEMS)[number];

/** The first two letters of a sentence about one system (NMEA 0183, 4.11). */
export const TALKERS: Readonly<Record<System, string>> = {
  GPS: 'GP',
  BeiDou: 'GB',
  GLONASS: 'GL',
  Galileo: 'GA',
};

/** Of a sentence about several systems. */
export const SEVERAL = 'GN';

/** The satellites that are seen. The sky stands still: no program has use for their orbits. */
export const SKY: Readonly<Record<System, readonly Satellite[]>> = {
  GPS: [
    { id: 2, elevation: 24, azimuth: 140, strength: 31 },
    { id: 4, elevation: 16, azimuth: 180, strength: 25 },
    { id: 5, elevation: 45, azimuth: 58, strength: 34 },
    { id: 7, elevation: 19, azimuth: 48, strength: 29 },
    { id: 9, elevation: 33, azimuth: 253, strength: 33 },
    { id: 15, elevation: 64, azimuth: 251, strength: 33 },
    { id: 21, elevation: 25, azimuth: 315, strength: 29 },
    { id: 26, elevation: 68, azimuth: 23, strength: 37 },
    { id: 27, elevation: 32, azimuth: 164, strength: 30 },
  ],
  BeiDou: [
    { id: 8, elevation: 41, azimuth: 76, strength: 32 },
    { id: 13, elevation: 52, azimuth: 118, strength: 35 },
    { id: 21, elevation: 37, azimuth: 302, strength: 30 },
    { id: 29, elevation: 61, azimuth: 214, strength: 36 },
    { id: 36, elevation: 22, azimuth: 15, strength: 27 },
  ],
  GLONASS: [
    { id: 68, elevation: 30, azimuth: 201, strength: 28 },
    { id: 77, elevation: 57, azimuth: 339, strength: 33 },
    { id: 78, elevation: 44, azimuth: 92, strength: 31 },
  ],
  Galileo: [
    { id: 3, elevation: 39, azimuth: 270, strength: 32 },
    { id: 8, elevation: 55, azimuth: 130, strength: 34 },
    { id: 15, elevation: 28, azimuth: 45, strength: 29 },
  ],
};

/** How many satellites of the systems take part in a fix. */
export function satellitesUsed(systems: readonly System[]): number {
  return systems.reduce((sum, system) => sum + SKY[system].length, 0);
}
