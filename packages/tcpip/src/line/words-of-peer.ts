import { type AtEvent, a7600, createDecoder } from '@a7600/at-codec';
import { latin1Text } from './markers.js';

/** A line of a command, or a URC, whether the dialect knows it or not. */
const NAMED = /^[+*^$#%&][A-Z]/i;
/** A command line among the payload. */
const COMMAND_LINE = /(?:^|[\r\n])[ \t]*at/i;
const LINE_FEED = 0x0a;

/**
 * Whether `received` holds something that a module in command mode would not print, so that the peer has sent it. Such a
 * module echoes what it is `written`, prints results and URCs, and answers what begins with `AT` among that.
 *
 * @param isWhole whether `received` is all that came; otherwise the first line may be a rest
 */
export function hasWordsOfPeer(received: Uint8Array, isWhole: boolean, written: string): boolean {
  const isAsked = COMMAND_LINE.test(written);
  let found = false;
  const decoder = createDecoder(a7600, (event) => {
    // What stands before a result may be the answer to a command line.
    if (event.kind === 'result' && isAsked) found = false;
    else found ||= isOther(event, written);
  });
  decoder.push(isWhole ? received : received.subarray(received.indexOf(LINE_FEED) + 1));
  decoder.end();
  return found;
}

function isOther(event: AtEvent, written: string): boolean {
  switch (event.kind) {
    case 'text':
    case 'echo':
      return !NAMED.test(event.text) && !written.includes(event.text);
    case 'noise':
      return !written.includes(latin1Text(event.raw).replace(/^[\r\n]+|[\r\n]+$/g, ''));
    default:
      return false;
  }
}
