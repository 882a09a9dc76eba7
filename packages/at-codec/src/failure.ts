import type { Command } from './command.js';
import type { Line } from './decoder/events.js';
import { describe, ipErrors, socketAdvice, socketErrors } from './error-tables.js';
import { AtError, type AtErrorCode } from './errors.js';

/**
 * The error for a refused command. `reason` is the line that explains it (the outcome,
 * `+IP ERROR`, `+CIPERROR`), or the final result itself when nothing does.
 */
export function failure(command: Command<unknown>, reason: Line, final: Line): AtError {
  const { code, number, text, advice } = explain(command, reason);
  const link = command.link === undefined ? '' : ` on link ${command.link}`;
  const answer = reason === final ? reason.text : `${reason.text} / ${final.text}`;
  const message = `${command.label} failed${link}: ${text} (the module answered "${answer}").`;
  return new AtError(code, advice === undefined ? message : `${message} ${advice}`, {
    command: command.label,
    answer,
    ...(command.link === undefined ? {} : { link: command.link }),
    ...(number === undefined ? {} : { number }),
  });
}

interface Explanation {
  readonly code: AtErrorCode;
  readonly number?: number;
  readonly text: string;
  readonly advice?: string | undefined;
}

function explain(command: Command<unknown>, reason: Line): Explanation {
  if (reason.name === '+IP ERROR') return ipError(reason);
  if (reason.name === '+CIPERROR') return socketError(command, reason.int(0));
  if (reason.kind !== 'result') return socketError(command, command.outcome?.error(reason) ?? Number.NaN);
  if (reason.name === '+CME ERROR') {
    const number = reason.int(0);
    const text = `+CME ERROR ${reason.fields.join(',')}`;
    return Number.isNaN(number) ? { code: 'CME_ERROR', text } : { code: 'CME_ERROR', number, text };
  }
  if (reason.name === 'ERROR') return { code: 'REFUSED', text: 'the module gave no reason' };
  return { code: 'NO_CARRIER', text: 'there is no connection' };
}

function socketError(command: Command<unknown>, number: number): Explanation {
  const meaning = command.meanings?.[number];
  if (meaning !== undefined) return { code: 'SOCKET_ERROR', number, text: meaning };
  return {
    code: 'SOCKET_ERROR',
    number,
    text: describe(socketErrors, number),
    advice: socketAdvice[number],
  };
}

/** The text decides where there is one: numbers differ between documents. */
function ipError(reason: Line): Explanation {
  const written = reason.fields.join(',');
  const number = reason.int(0);
  if (!Number.isNaN(number)) return { code: 'IP_ERROR', number, text: describe(ipErrors, number) };
  const known = Object.entries(ipErrors).find(([, text]) => text.toLowerCase() === written.toLowerCase());
  return known === undefined
    ? { code: 'IP_ERROR', text: written }
    : { code: 'IP_ERROR', number: Number(known[0]), text: known[1] };
}
