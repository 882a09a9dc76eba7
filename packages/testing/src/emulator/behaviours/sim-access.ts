import { hexOf, octetsOf } from '../../networks/mobile/tpdu/hex.js';
import type { Behaviour } from '../at/behaviour.js';
import { cmeError, ok, type Reply, refuse } from '../at/reply.js';
import { number, optional } from '../at/values.js';
import type { Module } from '../module.js';
import { perModule } from '../per-module.js';
import { type SimFile, simFile } from '../radio/sim-files.js';

/** Status words of the SIM (3GPP TS 31.101, 10.2.1). */
const DONE = [0x90, 0x00] as const;
const NO_FILE = [0x6a, 0x82] as const;
const NO_RECORD = [0x6a, 0x83] as const;
const WRONG_INSTRUCTION = [0x6d, 0x00] as const;
const WRONG_CLASS = [0x6e, 0x00] as const;

/** Commands to the SIM (AT command manual, 6.2.7). */
const READ_BINARY = 176;
const READ_RECORD = 178;
const GET_RESPONSE = 192;
const STATUS = 242;

/** What the SIM answers: data and two status words. */
interface Answer {
  readonly data?: Uint8Array;
  readonly words: readonly [number, number];
}

/** The file that `AT+CSIM` has selected. */
const selectedOf = perModule((): { file: number } => ({ file: 0x3f00 }));

/** Direct access to the SIM (AT command manual, 6.2.6 and 6.2.7). */
export const simAccess: readonly Behaviour[] = [
  {
    command: '+CRSM',
    test: () => ok(),
    write: ({ values }, module) => {
      const { state } = module.sim;
      if (typeof state !== 'string') return cmeError(state.cme);
      const [command, file, p1, p2, p3] = values;
      const instruction = number(command, 0, 255);
      const [first, second, length] = [p1, p2, p3].map((value) => optional(value, 0, 255, 0));
      const id = optional(file, 0, 0xffff, 0);
      if (instruction === undefined || id === undefined) return refuse();
      if (first === undefined || second === undefined || length === undefined) return refuse();
      const { data, words } = restricted(instruction, id, { first, second, length }, module);
      return ok(`+CRSM: ${words.join()}${data === undefined ? '' : `,"${hexOf(data)}"`}`);
    },
  },
  {
    command: '+CSIM',
    test: () => ok(),
    write: ({ values: [lengthText, digits = ''] }, module) => {
      const { state } = module.sim;
      if (typeof state !== 'string') return cmeError(state.cme);
      const command = octetsOf(digits);
      if (command === undefined || command.length < 4 || number(lengthText, 8, 520) !== digits.length)
        return refuse();
      return exchanged(generic(command, module));
    },
  },
];

function exchanged({ data = new Uint8Array(), words }: Answer): Reply {
  const response = hexOf(Uint8Array.of(...data, ...words));
  return ok(`+CSIM: ${response.length},"${response}"`);
}

interface Parameters {
  readonly first: number;
  readonly second: number;
  readonly length: number;
}

function restricted(instruction: number, id: number, parameters: Parameters, module: Module): Answer {
  if (instruction === STATUS) return { words: DONE };
  const file = simFile(id, module);
  if (file === undefined) return { words: NO_FILE };
  switch (instruction) {
    case READ_BINARY:
      return read(file.content, (parameters.first << 8) | parameters.second, parameters.length);
    case READ_RECORD: {
      const { record = 0 } = file;
      const at = (parameters.first - 1) * record;
      if (record === 0 || at < 0 || at >= file.content.length) return { words: NO_RECORD };
      return read(file.content.subarray(at, at + record), 0, parameters.length);
    }
    case GET_RESPONSE:
      return { data: description(id, file), words: DONE };
    default:
      return { words: WRONG_INSTRUCTION };
  }
}

function read(content: Uint8Array, at: number, length: number): Answer {
  if (at > content.length) return { words: [0x6b, 0x00] };
  return { data: content.slice(at, length === 0 ? undefined : at + length), words: DONE };
}

/** What GET RESPONSE tells of a file: size, identifier, type, structure (3GPP TS 51.011, 9.2.1). */
function description(id: number, { content, record }: SimFile): Uint8Array {
  const size = content.length;
  const structure = record === undefined ? [0, 0] : [1, record];
  return Uint8Array.of(0, 0, size >> 8, size & 0xff, id >> 8, id & 0xff, 4, 0, 0, 0, 0, 1, 2, ...structure);
}

/** The commands that a USIM's class has here: SELECT, READ BINARY, READ RECORD, VERIFY without a PIN, STATUS. */
function generic(command: Uint8Array, module: Module): Answer {
  const [cardClass, instruction, first = 0, second = 0, length = 0] = command;
  // AT+CSIM=10,"A0F2000016" is answered by 6E00 (AT command manual, 6.2.6).
  if (cardClass !== 0x00 && cardClass !== 0x80) return { words: WRONG_CLASS };
  const selected = selectedOf(module);
  switch (instruction) {
    case 0xa4: {
      const id = ((command[5] ?? 0) << 8) | (command[6] ?? 0);
      const folder = id === 0x3f00 || id === 0x7fff || id === 0x7f10;
      if (!folder && simFile(id, module) === undefined) return { words: NO_FILE };
      selected.file = id;
      return { words: DONE };
    }
    case 0xb0:
      return restricted(READ_BINARY, selected.file, { first, second, length }, module);
    case 0xb2:
      return restricted(READ_RECORD, selected.file, { first, second, length }, module);
    case 0x20:
      // Without a PIN it tells how many tries are left (ETSI TS 102 221, 11.1.9).
      return command.length > 5 ? { words: WRONG_INSTRUCTION } : { words: [0x63, 0xc0 | PIN_TRIES] };
    case 0xf2:
      return { words: DONE };
    default:
      return { words: WRONG_INSTRUCTION };
  }
}

const PIN_TRIES = 3;
