import type { SimState, Surroundings } from '../emulator/radio/surroundings.js';
import type { Recorded } from './recorded.js';

/** What is said in words for `+CME ERROR` (3GPP TS 27.007, 9.2), where errors are in words. */
const SIM_ERRORS: readonly (readonly [RegExp, SimState])[] = [
  [/SIM not inserted|^10$/i, { cme: 10 }],
  [/SIM PIN required|^11$/i, 'SIM PIN'],
  [/SIM PUK required|^12$/i, 'SIM PUK'],
  [/SIM failure|^13$/i, { cme: 13 }],
  [/SIM busy|^14$/i, { cme: 14 }],
];

/**
 * What the SIM said.
 *
 * @param recorded The conversation.
 * @returns its state; ready if it was not asked.
 */
export function simOf(recorded: Recorded): SimState {
  const state = recorded.valueOf(['AT+CPIN?'], '+CPIN', 'first');
  if (state !== undefined) return state;
  const error = recorded.valueOf(['AT+CPIN?'], '+CME ERROR', 'first') ?? '';
  return SIM_ERRORS.find(([pattern]) => pattern.test(error))?.[1] ?? 'READY';
}

/**
 * What the module said of its network, its supply and its temperature.
 *
 * @param recorded The conversation.
 * @returns what it said; what it was not asked is left out.
 */
export function surroundingsOf(recorded: Recorded): Partial<Surroundings> {
  const registration = registrationOf(recorded);
  const numberIn = (command: string, name: string) => {
    const value = Number.parseFloat(recorded.valueOf([command], name) ?? '');
    return Number.isNaN(value) ? undefined : value;
  };
  const rssi = numberIn('AT+CSQ', '+CSQ');
  const voltage = numberIn('AT+CBC', '+CBC');
  const temperature = numberIn('AT+CPMUTEMP', '+CPMUTEMP');
  const opening = recorded.after('AT+NETOPEN');
  const isRefused = opening.some((line) => /ERROR/.test(line) || /^\+NETOPEN: ?[1-9]/.test(line));
  return {
    ...(registration !== undefined && { registration }),
    ...(rssi !== undefined && { rssi }),
    ...(voltage !== undefined && { voltage }),
    ...(temperature !== undefined && { temperature }),
    ...(isRefused && { bearer: false }),
  };
}

/** `<stat>` of the three commands: the one with which a module carries data, else what the last one said. */
function registrationOf(recorded: Recorded): number | undefined {
  const stats = ['CEREG', 'CGREG', 'CREG'].flatMap((name) => {
    const stat = Number(recorded.valueOf([`AT+${name}?`], `+${name}`)?.split(',')[1] ?? Number.NaN);
    return Number.isNaN(stat) ? [] : [stat];
  });
  return (
    stats.find((stat) => [1, 5, 6, 7, 11].includes(stat)) ?? stats.find((stat) => stat === 3) ?? stats[0]
  );
}
