import { allFaults, FAULTS, type FaultGroup, type FaultKind, faultsOf } from '../emulator/faults/kinds.js';

/** Share of the opportunities at which a fault fires that is named without a rate. */
const DEFAULT_RATE = 0.01;

const GROUPS: readonly FaultGroup[] = [...new Set(Object.values(FAULTS))];

/**
 * Reads `conditions,lostAnswer=0.05`: kinds and groups of faults, each with its rate, 0.01 where none
 * is given. Later ones win. Throws a `RangeError` that names what is wrong.
 */
export function parseFaultRates(text: string): Partial<Record<FaultKind, number>> {
  const rates: Partial<Record<FaultKind, number>> = {};
  for (const part of text.split(',')) {
    const [name = '', given] = part.trim().split('=');
    const rate = given === undefined ? DEFAULT_RATE : Number(given);
    if (given === '' || !(rate >= 0 && rate <= 1)) {
      throw new RangeError(`The rate of ${name} must be a number from 0 to 1.`);
    }
    for (const kind of kindsOf(name)) rates[kind] = rate;
  }
  return rates;
}

function kindsOf(name: string): readonly FaultKind[] {
  const group = GROUPS.find((candidate) => candidate === name);
  if (group !== undefined) return faultsOf(group);
  const kind = allFaults().find((candidate) => candidate === name);
  if (kind !== undefined) return [kind];
  throw new RangeError(
    `There is no fault "${name}". Groups: ${GROUPS.join(', ')}; kinds: ${allFaults().join(', ')}.`,
  );
}
