// Properties that the tests try a few hundred times and `npm run fuzz` for as long as it is let.
import fc from 'fast-check';

/**
 * Something that holds for every input. Inputs are plain data (numbers, strings, booleans, arrays,
 * objects, `Uint8Array`s), so that one that fails can be stored and tried again; see
 * {@link encodeInput}.
 */
export interface Property {
  /** What holds, as a sentence. It names the property in the tests and in stored cases. */
  readonly name: string;
  readonly arbitrary: fc.Arbitrary<unknown>;
  /** Throws when it does not hold. */
  readonly check: (input: unknown) => void;
}

/** An input that once failed, kept so that it never fails again. */
export interface Regression {
  readonly property: string;
  readonly input: unknown;
}

/** What a package gives to the fuzzer: `test/properties/index.ts` exports `properties`. */
export interface PropertyModule {
  readonly properties: readonly Property[];
}

/** The seed of the runs inside `npm test`, which are the same every time. */
const SEED = 7600;

/** Makes a {@link Property}. */
export function property<T>(name: string, arbitrary: fc.Arbitrary<T>, check: (input: T) => void): Property {
  return { name, arbitrary, check: (input) => check(input as T) };
}

/** Tries the stored cases of a property, then `runs` random ones; throws with the smallest that fails. */
export function tryProperty(
  { name, arbitrary, check }: Property,
  regressions: readonly Regression[],
  runs = 150,
): void {
  for (const { input } of regressions.filter((stored) => stored.property === name)) check(decodeInput(input));
  fc.assert(fc.property(arbitrary, check), { seed: SEED, numRuns: runs });
}

/** The bytes and characters in an input: what a run has tried. */
export function sizeOf(input: unknown): number {
  if (input instanceof Uint8Array || typeof input === 'string') return input.length;
  if (typeof input !== 'object' || input === null) return 0;
  return Object.values(input).reduce<number>((sum, part) => sum + sizeOf(part), 0);
}

/** An input as JSON: what JSON cannot say stands in an object with one key that begins with `$`. */
export function encodeInput(input: unknown): unknown {
  if (input instanceof Uint8Array) return { $bytes: Buffer.from(input).toString('hex') };
  if (input === undefined) return { $undefined: true };
  if (typeof input === 'number' && (!Number.isFinite(input) || Object.is(input, -0))) {
    return { $number: Object.is(input, -0) ? '-0' : String(input) };
  }
  if (Array.isArray(input)) return input.map(encodeInput);
  if (typeof input === 'object' && input !== null) {
    return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, encodeInput(value)]));
  }
  if (typeof input === 'function' || typeof input === 'symbol' || typeof input === 'bigint') {
    throw new TypeError(`A ${typeof input} is not plain data: let the property make it from some.`);
  }
  return input;
}

/** What {@link encodeInput} has encoded. */
export function decodeInput(encoded: unknown): unknown {
  if (Array.isArray(encoded)) return encoded.map(decodeInput);
  if (typeof encoded !== 'object' || encoded === null) return encoded;
  const { $bytes, $number, $undefined } = encoded as Readonly<Record<string, unknown>>;
  if (typeof $bytes === 'string') return new Uint8Array(Buffer.from($bytes, 'hex'));
  if (typeof $number === 'string') return Number($number);
  if ($undefined === true) return undefined;
  return Object.fromEntries(Object.entries(encoded).map(([key, value]) => [key, decodeInput(value)]));
}
