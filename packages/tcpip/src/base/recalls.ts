import { type Command, command, plainLine } from '@a7600/at-codec';

/*
 * What brings a module back to command lines that an earlier program, or a command of the user, has left in another
 * state. Each means nothing to one that waits for a command.
 */

/** The longest entry of a send (application note, 3.2.1), and of a file or a message (AT command manual, 18 and 19). */
const LENGTHS = [1_500, 10_240];

/** Cancels the entry of a text; one of a counted length takes it as a byte of that (AT command manual, 9.2.13). */
export const cancelEntry: Command<void> = command({ text: '\x1b', label: 'ESC' });

/**
 * Fills an entry of a counted length, which nothing else ends, with spaces. Never with Ctrl-Z, which sends a text.
 *
 * @param attempt how often that was tried before
 */
export function fillEntry(attempt: number): Command<void> {
  const text = ' '.repeat(LENGTHS[Math.min(attempt, LENGTHS.length - 1)] as number);
  return command({ text, label: `(${text.length} spaces)` });
}

/** Makes the module print results, and as words (`ATQ1`, `ATV0`; ITU-T V.250, 6.2.5 and 6.2.6). */
export const printResults: Command<void> = command(plainLine('ATQ0V1'));

/**
 * Sets the characters that end lines (ITU-T V.250, 6.2.1 and 6.2.2), also of a module that takes LF for the end of a
 * command line.
 */
export const setLineEnds: Command<void> = command({ text: '\nATS3=13S4=10\n', label: 'ATS3=13S4=10' });
