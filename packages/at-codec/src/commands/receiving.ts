import { commandLine, flag, integer } from '../arguments.js';
import {
  type Answer,
  type Command,
  command,
  family,
  intField,
  plainLine,
  testCommand,
  unreadable,
} from '../command.js';
import { joinChunks } from '../decoder/bytes.js';
import type { Line } from '../decoder/line.js';
import { linkArgument } from './links.js';
import { MAX_PAYLOAD } from './sending.js';

/** Bytes that a link received. */
export interface ReceivedBlock {
  /** The link number, 0 to 9. */
  readonly link: number;
  /** The bytes, in the chunks in which they arrived. */
  readonly payload: readonly Uint8Array[];
  /** Bytes that the module still holds for the link. */
  readonly rest: number;
}

/** Which link to read, and how much at most. */
export interface Take {
  /** The link number, 0 to 9. */
  readonly link: number;
  /** Default: as much as one read gives, 1500 bytes, or 750 as digits. */
  readonly max?: number;
}

/**
 * `+CIPRXGET`: how received bytes reach the host. The main form switches between 0, direct push, and 1,
 * buffer access. A read of an empty buffer fails with `IP_ERROR` 22, "No data".
 */
export const cipRxGet = /* @__PURE__ */ family(
  { name: '+CIPRXGET', section: '3.2.2', quirks: ['Q-3d', 'Q-3e', 'Q-3f', 'Q-12', 'Q-17'] },
  ({ buffered }: { readonly buffered: boolean }): Command<void> =>
    command(commandLine('+CIPRXGET', [flag('buffered', buffered)])),
  {
    /** `AT+CIPRXGET=2`: takes up to `max` bytes (1 to 1500) out of the buffer of a link. */
    take: ({ link, max = MAX_PAYLOAD }: Take): Command<ReceivedBlock> =>
      read(2, link, integer('max', max, 1, MAX_PAYLOAD), ({ payload }) => payload),
    /** `AT+CIPRXGET=3`: the same, up to 750 bytes, sent as two hexadecimal digits each. */
    takeHex: ({ link, max = MAX_PAYLOAD / 2 }: Take): Command<ReceivedBlock> =>
      read(3, link, integer('max', max, 1, MAX_PAYLOAD / 2), ({ payload }) => [fromHex(joinChunks(payload))]),
    /** `AT+CIPRXGET=4`: how many bytes the buffer of a link holds. */
    held: ({ link }: { readonly link: number }): Command<number> =>
      command(commandLine('+CIPRXGET', [integer('mode', 4, 4, 4), linkArgument(link)]), {
        link,
        claims: (line) => isReply(line, 4, link),
        read: ({ line }) => intField(line, 2),
      }),
    /** `AT+CIPRXGET=5`: notifications also say who sent (firmware of AT command manual 1.07 on). */
    withAddress: (): Command<void> => command(plainLine('AT+CIPRXGET=5')),
    /** `AT+CIPRXGET?`: whether received bytes are buffered. */
    read: (): Command<boolean> =>
      command(plainLine('AT+CIPRXGET?'), {
        claims: (line) => line.name === '+CIPRXGET' && line.fieldCount === 1,
        read: ({ line }) => intField(line, 0) === 1,
      }),
    test: () => testCommand('+CIPRXGET'),
  },
);

function read(
  mode: 2 | 3,
  link: number,
  max: { readonly text: string; readonly label: string },
  bytes: (answer: Answer) => readonly Uint8Array[],
): Command<ReceivedBlock> {
  return command(commandLine('+CIPRXGET', [integer('mode', mode, 2, 3), linkArgument(link), max]), {
    link,
    answersWithLine: true,
    claims: (line) => isReply(line, mode, link),
    read: (answer) => {
      const [announced, rest] = [intField(answer.line, 2), intField(answer.line, 3)];
      const payload = bytes(answer);
      const length = payload.reduce((sum, chunk) => sum + chunk.length, 0);
      if (length !== announced || length > Number(max.text)) {
        throw unreadable(`${length} bytes after "${answer.line.text}", asked for ${max.text} at the most`);
      }
      return { link, payload, rest };
    },
  });
}

function isReply(line: Line, mode: number, link: number): boolean {
  return line.name === '+CIPRXGET' && line.int(0) === mode && line.int(1) === link;
}

function fromHex(digits: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = 16 * hexDigit(digits[2 * at] as number) + hexDigit(digits[2 * at + 1] as number);
  }
  return bytes;
}

function hexDigit(char: number): number {
  const value = Number.parseInt(String.fromCharCode(char), 16);
  if (Number.isNaN(value)) throw unreadable('a block with something else than hexadecimal digits');
  return value;
}
