// Properties: the tests try each a few hundred times, `npm run fuzz` for a given time.
import fc from 'fast-check';

/**
 * A claim that holds for every input. Inputs are plain data (numbers, strings, booleans, arrays, objects,
 * `Uint8Array`s), so {@link encodeInput} can store one that failed, and the tests can replay it.
 */
export interface Property {
  /** The claim as a sentence. It names the property in the tests and in stored cases. */
  readonly name: string;
  readonly arbitrary: fc.Arbitrary<unknown>;
  /** Throws if the claim does not hold for the input. */
  readonly check: (input: unknown) => void;
}

/** An input that failed once. The tests replay it. */
export interface Regression {
  readonly property: string;
  /** The fault that the input found. */
  readonly note: string;
  readonly input: unknown;
}

/** The module of a package that the fuzzer loads: `test/properties/index.ts`. */
export interface PropertyModule {
  readonly properties: readonly Property[];
}

/** The seed in the tests: every run draws the same inputs. */
const SEED = 7600;

/** Makes a {@link Property}. */
export function property<T>(name: string, arbitrary: fc.Arbitrary<T>, check: (input: T) => void): Property {
  return { name, arbitrary, check: (input) => check(input as T) };
}

/** Tries the stored cases of a property, then `runs` random inputs. Throws with the smallest input that fails. */
export function tryProperty(
  { name, arbitrary, check }: Property,
  regressions: readonly Regression[],
  runs = 150,
): void {
  for (const { input } of regressions.filter((stored) => stored.property === name)) check(decodeInput(input));
  fc.assert(fc.property(arbitrary, check), { seed: SEED, numRuns: runs });
}

/** Returns the number of bytes and characters in an input. */
export function sizeOf(input: unknown): number {
  if (input instanceof Uint8Array || typeof input === 'string') return input.length;
  if (typeof input !== 'object' || input === null) return 0;
  return Object.values(input).reduce<number>((sum, part) => sum + sizeOf(part), 0);
}

/** Encodes an input as JSON: a value that JSON lacks becomes an object with one key that begins with `$`. */
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
    throw new TypeError(`A ${typeof input} is not plain data: let the property derive it from plain data.`);
  }
  return input;
}

/** Formats stored cases as JSON, one case a line, so that a diff shows each new one. */
export function formatRegressions(stored: readonly Regression[]): string {
  if (stored.length === 0) return '[]\n';
  return `[\n${stored.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`;
}

/** Decodes what {@link encodeInput} encoded. */
export function decodeInput(encoded: unknown): unknown {
  if (Array.isArray(encoded)) return encoded.map(decodeInput);
  if (typeof encoded !== 'object' || encoded === null) return encoded;
  const { $bytes, $number, $undefined } = encoded as Readonly<Record<string, unknown>>;
  if (typeof $bytes === 'string') return new Uint8Array(Buffer.from($bytes, 'hex'));
  if (typeof $number === 'string') return Number($number);
  if ($undefined === true) return undefined;
  return Object.fromEntries(Object.entries(encoded).map(([key, value]) => [key, decodeInput(value)]));
}
