import type { Part } from '../at/reply.js';
import type { Faults } from './faults.js';

/** Most bytes that `shortBlock` takes out of a block. */
const MAX_HOLE = 40;

/** Lines and results that name a link: everything before its number. */
const NAMES_LINK = /^(\+CIP(?:OPEN|SEND|CLOSE|ACK): |\+CIPRXGET: \d,|\+IPCLOSE: |\+CLIENT: |\+RECEIVE,)(\d)/;

const LINKS = 10;

/** What becomes of the lines of a frame, and of the bytes that stand between them. */
export function faultyParts(faults: Faults, parts: readonly Part[]): readonly Part[] {
  if (faults.quiet) return parts;
  return parts.flatMap((part): Part[] =>
    typeof part === 'string' ? faultyLine(faults, part) : [faultyBlock(faults, part)],
  );
}

/** What becomes of one line: none, one or two. */
export function faultyLine(faults: Faults, line: string): string[] {
  if (faults.quiet) return [line];
  if (faults.fires('lostLine', line)) return [];
  if (faults.fires('repeatedLine', line)) return [line, line];
  if (faults.fires('damagedLine', line)) return [damaged(faults, line)];
  if (faults.fires('wrongLink', line)) return [ofAnotherLink(faults, line)];
  return [line];
}

/** What becomes of a block of payload: some bytes in a row may be missing. */
export function faultyBlock(faults: Faults, block: Uint8Array): Uint8Array {
  if (faults.quiet || block.length === 0 || !faults.fires('shortBlock')) return block;
  const missing = faults.choose(1, Math.min(MAX_HOLE, block.length));
  const at = faults.choose(0, block.length - missing);
  const rest = new Uint8Array(block.length - missing);
  rest.set(block.subarray(0, at));
  rest.set(block.subarray(at + missing), at);
  return rest;
}

/** One character is lost, or another one. */
function damaged(faults: Faults, line: string): string {
  if (line.length === 0) return line;
  const at = faults.choose(0, line.length - 1);
  const other = faults.choose(0, 1) === 0 ? '' : String.fromCharCode(faults.choose(0x20, 0x7e));
  return line.slice(0, at) + other + line.slice(at + 1);
}

function ofAnotherLink(faults: Faults, line: string): string {
  return line.replace(NAMES_LINK, (_, before: string, link: string) => {
    const other = (Number(link) + faults.choose(1, LINKS - 1)) % LINKS;
    return `${before}${other}`;
  });
}
