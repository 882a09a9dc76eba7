import { describe, expect, test } from 'vitest';
import { ERROR, OK, open, unit } from '../../../test/console.js';
import { gpxTrack, standing } from '../gnss/track.js';
import { sim7600 } from '../profiles/sim7600.js';
import { instant, recorded } from '../timing.js';

const BERLIN = standing({ latitude: 52.5219, longitude: 13.4132, altitude: 34.2, speed: 10, course: 45 });
const READY = unit('+CGNSSPWR: READY!');

function start(options: Parameters<typeof open>[0] = {}) {
  const console = open({ surroundings: { position: BERLIN }, ...options });
  console.at('+CGNSSPWR=1');
  return console;
}

describe('A76XX (AT command manual V1.09, 24)', () => {
  test('nothing works before +CGNSSPWR: READY!, which takes its time', () => {
    const console = open({ timing: { ...instant, gnss: recorded.gnss } });
    expect(console.at('+CGNSSINFO')).toBe(ERROR);
    expect(console.at('+CGNSSPWR=1')).toBe(OK);
    expect(console.wait(7_799)).toBe('');
    expect(console.at('+CGPSINFO')).toBe(ERROR);
    expect(console.wait(1)).toBe(READY);
    expect(console.at('+CGNSSPWR?')).toBe(unit('+CGNSSPWR: 1,0,1,0') + OK);
  });

  test('the first fix takes longer when it is cold; the next start is hot', () => {
    const console = open({ timing: { ...instant, gnss: recorded.gnss } });
    console.at('+CGNSSPWR=1');
    console.wait(7_800);
    const fixed = () => !console.at('+CGPSINFO').includes(',,,,,,,,');
    expect(fixed()).toBe(false);
    console.wait(29_999);
    expect(fixed()).toBe(false);
    console.wait(1);
    expect(fixed()).toBe(true);
    console.at('+CGNSSPWR=0');
    console.at('+CGNSSPWR=1');
    console.wait(8_800);
    expect(fixed()).toBe(true);
    console.at('+CGPSCOLD');
    expect(fixed()).toBe(false);
    console.at('+CGPSWARM');
    console.wait(25_000);
    expect(fixed()).toBe(true);
  });

  test('AT+CGNSSINFO and AT+CGPSINFO', () => {
    const console = start();
    expect(console.at('+CGNSSINFO')).toBe(
      unit(
        '+CGNSSINFO: 3,09,05,00,00,52.5219000,N,13.4132000,E,010170,000000.00,34.2,19.4,45.0,1.1,0.8,0.7',
      ) + OK,
    );
    expect(console.at('+CGPSINFO')).toBe(
      unit('+CGPSINFO: 5231.314000,N,01324.792000,E,010170,000000.00,34.2,19.4,45.0') + OK,
    );
  });

  test('indoors there is no fix, and no position', () => {
    const console = start({ surroundings: { position: undefined } });
    expect(console.at('+CGNSSINFO')).toBe(unit('+CGNSSINFO: ,,,,,,,,,,,,,,,,') + OK);
    expect(console.at('+CGPSINFO')).toBe(unit('+CGPSINFO: ,,,,,,,,') + OK);
    console.module.control.surroundings.position = BERLIN;
    expect(console.at('+CGPSINFO')).toContain('5231.314000,N');
  });

  test('reports every so many seconds', () => {
    const console = start();
    console.at('+CGPSINFO=2');
    expect(console.wait(4_000).match(/\+CGPSINFO: /g)).toHaveLength(2);
    expect(console.at('+CGPSINFO?')).toBe(unit('+CGPSINFO: 2') + OK);
    console.at('+CGPSINFO=0');
    expect(console.wait(60_000)).toBe('');
    expect(console.at('+CGPSINFO=256')).toBe(ERROR);
  });

  test('sentences on the AT port, as many as are wanted and as often', () => {
    const console = start();
    console.at('+CGNSSPORTSWITCH=0,1');
    console.at('+CGNSSTST=1');
    const first = console.wait(1_000);
    expect(
      first
        .split('\r\n')
        .filter(Boolean)
        .map((line) => line.slice(1, 6)),
    ).toEqual([
      'GNGGA',
      'GNGLL',
      'GNGSA',
      'GNGSA',
      'GPGSV',
      'GPGSV',
      'GPGSV',
      'GBGSV',
      'GBGSV',
      'GNRMC',
      'GNVTG',
    ]);
    console.at('+CGNSSNMEA=0,0,0,0,1,0,0,0');
    console.at('+CGPSNMEARATE=5');
    expect(console.wait(1_000).match(/\$GNRMC/g)).toHaveLength(5);
    console.at('+CGNSSTST=0');
    expect(console.wait(10_000)).toBe('');
    expect(console.at('+CGPSNMEARATE=3')).toBe(ERROR);
    expect(console.at('+CGNSSNMEA=2')).toBe(ERROR);
  });

  test('a track is followed', () => {
    const track = gpxTrack('<trkpt lat="52" lon="13"/><trkpt lat="53" lon="13"/>');
    const console = start({ surroundings: { position: track } });
    const latitude = () => Number(/(\d+\.\d+),N/.exec(console.at('+CGNSSINFO'))?.[1]);
    console.wait(60_000);
    const before = latitude();
    console.wait(60_000);
    // 84 m further, walking.
    expect((latitude() - before) * 111_195).toBeCloseTo(84, 0);
  });

  test('a restart switches it off', () => {
    const console = start();
    console.module.control.restart();
    console.at('E0');
    expect(console.at('+CGNSSPWR?')).toBe(unit('+CGNSSPWR: 0,0,1,0') + OK);
  });

  test('there is no AT+CGPS', () => {
    expect(open().at('+CGPS=1')).toBe(ERROR);
  });
});

describe('SIM7600 (AT command manual V3.00)', () => {
  const begin = () => open({ profile: sim7600, surroundings: { position: BERLIN } });

  test('AT+CGPS starts and stops it; twice is refused', () => {
    const console = begin();
    expect(console.at('+CGPS=1')).toBe(OK);
    expect(console.at('+CGPS?')).toBe(unit('+CGPS: 1,1') + OK);
    expect(console.at('+CGPS=1')).toBe(ERROR);
    expect(console.at('+CGPS=0')).toBe(OK + unit('+CGPS: 0'));
    expect(console.at('+CGPSINFO')).toBe(unit('+CGPSINFO: ,,,,,,,,') + OK);
  });

  test('its answers have one digit after the seconds', () => {
    const console = begin();
    console.at('+CGPS=1,1');
    expect(console.at('+CGPSINFO')).toBe(
      unit('+CGPSINFO: 5231.314000,N,01324.792000,E,010170,000000.0,34.2,19.4,45.0') + OK,
    );
    expect(console.at('+CGNSSINFO')).toBe(
      unit('+CGNSSINFO: 3,09,03,05,5231.314000,N,01324.792000,E,010170,000000.0,34.2,19.4,45.0,1.1,0.8,0.7') +
        OK,
    );
  });

  test('AT+CGPSINFOCFG prints sentences on the AT port', () => {
    const console = begin();
    console.at('+CGPS=1');
    console.at('+CGPSINFOCFG=10,3');
    expect(
      console
        .wait(10_000)
        .split('\r\n')
        .filter(Boolean)
        .map((line) => line.slice(0, 6)),
    ).toEqual(['$GPGGA', '$GPRMC']);
    expect(console.at('+CGPSINFOCFG?')).toBe(unit('+CGPSINFOCFG: 10,3') + OK);
  });

  test('AT+CGPSAUTO=1 starts it with the module', () => {
    const console = begin();
    console.at('+CGPSAUTO=1');
    console.module.control.restart();
    console.at('E0');
    expect(console.at('+CGPS?')).toBe(unit('+CGPS: 1,1') + OK);
    console.at('+CGPSAUTO=0');
    console.module.control.restart();
    console.at('E0');
    expect(console.at('+CGPS?')).toBe(unit('+CGPS: 0,1') + OK);
  });

  test('there is no AT+CGNSSPWR', () => {
    expect(begin().at('+CGNSSPWR=1')).toBe(ERROR);
  });
});
