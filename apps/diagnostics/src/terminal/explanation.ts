import { exchange, isAtError, type Line, lateResults, socketErrors } from '@a7600/at-codec';
import { decoded } from '../dialogue/decoded.js';
import { describedBy } from '../dialogue/descriptors.js';
import { decodedLines } from '../dialogue/lines.js';
import { namesIn, typedCommand } from '../dialogue/raw.js';
import { help } from './help.js';
import { meaningOf } from './words.js';

/** What an entry of a dialogue is. */
export type EntryKind =
  | 'command'
  | 'echo'
  | 'answer'
  | 'result'
  | 'error'
  | 'notification'
  | 'prompt'
  | 'payload'
  /** A line end of its own, as the module prints before each line; only in files. */
  | 'blank';

/** An entry of a dialogue, as far as its meaning depends on it. */
export interface DialogueEntry {
  readonly kind: EntryKind;
  /** The bytes, a character each. */
  readonly text: string;
  /** The command line that it answers. */
  readonly command?: string | undefined;
}

/** Says what an entry of a dialogue means, in sentences; empty where nothing is known. */
export function explanation({ kind, text, command }: DialogueEntry): readonly string[] {
  const line = text.trim();
  switch (kind) {
    case 'command':
      return namesIn(line.toUpperCase()).flatMap((name) => help(`AT${name}`));
    case 'blank':
      return [];
    case 'echo':
      return ['The module sends the command back (ATE1).'];
    case 'prompt':
      return ['The module waits for the payload of the command.'];
    case 'payload':
      return [`${text.length} bytes of payload.`];
    case 'result':
      return [`The module has carried out ${command ?? 'the command'}.`];
    case 'error':
      return [failureOf(command, text)].filter((words) => words !== '');
    case 'answer':
      return command === undefined ? [] : meaningOfAnswer(command, text);
    case 'notification':
      return notificationOf(text);
  }
}

/** What the error of a command means, as the SDK reports it. */
function failureOf(command: string | undefined, text: string): string {
  const asked = exchange(typedCommand(command?.startsWith('AT') ? command : 'AT'));
  for (const event of decodedLines(text)) asked.offer(event);
  const { settled } = asked;
  return settled !== undefined && !settled.ok && isAtError(settled.error) ? settled.error.message : '';
}

/** What a line of an answer says, by the descriptor of its command. */
function meaningOfAnswer(command: string, text: string): readonly string[] {
  const described = describedBy(command);
  if (described === undefined) return help(command).slice(1);
  const asked = exchange(described.command);
  for (const event of decodedLines(`${text}\r\nOK\r\n`)) asked.offer(event);
  try {
    const { settled } = asked;
    return settled?.ok ? decoded(described, settled.value) : [];
  } catch {
    // One line of several says nothing by itself.
    return [];
  }
}

function notificationOf(text: string): readonly string[] {
  return decodedLines(text).flatMap((event) => {
    if (!('fieldCount' in event)) return [];
    const late = lateResults.find((result) => result.text === event.name);
    if (late !== undefined) return [lateResultOf(event)];
    const meaning = meaningOf(event);
    return meaning === undefined ? [] : [`By itself the module reports: ${meaning}.`];
  });
}

/**
 * What a line means that nothing asked for.
 *
 * @param text the line
 * @param asked the command before it: with `?` at its end, a line of its name is its answer
 * @returns words; undefined for a line that is not known to come by itself
 */
export function meaningOfLine(text: string, asked = ''): string | undefined {
  const [event] = decodedLines(text);
  if (event?.kind !== 'urc' && event?.kind !== 'result') return undefined;
  if (asked.trim().endsWith('?') && namesIn(asked.trim()).includes(event.name)) return undefined;
  const isLate = lateResults.some((result) => result.text === event.name);
  return isLate ? lateResultOf(event) : meaningOf(event);
}

/** `+CIPOPEN: 0,0`: what a command that was answered with `OK` has led to. */
function lateResultOf(line: Line): string {
  const last = line.int(line.fieldCount - 1);
  const what = `The result of AT${line.name}, which comes after OK`;
  if (line.name === '+CIPSEND') return `${what}: link, bytes given, bytes that the module sent.`;
  const meaning = (socketErrors as Readonly<Record<number, string>>)[last];
  return `${what}: ${last === 0 ? 'success' : (meaning ?? `error ${last}`)}.`;
}
