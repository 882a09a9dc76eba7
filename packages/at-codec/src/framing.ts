import type { Command } from './command.js';
import { joinChunks } from './decoder/bytes.js';
import { latin1 } from './decoder/latin1.js';
import type { Line } from './decoder/line.js';
import { AtError } from './errors.js';

/** How many bytes at the end of a block are searched for the module's own result. */
const TAIL = 80;

/**
 * Whether the end of a block holds a result as a module prints it. If no result followed the block
 * either, that is the module's own: bytes were lost inside the block, which took it instead.
 */
export function holdsResult(block: readonly Uint8Array[]): boolean {
  const bytes = joinChunks(block);
  const tail = latin1(bytes, Math.max(0, bytes.length - TAIL), bytes.length);
  return /\r\n(OK|ERROR)(\r\n|\r?$)/.test(tail);
}

/** The error for a block whose payload cannot be trusted, because bytes were lost inside it. */
export function framingLost(command: Command<unknown>, header: Line, cause?: Error): AtError {
  const link = command.link === undefined ? '' : ` on link ${command.link}`;
  return new AtError(
    'FRAMING_LOST',
    `${command.label} failed${link}: bytes were lost inside the block after "${header.text}". ` +
      'Use flow control, or a lower baud rate.',
    {
      command: command.label,
      answer: header.text,
      ...(command.link === undefined ? {} : { link: command.link }),
      cause,
    },
  );
}
