import { type Command, command } from '@a7600/at-codec';

/** The message that ends multiplexing, in its frame (3GPP TS 27.010, 5.4.6.3.3). */
const FRAME = '\xf9\x03\xef\x05\xc3\x01\xf2\xf9';
/** Payload of its answer, whichever side sends the frame. */
const ANSWER = '\xef\x05\xc1\x01';
/** Flags that complete a frame which an earlier program has left unfinished, however long it was to be. */
const FLUSH = '\xf9'.repeat(1_510);

/**
 * Asks a module that an earlier program has left multiplexed to return to plain AT mode, as what is sent to it. One in
 * plain AT mode reads a line that is no command.
 *
 * @param flushes whether the module may be in the middle of a frame
 */
export function closeDown(flushes: boolean): Command<void> {
  return command({ text: flushes ? FLUSH + FRAME : FRAME, label: 'CLD (end of multiplexing)' });
}

/** Whether a module has answered {@link closeDown} in frames, in what was heard (a character for each byte). */
export function confirmsCloseDown(heard: string): boolean {
  return heard.includes(ANSWER);
}
