import { publicParameters } from './public-commands.js';
import { isProduct, isPublicText, RESULTS } from './public-words.js';
import { split } from './split.js';

/** Stands for a byte that was removed. */
export const REDACTED = '█';

/** As many placeholders as there are characters. */
export function hidden(text: string): string {
  return REDACTED.repeat(text.length);
}

/**
 * A command line, or a line that a module printed, with everything removed that is not known to be
 * public. Command names, results, and the numbers and words that the protocol defines stay; each
 * other character is replaced, so that lengths remain visible.
 *
 * The list is of what is public (`public-commands.ts`, `public-words.ts`): a line that is not
 * understood, or a damaged one, is removed whole.
 *
 * @param line a line of a trace or of a recording
 * @returns the line without secrets, of the same length
 */
export function redactLine(line: string): string {
  const [, before = '', text = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(line) ?? [];
  return before + redacted(text) + after;
}

function redacted(text: string): string {
  if (text === '' || RESULTS.test(text) || isProduct(text)) return text;
  return (
    commandLine(text) ?? error(text) ?? information(text) ?? header(text) ?? position(text) ?? hidden(text)
  );
}

/** `AT+NAME=…;+NAME?`, also as an echo. */
function commandLine(text: string): string | undefined {
  const at = /^AT/i.exec(text)?.[0];
  if (at === undefined) return undefined;
  const rest = text.slice(at.length);
  const dial = /^D/i.test(rest);
  if (dial) return at + rest[0] + hidden(rest.slice(1));
  const commands = split(rest, ';').map((command) => basic(command) ?? extended(command) ?? hidden(command));
  return at + commands.join(';');
}

/** `E0`, `&D1`, `S0=1`, `E0V1`: settings of one digit, and what may follow them directly. */
function basic(command: string): string | undefined {
  const [whole] =
    /^(?:[AEHILMOQVXZ]\d?|(?:[EHLMQVX]\d){2,}|&[CDFKSVWZ]\d?|S\d{1,2}(?:\?|=\d{1,3})|)(?=$|[+*^$#])/i.exec(
      command,
    ) ?? [undefined];
  if (whole === undefined || (whole === '' && command !== '')) return undefined;
  const rest = command.slice(whole.length);
  return rest === '' ? whole : whole + (extended(rest) ?? hidden(rest));
}

/** `+NAME`, `+NAME?`, `+NAME=?`, `+NAME=…`. */
function extended(command: string): string | undefined {
  const match = /^([+*^$#])([A-Z][A-Z0-9]*)(\s*(?:=\s*\?|\?)\s*$|\s*=\s*|$)(.*)$/is.exec(command);
  return match === null ? undefined : named(match);
}

/** `+NAME: …` as a module prints it. */
function information(text: string): string | undefined {
  const match = /^([+*^$#])([A-Z][A-Z0-9]*)(\s*:\s*|,)(.*)$/is.exec(text);
  return match === null ? undefined : named(match);
}

function named([, sign = '', name = '', joint = '', parameters = '']: RegExpExecArray): string | undefined {
  const known = publicParameters(name, joint.includes(':') ? 'line' : 'command');
  if (known === undefined) return undefined;
  return sign + name + joint + shown(parameters, known);
}

/** `+CME ERROR: …`, `+IP ERROR: …`: a number or words of the tables. */
function error(text: string): string | undefined {
  const [, prefix, reason = ''] = /^(\+(?:CM[ES]|IP) ERROR: ?)(.*)$/i.exec(text) ?? [];
  if (prefix === undefined) return undefined;
  return prefix + (isPublicText(reason) ? reason : hidden(reason));
}

/** Lines before pushed payload: `+IPD7`, `+RECEIVE,0,7:`, `RECV FROM:…`. */
function header(text: string): string | undefined {
  if (/^(?:\+IPD[(, ]?\d{1,5}\)?:?|\+RECEIVE,\d{1,2},\d{1,5}:?)$/.test(text)) return text;
  const [, prefix, address = ''] = /^(RECV FROM: ?)(.*)$/i.exec(text) ?? [];
  return prefix === undefined ? undefined : prefix + hidden(address);
}

/** `$GNRMC,…`: the kind of a sentence of a satellite receiver, without the position. */
function position(text: string): string | undefined {
  const [kind] = /^\$(?:G[ABLNPQ]|BD|QZ)[A-Z]{3},/.exec(text) ?? [];
  return kind === undefined ? undefined : kind + hidden(text.slice(kind.length));
}

/** The parameters of a command, each shown as its letter allows. */
function shown(parameters: string, known: string): string {
  if (parameters === '') return '';
  return split(parameters, ',')
    .map((value, index) =>
      isShown(value.trim(), known[index] ?? known.at(-1)) ? value : withoutContent(value),
    )
    .join(',');
}

/** A number, or a range, `(0-65535)`. */
const NUMBER = /^\(?-?\d{1,5}(?:-\d{1,5})?\)?$/;
const LONG_NUMBER = /^\(?-?\d{1,7}(?:-\d{1,7})?\)?$/;

function isShown(value: string, letter: string | undefined): boolean {
  if (value === '' || value === '""') return true;
  const isLong = letter === 'N' || letter === 'X';
  const number = (isLong ? LONG_NUMBER : NUMBER).test(value);
  const words = isPublicText(value.replace(/^\(?"?([^"]*)"?\)?$/, '$1'));
  switch (letter) {
    case 'n':
    case 'N':
      return number;
    case 'w':
      return words;
    case 'x':
    case 'X':
      return number || words;
    case 'v':
      return number || /^\d\.\d{1,3}V$/.test(value);
    case 'e':
      return /^\d{1,2}$/.test(value);
    case 'b':
      return /^(?:EUTRAN-)?BAND\d{1,3}$/.test(value);
    case 'o':
      return /^"?\d{5,6}"?$/.test(value);
    default:
      return false;
  }
}

/** A value with its quotes, and nothing between them. */
function withoutContent(value: string): string {
  const [, open, content = '', close] = /^(\s*")([^"]*)("\s*)$/s.exec(value) ?? [];
  return open === undefined || close === undefined ? hidden(value) : open + hidden(content) + close;
}
