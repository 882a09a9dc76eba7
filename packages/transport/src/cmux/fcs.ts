/** The polynomial x⁸ + x² + x + 1, bit-reversed (3GPP TS 27.010, 5.2.1.6 and annex B). */
const POLYNOMIAL = 0xe0;
/** Register value after a frame and its intact checksum (annex B.3.3). */
const RESIDUE = 0xcf;

const table = Uint8Array.from({ length: 256 }, (_, byte) => {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ POLYNOMIAL : register >> 1;
  return register;
});

/** The frame check sequence over `bytes` from `start` to before `end`. */
export function frameCheck(bytes: Uint8Array, start: number, end: number): number {
  return 0xff - register(bytes, start, end);
}

/** Whether `check` is the frame check sequence over `bytes` from `start` to before `end`. */
export function isIntact(bytes: Uint8Array, start: number, end: number, check: number): boolean {
  return table[register(bytes, start, end) ^ check] === RESIDUE;
}

function register(bytes: Uint8Array, start: number, end: number): number {
  let value = 0xff;
  for (let index = start; index < end; index++) {
    value = table[value ^ (bytes[index] as number)] as number;
  }
  return value;
}
