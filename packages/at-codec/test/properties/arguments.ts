import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Property, property } from '../../../../tools/properties.js';
import { isAtError } from '../../src/errors.js';
import { commandOf, formOf, forms, type Parameter, sample } from '../forms/index.js';

/** The parameters of a command line, read by a parser of our own. */
function parametersOf(text: string): Parameter[] {
  const equals = text.indexOf('=');
  if (equals < 0) return [];
  const parts = text.slice(equals + 1).match(/("[^"]*"|[^,"]*)(,|$)/g) ?? [];
  const values = parts.slice(0, -1).map((part) => part.replace(/,$/, ''));
  return values.map((value) => (value === '' ? undefined : /^-?\d+$/.test(value) ? Number(value) : value));
}

/** Things that no caller should pass, by name, so that a failing input can be stored. */
const HOSTILE: Readonly<Record<string, unknown>> = {
  'second command': '1;+CRESET',
  'line end': '1\rAT+CRESET\r',
  'line feed': '\nAT+CRESET',
  quote: 'a","b',
  'only a quote': '"',
  backslash: 'a\\22b',
  'Ctrl-Z': 'a\x1a',
  ESC: '\x1b',
  ETX: '\x03',
  NUL: '\0',
  'not ASCII': 'ü',
  'fullwidth quote': '＂',
  long: 'a'.repeat(5_000),
  empty: '',
  NaN: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  'minus zero': -0,
  'minus one': -1,
  half: 0.5,
  huge: 1e21,
  'a number as text': '1',
  null: null,
  true: true,
  undefined,
  array: [1, 2],
  object: { toString: () => '1;+CRESET' },
  'object that throws': {
    toString() {
      throw new Error('must not be called');
    },
    valueOf() {
      throw new Error('must not be called');
    },
  },
  'number object': Object(1),
  'string object': Object('x";+CRESET'),
  symbol: Symbol('x'),
  bigint: 1n,
  function: () => '1',
  bytes: new Uint8Array(2_000),
  'array of bytes': [1, 2, 3],
};

const withArgs = fc
  .constantFrom(...forms.map((_, index) => index))
  .chain((index) =>
    fc.record({ index: fc.constant(index), args: (forms[index] as (typeof forms)[number]).args }),
  );

/** `args` with the value at one place replaced, and the name of that place. */
function poisoned(
  args: object,
  place: number,
  value: unknown,
): { readonly name: string; readonly args: object } | undefined {
  const keys = Object.keys(args);
  const name = keys[place % Math.max(1, keys.length)];
  if (name === undefined) return undefined;
  const old = (args as Readonly<Record<string, unknown>>)[name];
  if (typeof old === 'object' && old !== null && !(old instanceof Uint8Array)) {
    const inner = poisoned(old, place, value);
    return inner === undefined ? undefined : { name: inner.name, args: { ...args, [name]: inner.args } };
  }
  return { name, args: { ...args, [name]: value } };
}

export const argumentProperties: readonly Property[] = [
  property(
    '8. parameters survive the trip into a command line',
    fc.record({ sample: sample() }),
    ({ sample: given }) => {
      const { text } = commandOf(given);
      const written = formOf(given).written(given.args);
      if (typeof written === 'string') assert.equal(text, written);
      else if (typeof written[0] === 'string' && /^AT/.test(written[0])) assert.equal(text, written[0]);
      else {
        const filled = [...written];
        while (filled.length > 0 && filled.at(-1) === undefined) filled.pop();
        assert.deepEqual(parametersOf(text), filled);
      }
    },
  ),

  property(
    '9. no argument of any type gets a second command, an early end or an escape into the line',
    fc.record({ made: withArgs, place: fc.nat(20), hostile: fc.constantFrom(...Object.keys(HOSTILE)) }),
    ({ made: { index, args }, place, hostile }) => {
      const form = forms[index] as (typeof forms)[number];
      const bad = poisoned(args, place, HOSTILE[hostile]);
      if (bad === undefined) return;
      try {
        const { text, label, payload } = form.make(bad.args);
        for (const line of [text, label]) {
          assert.match(line, /^(AT[ -~…]*|\+\+\+)$/);
          const bare = line.replaceAll(/"[^"\\]*"/g, '');
          assert.doesNotMatch(bare, /[";\\]/);
        }
        assert.doesNotMatch(text, /.CRESET.|;/);
        assert.ok(payload === undefined || payload instanceof Uint8Array);
      } catch (error) {
        if (!isAtError(error, 'INVALID_ARGUMENT')) throw error;
        assert.match(error.message, new RegExp(`^${bad.name} must be`));
      }
    },
  ),
];
