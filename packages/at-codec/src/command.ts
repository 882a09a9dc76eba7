import { type Argument, commandLine } from './arguments.js';
import type { Line } from './decoder/line.js';
import { AtError } from './errors.js';

/** One command, ready to be sent, and how its answer is read. Plain data, usable again. */
export interface Command<R = unknown> {
  /** The command line without its final CR. */
  readonly text: string;
  /** The same for logs and messages, secrets hidden. */
  readonly label: string;
  /** The longest time from sending to the last line of the answer, in ms (manual). */
  readonly timeout: number;
  /** The link that the command is about. */
  readonly link?: number;
  /** What is sent at the prompt. */
  readonly payload?: Uint8Array;
  /** Success is `CONNECT`, after which the line is in data mode, instead of `OK`. */
  readonly connects?: boolean;
  /**
   * Dials, answers a call or resumes a connection (`ATD`, `ATA`, `ATO`): `OK` and `CONNECT` are success, and each
   * result of a call that came to nothing ends the command, too: `NO CARRIER`, `BUSY`, `NO ANSWER`, `NO DIALTONE`
   * (ITU-T V.250, 5.7.1).
   */
  readonly dials?: boolean;
  /** There is no good answer without a line: an `OK` alone belongs to an earlier command. */
  readonly answersWithLine?: boolean;
  /** Silence in ms to keep before and after the text, which goes out without a CR (`+++`). */
  readonly guard?: number;
  /** Whether a line is part of this command's answer, apart from its outcome. */
  readonly claims: (line: Line) => boolean;
  /** The line with the outcome, for commands that report one before or after `OK`. */
  readonly outcome?: Outcome;
  /** What `<err>` numbers mean for this command where it differs from the table. */
  readonly meanings?: Readonly<Record<number, string>>;
  /**
   * Asked at the moment at which the command would be sent: with an error it is not sent, and fails with it. For
   * commands that are worth nothing after a deadline, however long they waited for their turn.
   */
  readonly refusal?: () => Error | undefined;
  /** Makes the value of a complete answer; throws {@link unreadable} when it makes no sense. */
  readonly read: (answer: Answer) => R;
}

/** The line that says how a command ended, apart from its final result code. */
export interface Outcome {
  /** Whether a line is the outcome of this command. */
  readonly claims: (line: Line) => boolean;
  /** The `<err>` in the line; 0 is success. */
  readonly error: (line: Line) => number;
}

/** Everything that a command was answered. */
export interface Answer {
  /** The lines that the command claimed, in order. */
  readonly lines: readonly Line[];
  /** The line that {@link Outcome.claims} took. */
  readonly outcome: Line | undefined;
  /** The chunks of the length-prefixed blocks after claimed headers, in order. */
  readonly payload: readonly Uint8Array[];
  /**
   * Returns the block after one of the lines.
   *
   * @param header - One of `lines`.
   * @returns The chunks of its block, in order; none if no block followed.
   */
  payloadOf(header: Line): readonly Uint8Array[];
  /** The first claimed line; throws {@link unreadable} when there is none. */
  readonly line: Line;
}

/** What a page about a command says; the coverage table is generated from it. */
export interface CommandInfo {
  /** `+NETOPEN`, `E`, `&D`. */
  readonly name: string;
  /** Section of the application note, or chapter of the AT command manual (`manual 5`). */
  readonly section: string;
  /** The quirks that reading it takes care of. */
  readonly quirks?: readonly string[];
}

/** A command with its forms: call it for the main one (write or execute), or one of `forms`. */
export type Family<Main, Forms> = Main & Forms & { readonly info: CommandInfo };

/**
 * Makes one value of the forms of a command. A form that takes options throws `INVALID_ARGUMENT` when it is given
 * anything but an object.
 *
 * @param info - What the coverage table says about it.
 * @param main - The main form: write or execute.
 * @param forms - The other forms, by name: `read`, `test`.
 * @returns `main` with the forms and `info` as properties.
 */
export function family<Main extends (...args: never[]) => Command<unknown>, Forms>(
  info: CommandInfo,
  main: Main,
  forms: Forms,
): Family<Main, Forms> {
  const checked = (form: unknown) =>
    typeof form === 'function' ? withOptions(info.name, form as Form) : form;
  const others = Object.entries(forms as object).map(([name, form]) => [name, checked(form)]);
  return Object.assign(checked(main) as Main, Object.fromEntries(others) as Forms, { info });
}

type Form = (...args: readonly unknown[]) => unknown;

/** A form of a command that refuses anything but an object of options, where it has any. */
function withOptions(name: string, form: Form): Form {
  return (...args) => {
    const [options] = args;
    const isMissing = form.length > 0 && (typeof options !== 'object' || options === null);
    if (isMissing || options === null) {
      throw new AtError(
        'INVALID_ARGUMENT',
        `${name} needs an object with its values, not ${kindOf(options)}.`,
      );
    }
    return form(...args);
  };
}

/** The kind of a value for a message: its content may be a secret. */
function kindOf(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

/** The usual maximum response time in ms (AT command manual). */
export const QUICK = 9_000;
/** The maximum response time in ms of commands that reach into the network (AT command manual). */
export const NETWORK = 120_000;

/**
 * Makes a {@link Command} of a command line.
 *
 * @param line - The command line, as {@link commandLine} and {@link plainLine} make it.
 * @param details - What differs from a command that answers `OK` alone within {@link QUICK}.
 * @returns The command.
 */
export function command<R = void>(
  line: Argument,
  details?: Partial<Omit<Command<R>, 'text' | 'label' | 'read'>> & {
    readonly read?: (answer: Answer) => R;
  },
): Command<R> {
  const { text, label } = line;
  return { text, label, timeout: QUICK, claims: noLine, read: noValue as () => R, ...details };
}

const noLine = () => false;
const noValue = () => undefined;

/**
 * Makes a command line of a text without secrets.
 *
 * @param text - The command line without its final CR: `AT+CSQ`.
 * @returns The command line, with the text as its label.
 */
export function plainLine(text: string): Argument {
  return { text, label: text };
}

/**
 * Makes the execute form: `AT+NAME` alone, which does something or restores the default.
 *
 * @param name - The command: `+CRESET`.
 * @returns The command; its answer is `OK` alone.
 */
export function executeCommand(name: string): Command<void> {
  return command(commandLine(name));
}

/**
 * Makes the read form of a command that answers one line: `AT+NAME?`, `+NAME: …`.
 *
 * @param name - The command: `+CSQ`.
 * @param read - Reads the line.
 * @returns The command.
 */
export function readCommand<R>(name: string, read: (line: Line) => R): Command<R> {
  return command(plainLine(`AT${name}?`), {
    claims: (line) => line.name === name,
    read: ({ line }) => read(line),
  });
}

/**
 * Makes the read form of a command that answers any number of lines: `AT+NAME?`, `+NAME: …`.
 *
 * @param name - The command: `+CGPADDR`.
 * @param read - Reads one line.
 * @returns The command; its value has an entry for each line.
 */
export function listCommand<R>(name: string, read: (line: Line) => R): Command<readonly R[]> {
  return command(plainLine(`AT${name}?`), {
    claims: (line) => line.name === name,
    read: ({ lines }) => lines.map(read),
  });
}

/**
 * Makes the test form: `AT+NAME=?`, which lists the values that the command takes, in as many groups as
 * the firmware has. A line without a group in brackets is not about that.
 *
 * @param name - The command: `+CIPOPEN`.
 * @returns The command; its value is the text of each line after the name.
 */
export function testCommand(name: string): Command<readonly string[]> {
  return command(plainLine(`AT${name}=?`), {
    claims: (line) => line.name === name && line.text.includes('('),
    read: ({ lines }) => lines.map((line) => line.text.slice(name.length).replace(/^\s*:\s*/, '')),
  });
}

/**
 * Makes the error for an answer that was complete and makes no sense.
 *
 * @param what - What the module answered, to complete "The module answered …".
 * @returns An {@link AtError} with `UNREADABLE_ANSWER`.
 */
export function unreadable(what: string): AtError {
  return new AtError('UNREADABLE_ANSWER', `The module answered ${what}.`);
}

/** The first of the lines that a command claimed; throws {@link unreadable} when there is none. */
export function firstLine([line]: readonly Line[]): Line {
  if (line === undefined) throw unreadable('OK without the line that was asked for');
  return line;
}

/** The smallest and the largest value that a setting can have. */
export type Range = readonly [smallest: number, largest: number];

/**
 * Reads an integer.
 *
 * @param line - A line of an answer.
 * @param index - The field, from 0.
 * @param range - The smallest and the largest value. Where a value is sent back to the module, state it: a
 * damaged digit would otherwise become an argument that the command does not take.
 * @returns The integer.
 * @throws {@link AtError} with `UNREADABLE_ANSWER` when the field is no integer, or outside `range`.
 */
export function intField(line: Line, index: number, range?: Range): number {
  const value = line.int(index);
  if (Number.isNaN(value)) throw unreadable(`"${line.text}", where field ${index + 1} should be a number`);
  if (range !== undefined && (value < range[0] || value > range[1])) {
    throw unreadable(`"${line.text}", where field ${index + 1} should be ${range[0]} to ${range[1]}`);
  }
  return value;
}

/**
 * Reads a text.
 *
 * @param line - A line of an answer.
 * @param index - The field, from 0.
 * @returns The text without quotes.
 * @throws {@link AtError} with `UNREADABLE_ANSWER` when the field is missing.
 */
export function textField(line: Line, index: number): string {
  const value = line.field(index);
  if (value === undefined) throw unreadable(`"${line.text}", which has no field ${index + 1}`);
  return value;
}

/**
 * Encodes a command line.
 *
 * @param command - The command.
 * @returns Its text and, unless it is one between guard times, a CR.
 */
export function commandBytes({ text, guard }: Command<unknown>): Uint8Array {
  const length = guard === undefined ? text.length + 1 : text.length;
  const bytes = new Uint8Array(length).fill(0x0d, text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
