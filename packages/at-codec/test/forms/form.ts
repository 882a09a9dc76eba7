import fc from 'fast-check';
import type { Command } from '../../src/command.js';

/** What a module answers to a command, as a printer of our own would put it, and what it means. */
export interface Reply<R> {
  /** Lines before the final result. */
  readonly lines?: readonly string[];
  /** The block after the last of them. */
  readonly block?: Uint8Array;
  /** The line with the outcome, before the final result or after it. */
  readonly outcome?: string;
  /** The final result; `OK` unless it is said. */
  readonly result?: string;
  readonly value: R;
}

/** A parameter of a command line: what stands between two commas. */
export type Parameter = string | number | undefined;

/** One form of one command, described a second time: everything that a test needs to know of it. */
export interface Form<A, R> {
  /** The name of the family in `src/index.ts`. */
  readonly family: string;
  /** `main`, or the name of the member. */
  readonly form: string;
  /** Legal arguments. */
  readonly args: fc.Arbitrary<A>;
  readonly make: (args: A) => Command<R>;
  /** The whole command line, or the parameters after its `=`. */
  readonly written: string | ((args: A) => readonly Parameter[]);
  /** Answers that a module may give. */
  readonly reply: (args: A) => fc.Arbitrary<Reply<R>>;
  /** URCs that have the very words of the answer, so that they are indistinguishable from it. */
  readonly lookalikes?: readonly string[];
}

/** Any {@link Form}; its parts fit together, whatever they are. */
export interface AnyForm {
  readonly family: string;
  readonly form: string;
  readonly lookalikes: readonly string[];
  /** Arguments, and an answer to the command that they make. */
  readonly sample: fc.Arbitrary<Sample>;
  readonly args: fc.Arbitrary<object>;
  readonly make: (args: object) => Command<unknown>;
  readonly written: (args: object) => string | readonly Parameter[];
}

/** A command made of random arguments, and a random legal answer to it, as plain data. */
export interface Sample {
  /** `family.form`. */
  readonly name: string;
  readonly args: object;
  readonly reply: Reply<unknown>;
}

/** Hides the types of a form, so that forms can be put in one list. */
export function form<A extends object, R>(described: Form<A, R>): AnyForm {
  const { family, form: name, args, make, written, reply, lookalikes = [] } = described;
  return {
    family,
    form: name,
    lookalikes,
    args,
    make: (given) => make(given as A),
    written: (given) => (typeof written === 'string' ? written : written(given as A)),
    sample: args.chain((given) =>
      reply(given).map((answered) => ({ name: `${family}.${name}`, args: given, reply: answered })),
    ),
  };
}

/** No arguments. */
export const none = fc.constant({});
export const int = (min: number, max: number) => fc.integer({ min, max });
export const link = int(0, 9);
export const port = int(1, 65_535);
export const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.constant('my_host'));
/** What fits between two quotes. */
export const text = (maxLength: number) =>
  fc.string({ maxLength, unit: fc.constantFrom(...'abcXYZ019 .,:+-_*/()#&=?@') });

/** `OK` alone. */
export const ok = () => fc.constant<Reply<void>>({ value: undefined });
/** One or more lines and `OK`. */
export const says = <R>(value: R, ...lines: readonly string[]): Reply<R> => ({ lines, value });
/** The outcome of success, before or after `OK`. */
export const ends = (outcome: string) => () => fc.constant<Reply<void>>({ outcome, value: undefined });

/** `AT+NAME=?`, in as many groups as a firmware likes. */
export function testForm(family: string, name: string, make: () => Command<readonly string[]>): AnyForm {
  const group = fc.constantFrom('(0-9)', '(0,1)', '(1-1500)', '("TCP","UDP")', '(0-3,5)');
  return form({
    family,
    form: 'test',
    args: none,
    make,
    written: `AT${name}=?`,
    reply: () =>
      fc
        .array(group, { maxLength: 8 })
        .map((groups) =>
          groups.length === 0 ? says([]) : says([groups.join(',')], `${name}: ${groups.join(',')}`),
        ),
  });
}

/** A form without arguments that is answered `OK` alone. */
export function plainForm(family: string, name: string, written: string, make: () => Command<void>): AnyForm {
  return form({ family, form: name, args: none, make, written, reply: ok });
}

/** `AT+NAME=n` and `AT+NAME?` of one number. */
export function numberForms(
  family: string,
  name: string,
  key: string,
  [min, max]: readonly [number, number],
  write: (args: never) => Command<void>,
  read: () => Command<number>,
): AnyForm[] {
  return [
    form({
      family,
      form: 'main',
      args: fc.record({ [key]: int(min, max) }),
      make: write as (args: Record<string, number>) => Command<void>,
      written: (args) => [args[key]],
      reply: ok,
    }),
    form({
      family,
      form: 'read',
      args: none,
      make: read,
      written: `AT${name}?`,
      reply: () => int(min, max).map((value) => says(value, `${name}: ${value}`)),
    }),
  ];
}

/** `AT+NAME=<0 or 1>` and `AT+NAME?`. */
export function toggleForms(
  family: string,
  name: string,
  key: string,
  write: (args: never) => Command<void>,
  read: () => Command<boolean>,
): AnyForm[] {
  return [
    form({
      family,
      form: 'main',
      args: fc.record({ [key]: fc.boolean() }),
      make: write as (args: Record<string, boolean>) => Command<void>,
      written: (args) => [Number(args[key])],
      reply: ok,
    }),
    form({
      family,
      form: 'read',
      args: none,
      make: read,
      written: `AT${name}?`,
      reply: () => fc.boolean().map((value) => says(value, `${name}: ${Number(value)}`)),
    }),
  ];
}
