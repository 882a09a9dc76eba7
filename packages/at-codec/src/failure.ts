import type { Command } from './command.js';
import type { Line } from './decoder/line.js';
import { cmeErrors, describe, ipErrors, numberOf, socketAdvice, socketErrors } from './error-tables.js';
import { AtError, type AtErrorCode } from './errors.js';

/**
 * Creates the error for a refused command.
 *
 * @param reason - The line that explains the refusal (the outcome, `+IP ERROR`, `+CIPERROR`), or
 * `final` if no line does.
 * @param lines - The lines that the command claimed before `final`: without another reason, they may
 * have it in a form that only the service knows (`+CMQTTREL: 0,20`).
 */
export function failure(
  command: Command<unknown>,
  reason: Line,
  final: Line,
  lines: readonly Line[] = [],
): AtError {
  const { code, number, text, advice } = explain(command, reason);
  const link = command.link === undefined ? '' : ` on link ${command.link}`;
  const said = reason === final ? lines : [reason];
  const answer = [...said, final].map((line) => line.text).join(' / ');
  const message = `${command.label} failed${link}: ${text} (the module answered "${answer}").`;
  return new AtError(code, advice === undefined ? message : `${message} ${advice}`, {
    command: command.label,
    answer,
    ...(command.link === undefined ? {} : { link: command.link }),
    ...(number === undefined ? {} : { number }),
  });
}

/**
 * Whether the line has words of the first table of errors, be it after `+IP ERROR:` or, as in
 * old firmware, in place of what was asked for.
 */
export function saysIpError(line: Line): boolean {
  return line.name === '+IP ERROR' || numberOf(ipErrors, words(line)) !== undefined;
}

/** The results of a call that came to nothing (ITU-T V.250, 5.7.1), apart from `NO CARRIER`. */
const NO_CALL: ReadonlyMap<string, string> = new Map([
  ['BUSY', 'the other side is busy'],
  ['NO ANSWER', 'the other side does not answer'],
  ['NO DIALTONE', 'there is no line to dial on'],
]);

/** Whether the line is the result of a call that came to nothing. */
export function saysNoCall(line: Line): boolean {
  return NO_CALL.has(line.text);
}

interface Explanation {
  readonly code: AtErrorCode;
  readonly number?: number | undefined;
  readonly text: string;
  readonly advice?: string | undefined;
}

function explain(command: Command<unknown>, reason: Line): Explanation {
  const noCall = NO_CALL.get(reason.text);
  if (noCall !== undefined) return { code: 'NO_CARRIER', text: noCall };
  if (reason.kind !== 'result') {
    if (reason.name === '+CIPERROR') return socketError(command, reason.int(0));
    if (saysIpError(reason)) return ipError(reason);
    return socketError(command, command.outcome?.error(reason) ?? Number.NaN);
  }
  if (reason.name === '+CME ERROR' || reason.name === '+CMS ERROR') return cmeError(reason);
  if (reason.name === 'ERROR') return NO_REASON;
  return { code: 'NO_CARRIER', text: 'there is no connection' };
}

const NO_REASON: Explanation = { code: 'REFUSED', text: 'the module gave no reason' };
const NO_NUMBER: Explanation = { code: 'UNREADABLE_ANSWER', text: 'its result has no number' };

function socketError(command: Command<unknown>, number: number): Explanation {
  if (Number.isNaN(number)) return NO_NUMBER;
  const meaning = command.meanings?.[number];
  if (meaning !== undefined) return { code: 'SOCKET_ERROR', number, text: meaning };
  return {
    code: 'SOCKET_ERROR',
    number,
    text: describe(socketErrors, number),
    advice: socketAdvice[number],
  };
}

/** The text decides where there is one: numbers from 21 on differ between documents. */
function ipError(reason: Line): Explanation {
  const written = reason.int(0);
  const number = Number.isNaN(written) ? numberOf(ipErrors, words(reason)) : written;
  if (number === undefined) return { code: 'IP_ERROR', text: words(reason) };
  const doubt = written > 20 ? ', or something else: documents differ on this number' : '';
  return { code: 'IP_ERROR', number, text: describe(ipErrors, number) + doubt };
}

/** `13`, `SIM failure`, or a text with its number after it: `… (#33)`. */
function cmeError(reason: Line): Explanation {
  const text = words(reason);
  const marked = /\(#(\d+)\)$/.exec(text)?.[1];
  const written = marked === undefined ? reason.int(0) : Number(marked);
  const number = Number.isNaN(written) ? numberOf(cmeErrors, text) : written;
  const known = number === undefined ? undefined : cmeErrors[number as keyof typeof cmeErrors];
  const both = known === undefined || numberOf(cmeErrors, text) !== undefined ? text : `${text}, ${known}`;
  return { code: 'CME_ERROR', number, text: `${reason.name} ${both}` };
}

function words(line: Line): string {
  return line.fields.join(',');
}
