import { joinChunks } from '@a7600/at-codec';
import {
  CLOSED,
  ERROR,
  findMarker,
  lastIndexOf,
  latin1Bytes,
  latin1Text,
  MARKERS,
  NEXT_CLIENT,
  OK,
  startsWith,
} from './markers.js';

/** The numbers that only the module can give back; see {@link Proof}. One that was never set is undefined: any will do. */
export type Numbers = readonly [number | undefined, number | undefined, number | undefined];

/** An answer to the question, or to what stood before it on the line. Places are those of the bytes. */
export type Answer =
  /** The right numbers and the `OK` after them. */
  | { readonly kind: 'proof'; readonly at: number; readonly end: number }
  /** The right form and other numbers. */
  | { readonly kind: 'contradiction'; readonly end: number }
  | { readonly kind: 'error'; readonly end: number };

const ANSWER = /[\r\n]\+CIPTIMEOUT:[ \t]*(\d+)[ \t]*,[ \t]*(\d+)[ \t]*,[ \t]*(\d+)[ \t]*\r?\n|\r\nERROR\r\n/g;
const REPORTS_OF_END = MARKERS.filter(({ doubt }) => doubt === 'closed');
const LINE = /\r\n[^\r\n]+(?:\r\n)?/g;
const RESULT = /\r\n(?:OK|ERROR)\r\n/g;
const FINAL = /\r\nOK\r\n/g;

/**
 * The first complete answer in `bytes` from `from` on; undefined while there is none. The right
 * numbers without their `OK` are no answer yet: the `OK` would meet the next command.
 */
export function findAnswer(bytes: Uint8Array, from: number, expected: Numbers): Answer | undefined {
  const text = latin1Text(bytes);
  ANSWER.lastIndex = from;
  for (let match = ANSWER.exec(text); match !== null; match = ANSWER.exec(text)) {
    const end = match.index + match[0].length;
    if (match[1] === undefined) return { kind: 'error', end };
    const [, ...numbers] = match;
    const isOther = (number: number | undefined, index: number) =>
      number !== undefined && Number(numbers[index]) !== number;
    if (expected.some(isOther)) return { kind: 'contradiction', end };
    FINAL.lastIndex = Math.max(0, end - 2);
    const final = FINAL.exec(text);
    if (final !== null) return { kind: 'proof', at: match.index, end: final.index + final[0].length };
  }
  return undefined;
}

/** What was kept while data mode was being left. */
export interface Kept {
  readonly bytes: Uint8Array;
  /** Where the proof stands, with its `OK`; undefined where another port has proved what is so. */
  readonly proof: { readonly at: number; readonly end: number } | undefined;
  /** How many bytes had arrived when the module was asked after the last escape. */
  readonly askedAt: number;
  /** How often it was asked since. */
  readonly questions: number;
  /** What it was asked for. */
  readonly expected: Numbers | undefined;
}

/** Takes apart what was kept: the peer's data, then lines of the module, without the proof. */
export interface Parts {
  readonly data: Uint8Array;
  readonly lines: Uint8Array;
}

/**
 * The connection exists, so the escape has ended data mode, and the last `OK` before the answers is its
 * answer. Without one (the module took commands before) the answers begin when the module was asked.
 */
export function partsOfOpen(kept: Kept): Parts {
  const { bytes, proof, askedAt } = kept;
  if (proof === undefined) return { data: bytes, lines: bytes.subarray(bytes.length) };
  const ok = answerToEscape(kept, proof.at);
  if (ok >= 0) return cut(kept, proof, ok, ok + OK.length);
  const at = Math.min(askedAt, proof.at);
  return cut(kept, proof, at, at);
}

/**
 * The connection is gone. When the escape was still taken for one, its `OK` ends the data; when it
 * met command mode, the module's last `CLOSED` does: the peer cannot send anything after it. Where both were lost,
 * another report of the end does.
 */
export function partsOfClosed(kept: Kept): Parts {
  const { bytes, proof, askedAt } = kept;
  if (proof === undefined) {
    const end = lastIndexOf(bytes, CLOSED, bytes.length);
    return end < 0 ? partsOfOpen(kept) : { data: bytes.subarray(0, end), lines: bytes.subarray(end) };
  }
  const refused = lastIndexOf(bytes, ERROR, proof.at + 1) >= askedAt;
  const ok = answerToEscape(kept, proof.at);
  const said = lastIndexOf(bytes, CLOSED, proof.at + 1);
  const closed = said < 0 && ok < 0 ? lastReportOfEnd(bytes.subarray(0, proof.at + 1)) : said;
  if (closed < 0 || (!refused && ok >= 0 && ok < closed)) return partsOfOpen(kept);
  return cut(kept, proof, closed, closed);
}

function lastReportOfEnd(bytes: Uint8Array): number {
  return Math.max(...REPORTS_OF_END.map((report) => lastIndexOf(bytes, report.bytes, bytes.length)));
}

/**
 * Where the `OK` stands that answers the escape; -1 if there is none. The first answer to the question may have been
 * damaged, so that the `OK` before the proof is its own: it holds two of the numbers, or nothing is left of it but that.
 */
function answerToEscape({ bytes, askedAt, questions, expected }: Kept, proofAt: number): number {
  const before = lastIndexOf(bytes, OK, firstAnswer(bytes, askedAt, proofAt, expected) + 1);
  const follows =
    questions > 1 && before >= OK.length && startsWith(bytes, OK, before - OK.length, OK.length);
  return follows ? before - OK.length : before;
}

/** Where the first line stands that holds two of the numbers, from `askedAt` on and at `proofAt` at the latest. */
function firstAnswer(
  bytes: Uint8Array,
  askedAt: number,
  proofAt: number,
  expected: Numbers | undefined,
): number {
  const text = latin1Text(bytes.subarray(askedAt, proofAt));
  for (const { index, 0: line } of text.matchAll(LINE)) {
    if (holdsTwo(line, expected)) return askedAt + index;
  }
  return proofAt;
}

function holdsTwo(line: string, expected: Numbers | undefined): boolean {
  const held = expected?.filter((number) => line.includes(String(number))) ?? [];
  return held.length > 1;
}

/** The link is the next client's, and the module's report of that begins what was kept: none of it is data. */
export function partsOfReplaced(kept: Kept): Parts {
  const { bytes, proof } = kept;
  return proof === undefined ? { data: bytes.subarray(0, 0), lines: bytes } : cut(kept, proof, 0, 0);
}

/**
 * The module took commands at the proof: a client that was announced before it is gone, too, and what follows its
 * report may be what it sent. Answers to questions before that one would meet a command that is asked now.
 */
function cut({ bytes, expected }: Kept, proof: NonNullable<Kept['proof']>, end: number, from: number): Parts {
  const asked = bytes.subarray(0, Math.max(from, proof.at));
  const before = latin1Text(asked.subarray(from, findMarker(asked, from, [NEXT_CLIENT])?.at));
  const reports = before.replace(LINE, (line) => (holdsTwo(line, expected) ? '' : line)).replace(RESULT, '');
  const lines = joinChunks([latin1Bytes(reports), bytes.subarray(proof.end)]);
  return { data: bytes.subarray(0, end), lines };
}
