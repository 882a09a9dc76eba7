import { describe, expect, test } from 'vitest';
import { degreesAndMinutes, nmea } from './nmea.js';
import { gpxTrack, standing } from './track.js';

const GPX = `<?xml version="1.0"?><gpx><trk><trkseg>
<trkpt lat="52.0" lon="13.0"><ele>30</ele><time>2024-02-29T12:00:00Z</time></trkpt>
<trkpt lon='13.0' lat='52.001'><ele>40.0</ele><time>2024-02-29T12:00:10.500Z</time></trkpt>
<trkpt lat="52.001" lon="13.001"/>
</trkseg></trk></gpx>`;

describe('a GPX track', () => {
  test('is followed at its own times, between its points', () => {
    const track = gpxTrack(GPX);
    expect(track.at(-1)).toMatchObject({ latitude: 52, altitude: 30 });
    const half = track.at(5_250);
    expect(half?.latitude).toBeCloseTo(52.0005, 9);
    expect(half?.altitude).toBeCloseTo(35);
    // A thousandth of a degree is 111 m.
    expect(half?.speed).toBeCloseTo(111.2 / 10.5, 1);
    expect(half?.course).toBe(0);
  });

  test('without times it is walked, and ends at its last point', () => {
    const track = gpxTrack(GPX);
    const later = track.at(20_000);
    expect(later?.course).toBeCloseTo(90, 5);
    expect(later?.speed).toBeCloseTo(1.4, 2);
    expect(track.at(1e9)).toMatchObject({ latitude: 52.001, longitude: 13.001 });
  });

  test('must have points', () => {
    expect(() => gpxTrack('<gpx/>')).toThrow('no track point');
  });
});

test.each([
  [31.2221, 2, 6, '3113.326000'],
  [121.35446, 3, 4, '12121.2676'],
  [-0.5, 3, 4, '00030.0000'],
  [9.99999999, 2, 4, '1000.0000'],
] as const)('%f degrees', (value, digits, decimals, text) => {
  expect(degreesAndMinutes(value, digits, decimals)).toBe(text);
});

describe('sentences (GNSS application note, 3)', () => {
  const GPS = { systems: ['GPS'], talker: 'GP' } as const;
  const at = Date.UTC(2010, 11, 17, 9, 43, 30);
  const position = standing({
    latitude: 31.22193,
    longitude: 121.35448,
    altitude: 36.9,
    speed: 0.2624,
    course: 193.93,
  }).at(0);

  test('the beginning of each, as the note has it', () => {
    expect(nmea('RMC', { at, position, ...GPS })).toEqual([
      '$GPRMC,094330.000,A,3113.3158,N,12121.2688,E,0.51,193.93,171210,,,A*68',
    ]);
    expect(nmea('GGA', { at, position, ...GPS })[0]).toMatch(
      /^\$GPGGA,094330\.000,3113\.3158,N,12121\.2688,E,1,09,0\.8,36\.9,M,/,
    );
    expect(nmea('GSV', { at, position, ...GPS })).toHaveLength(3);
  });

  test('without a fix they are empty, and say so', () => {
    const nothing = { at, position: undefined, ...GPS };
    expect(nmea('RMC', nothing)).toEqual(['$GPRMC,,V,,,,,,,,,,N*53']);
    expect(nmea('GGA', nothing)[0]).toMatch(/^\$GPGGA,,,,,,0,00,,,M,,M,,\*/);
    expect(nmea('GSV', nothing)).toEqual(['$GPGSV,1,1,00*79']);
  });

  test('checksums are right', () => {
    for (const kind of ['GGA', 'GLL', 'GSA', 'GSV', 'RMC', 'VTG', 'ZDA', 'GST'] as const) {
      for (const text of nmea(kind, { at, position, ...GPS })) {
        const [body = '', sum] = text.slice(1).split('*');
        expect([...body].reduce((total, character) => total ^ character.charCodeAt(0), 0)).toBe(
          Number.parseInt(sum ?? '', 16),
        );
      }
    }
  });
});
