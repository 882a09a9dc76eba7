import { addressOf } from '../../networks/mobile/tpdu/address.js';
import type { Behaviour } from '../at/behaviour.js';
import { ok, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import { characterSetOf, fromHost, numberFromHost, toHost } from '../mobile/character-set.js';
import { subscriberOf } from '../mobile/subscriber.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';

interface Entry {
  readonly number: string;
  readonly name: string;
}

/** Places of each phonebook (AT command manual, 8.2). */
const SIZES: Readonly<Record<string, number>> = { SM: 500, FD: 10, ON: 2, AP: 500 };
const LONGEST_NUMBER = 40;
const LONGEST_NAME = 14;

class Phonebooks {
  /** `AT+CPBS`, which a restart forgets. */
  selected = 'SM';
  readonly books = new Map<string, Map<number, Entry>>(Object.keys(SIZES).map((name) => [name, new Map()]));
}

const phonebooksOf = perModule((module) => {
  const phonebooks = new Phonebooks();
  module.watchPower((power) => {
    if (power === 'off') phonebooks.selected = 'SM';
  });
  return phonebooks;
});

/** Phonebooks (AT command manual, 8.2). */
export const phonebook: readonly Behaviour[] = [
  {
    command: '+CPBS',
    test: () =>
      ok(
        `+CPBS: (${Object.keys(SIZES)
          .map((name) => `"${name}"`)
          .join()})`,
      ),
    read: (_, module) => ok(`+CPBS: "${phonebooksOf(module).selected}",${book(module).size},${size(module)}`),
    execute: (_, module) => {
      phonebooksOf(module).selected = 'SM';
      return ok();
    },
    write: ({ values: [name = ''] }, module) => {
      if (SIZES[name] === undefined) return refuse();
      phonebooksOf(module).selected = name;
      return ok();
    },
  },
  {
    command: '+CPBR',
    test: (_, module) => ok(`+CPBR: (1-${size(module)}),${LONGEST_NUMBER},${LONGEST_NAME}`),
    write: ({ values: [fromText, toText] }, module) => {
      const from = number(fromText, 1, size(module));
      const to = optional(toText, 1, size(module), from ?? 0);
      if (from === undefined || to === undefined) return refuse();
      return listing('+CPBR', module, (index) => index >= from && index <= to);
    },
  },
  {
    command: '+CPBF',
    test: () => ok(`+CPBF: ${LONGEST_NUMBER},${LONGEST_NAME}`),
    write: ({ values: [typed = ''] }, module) => {
      const wanted = fromHost(typed, characterSetOf(module).current) ?? typed;
      return listing('+CPBF', module, (_, { name }) => name.includes(wanted));
    },
  },
  {
    command: '+CPBW',
    test: (_, module) => ok(`+CPBW: (1-${size(module)}),${LONGEST_NUMBER},(129,145,161,177),${LONGEST_NAME}`),
    write: ({ values }, module) => write(values, module),
  },
];

function size(module: Module): number {
  return SIZES[phonebooksOf(module).selected] ?? 0;
}

/** The entries of the selected phonebook; that of own numbers shows the SIM's. */
function book(module: Module): Map<number, Entry> {
  const { selected, books } = phonebooksOf(module);
  const entries = books.get(selected) ?? new Map<number, Entry>();
  if (selected === 'ON' && entries.size === 0) {
    entries.set(1, { number: subscriberOf(module).attachment.number, name: '' });
  }
  return entries;
}

function listing(command: string, module: Module, wanted: (index: number, entry: Entry) => boolean): Reply {
  const { current } = characterSetOf(module);
  const entries = [...book(module)]
    .filter(([index, entry]) => wanted(index, entry))
    .sort(([one], [other]) => one - other);
  return ok(
    ...entries.map(([index, { number: digits, name }]) => {
      const { type } = addressOf(digits);
      return `${command}: ${index},"${digits}",${type},"${toHost(name, current)}"`;
    }),
  );
}

function write([indexText = '', typed, type, typedName = '']: readonly string[], module: Module): Reply {
  const entries = book(module);
  const free = Array.from({ length: size(module) }, (_, at) => at + 1).find((at) => !entries.has(at));
  const index = indexText === '' ? free : number(indexText, 1, size(module));
  if (index === undefined) return refuse();
  if (typed === undefined) {
    entries.delete(index);
    return ok();
  }
  const { current } = characterSetOf(module);
  const digits = numberFromHost(typed, current);
  const name = fromHost(typedName, current);
  if (optional(type, 128, 255, 129) === undefined || name === undefined || name.length > LONGEST_NAME)
    return refuse();
  if (!/^\+?[\d*#]+$/.test(digits) || digits.length > LONGEST_NUMBER) return refuse();
  entries.set(index, { number: digits, name });
  return ok();
}
