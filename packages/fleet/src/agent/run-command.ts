import { type Answer, AtError, type Command, isAtError, joinChunks, type Line } from '@a7600/at-codec';
import { rawCommand } from '@a7600/tcpip';
import type { RunRequest } from '../protocol/schemas.js';

const encoder = new TextEncoder();

/** A command of another machine, and what the module printed for it. */
export interface RemoteCommand {
  readonly command: Command<Uint8Array>;
  /** What the module printed when it refused; undefined if the error is not the module's. */
  refused(error: unknown): Uint8Array | undefined;
}

/**
 * Makes the command that a controller describes. Its value is what the module printed, which the controller decodes:
 * here it only matters which lines belong to it.
 *
 * @param request - The command line, and what framing needs.
 * @param payload - What is sent at the prompt.
 * @param refusal - Asked right before it is sent.
 */
export function remoteCommand(
  request: RunRequest,
  payload: Uint8Array,
  refusal: () => Error | undefined,
): RemoteCommand {
  const { text, label, timeout, names, plain, link, outcome, answersWithLine, prompt } = request;
  // Of a raw command, only for what it refuses: control characters, messages without a length.
  rawCommand(text, timeout);
  const lines = new Set<Line>();
  let late: Line | undefined;
  const claims = (line: Line) => {
    const mine = names.includes(line.name) || (plain && line.kind === 'text');
    if (mine) lines.add(line);
    return mine;
  };
  const isOutcome = (line: Line) => {
    const mine = names.includes(line.name) && (link === undefined || line.int(0) === link);
    if (mine) late = line;
    return mine;
  };
  const transcript = (answer: Answer | undefined, result: string) => {
    const all = [...lines, ...(late === undefined ? [] : [late])];
    return joinChunks([
      ...(prompt ? [encoder.encode('\r\n> ')] : []),
      ...all.flatMap((line) => [
        encoder.encode(`\r\n${line.text}\r\n`),
        ...(line.payloadLength > 0 ? (answer?.payloadOf(line) ?? []) : []),
      ]),
      encoder.encode(`\r\n${result}\r\n`),
    ]);
  };
  return {
    command: {
      text,
      label,
      timeout,
      claims,
      refusal,
      ...(link === undefined ? {} : { link }),
      ...(prompt ? { payload } : {}),
      ...(answersWithLine ? { answersWithLine } : {}),
      ...(outcome ? { outcome: { claims: isOutcome, error: () => 0 } } : {}),
      read: (answer) => transcript(answer, 'OK'),
    },
    refused: (error) =>
      isAtError(error) && error.answer !== undefined && error.code !== 'INVALID_ARGUMENT'
        ? transcript(undefined, error.answer)
        : undefined,
  };
}

/** The error for a command that leads to data mode. */
export function leadsToDataMode(): AtError {
  return new AtError(
    'INVALID_ARGUMENT',
    'A command that leads to data mode cannot be run from another machine. Open a transparent session instead.',
  );
}
