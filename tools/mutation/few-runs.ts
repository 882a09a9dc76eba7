// Stands in for fast-check where mutants are judged: properties try a share of their inputs, and do not search for a
// small case, which takes most of the time where sources are instrumented.
import fc, { type IRawProperty, type Parameters } from 'fast-check';

/** How many inputs a property tries where it usually tries a hundred, and how many at the least. */
const { A7600_PROPERTY_PERCENT: percent = '100' } = process.env;
const AT_LEAST = 8;
/** How many inputs a property tries that does not say so. */
const USUAL = 100;

/** Takes the place of `fc.assert`. */
export function assert<Ts>(
  property: IRawProperty<Ts>,
  parameters: Parameters<Ts> = {},
): Promise<void> | void {
  const { numRuns = USUAL } = parameters;
  const share = Math.max(AT_LEAST, Math.ceil((numRuns * Number(percent)) / 100));
  return fc.assert(property, { ...parameters, numRuns: Math.min(numRuns, share), endOnFailure: true });
}

// biome-ignore lint/style/noDefaultExport: fast-check is used by its default export.
export default { ...fc, assert };
