import { standing, type Track } from '../gnss/track.js';

/** What the outside decides about a module: its SIM and the air around it. */
export interface Surroundings {
  /**
   * What `AT+CPIN?` tells: `READY`, `SIM PIN`, `SIM PUK` …, or the CME code that it fails with: 10 no
   * SIM, 13 failure, 14 busy. Default `READY`.
   */
  sim: SimState;
  /** What unlocks `SIM PIN` and `SIM PUK`. Default `1234` and `12345678`. */
  pin: string;
  /** Unlocks `SIM PUK`. Default `12345678`. */
  puk: string;
  /**
   * `<stat>` of `CREG`, `CGREG` and `CEREG` as the network has it: 1 home, 5 roaming, 2 searching, 0
   * none, 3 denied, 11 data only. Default 1.
   */
  registration: number;
  /** Signal as `AT+CSQ` tells it, 0 to 31 or 99. Default 23. */
  rssi: number;
  /** Whether the network gives a bearer to who is registered. Default true. */
  bearer: boolean;
  /** The name and the password that the network asks for (`AT+CGAUTH`). Default: none. */
  access: { readonly user: string; readonly password: string } | undefined;
  /**
   * Where the module is: `standing(…)`, `gpxTrack(…)`, or a function of time; undefined is indoors, where
   * there is no fix. Default: Alexanderplatz, Berlin.
   */
  position: Track | undefined;
  /** Of the supply, in V. Default 3.8. */
  voltage: number;
  /** Of the module, in degrees Celsius. Default 29. */
  temperature: number;
  /** The SIM's own number. Default: the next free one of the mobile network, from +12025550100 on. */
  number: string | undefined;
  /** Name of the operator, and its number as in `AT+CPSI?`. */
  operator: string;
  /** The operator's country and network code, for instance `001-01`. */
  plmn: string;
}

/** Of the SIM, or the CME code that asking for it gives. */
export type SimState = string | { readonly cme: number };

export const GOOD_SURROUNDINGS: Surroundings = {
  sim: 'READY',
  pin: '1234',
  puk: '12345678',
  registration: 1,
  rssi: 23,
  bearer: true,
  access: undefined,
  position: standing({ latitude: 52.5219, longitude: 13.4132, altitude: 34 }),
  voltage: 3.8,
  temperature: 29,
  number: undefined,
  operator: 'Test Network',
  plmn: '001-01',
};

/** A copy whose changes are told. */
export function observedSurroundings(
  from: Partial<Surroundings>,
  onChange: (key: keyof Surroundings) => void,
): Surroundings {
  return new Proxy(
    { ...GOOD_SURROUNDINGS, ...from },
    {
      set(target, key, value) {
        const changed = Reflect.get(target, key) !== value;
        Reflect.set(target, key, value);
        if (changed) onChange(key as keyof Surroundings);
        return true;
      },
    },
  );
}
