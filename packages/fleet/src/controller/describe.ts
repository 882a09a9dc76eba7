import { AtError, type Command, createDecoder, type Dialect, exchange } from '@a7600/at-codec';
import { namesOf } from '../protocol/queries.js';
import type { RunRequest } from '../protocol/schemas.js';

/** What an agent has to know of a command: its bytes, and which lines may belong to its answer. */
export function describe(command: Command<unknown>): RunRequest {
  const { text, label, timeout, link, payload, outcome, answersWithLine, connects, guard } = command;
  if (connects === true || guard !== undefined) {
    throw new AtError(
      'INVALID_ARGUMENT',
      `${label} leads to data mode and cannot be run from another machine. Open a transparent session instead.`,
    );
  }
  return {
    text,
    label,
    timeout,
    names: [...namesOf(text), ...aliasesOf(text)],
    plain: true,
    outcome: outcome !== undefined,
    answersWithLine: answersWithLine === true,
    prompt: payload !== undefined,
    ...(link === undefined ? {} : { link }),
  };
}

/** Names of lines that differ from the command that prints them. */
function aliasesOf(text: string): readonly string[] {
  return namesOf(text).includes('+CICCID') ? ['+ICCID'] : [];
}

/**
 * Reads what the module printed for a command.
 *
 * @param command - The command.
 * @param printed - The bytes, with the final result.
 * @param dialect - How the module writes.
 * @returns Its value; throws the `AtError` of a refusal.
 */
export function decode<R>(command: Command<R>, printed: Uint8Array, dialect: Dialect): R {
  const answer = exchange(command);
  const decoder = createDecoder(dialect, (event) => answer.offer(event));
  decoder.awaitPrompt(command.payload !== undefined);
  decoder.push(printed);
  decoder.end();
  if (answer.settled === undefined) {
    answer.expire(new AtError('UNREADABLE_ANSWER', `The agent's answer to ${command.label} is incomplete.`));
  }
  const { settled } = answer;
  if (settled?.ok === true) return settled.value;
  throw (
    settled?.error ?? new AtError('UNREADABLE_ANSWER', `The agent's answer to ${command.label} is empty.`)
  );
}
