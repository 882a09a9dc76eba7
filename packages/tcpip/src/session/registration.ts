/** Home or roaming; 6 and 11 are what data-only modules report. */
const REGISTERED = [1, 5, 6, 11];

/** Whether a module with that `<stat>` of `+CREG`, `+CGREG` or `+CEREG` can carry data. */
export function isRegistered(stat: number): boolean {
  return REGISTERED.includes(stat);
}

/** What a `<stat>` means, for messages. */
export function registrationText(stat: number): string {
  return MEANINGS[stat] ?? `state ${stat}`;
}

const MEANINGS: Readonly<Record<number, string>> = {
  0: 'not searching for a network',
  1: 'registered',
  5: 'registered, roaming',
  2: 'searching for a network',
  3: 'registration denied by the network',
  4: 'state of the registration unknown',
};
