// The part of `src/decoder/line-index.ts` that is WebAssembly: finds lines of the usual form, 64 bytes at a time, with
// few branches that depend on the bytes. It stops at what has another form, so that the rules stand in the scanner alone.
// The language is AssemblyScript; `tools/line-index.mjs` compiles it.

/** The bytes to be scanned. Up to 64 after their end are read, and ignored. */
export const INPUT: usize = 1024;
/** What was found: two integers for each line. */
export const LINES: usize = 8192;
/** A byte for each slot: the number of its name, or 0. */
export const SLOTS: usize = 24576;
/** 16 bytes for each number: the name, then zeros. */
export const NAMES: usize = 32768;

/** Lines that one call finds at most. */
const MOST: usize = 1024;
/** There are 2 to the power of this many slots. */
const SLOT_BITS: u64 = 12;

const CR: u8 = 0x0d;
const SPACE: u8 = 0x20;
const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const ZERO: u8 = 0x30;
const COLON: u8 = 0x3a;
const CR_LF: u16 = 0x0a0d;
const COLON_SPACE: u16 = 0x203a;

/** What is said of a line's integers: nothing; that there are other parameters; or their number plus 2, if it is small. */
const UNCOUNTED: u32 = 0;
const OTHERS: u32 = 1;
const COUNTS: u32 = 8;

/**
 * Finds the lines of the input from index `from` to index `to`, up to the first one that is not complete or not of the
 * form `[CR LF] text CR LF`, where the text has up to 63 bytes, neither begins nor ends with a space, and has
 * no control character up to CR in it.
 *
 * Stores two integers for each: where its text ends, counted from `-base`; and twice its key, plus 1 if CR LF stands before
 * the text. A key is the number of the name, 0 if it is not known; a bit for whether it is the whole text; and three for what
 * is said of the integers.
 *
 * @returns How many lines were found.
 */
export function find(from: usize, to: usize, base: usize): usize {
  const last = INPUT + to;
  let line = LINES;
  let frame = INPUT + from;
  while (line < LINES + MOST * 8) {
    const text = load<u16>(frame) === CR_LF ? frame + 2 : frame;
    const a = v128.load(text);
    const b = v128.load(text, 16);
    const c = v128.load(text, 32);
    const d = v128.load(text, 48);
    const cr = i8x16.splat(CR);
    const controls = mask(i8x16.le_u(a, cr), i8x16.le_u(b, cr), i8x16.le_u(c, cr), i8x16.le_u(d, cr));
    const size = <usize>ctz(controls);
    const end = text + size;
    // 64 if there is no control character, 0 if the text is empty.
    if (end + 2 > last || load<u16>(end) !== CR_LF || size - 1 > 62) break;
    if (load<u8>(text) <= SPACE || load<u8>(end - 1) <= SPACE) break;

    const colons = i8x16.bitmask(i8x16.eq(a, i8x16.splat(COLON)));
    const nameSize = min(<usize>ctz(colons | 0x10000), size);
    const name = v128.and(a, i8x16.lt_u(POSITIONS, i8x16.splat(<i8>nameSize)));
    const number = <usize>load<u8>(SLOTS + slotOf(name));
    const whole = nameSize === size;
    const known =
      i8x16.all_true(i8x16.eq(name, v128.load(NAMES + number * 16))) &
      (whole | (load<u8>(text + nameSize) === COLON));

    const key =
      (known ? <u32>(number * 2) + u32(whole) : 0) * COUNTS + integers(text, nameSize, size, a, b, c, d);
    store<u32>(line, <u32>(end - INPUT + base));
    store<u32>(line, key * 2 + u32(text !== frame), 4);
    line += 8;
    frame = end + 2;
  }
  return (line - LINES) >> 3;
}

/** The slot of the name that stands at `address`, with zeros after it. */
export function slot(address: usize): usize {
  return slotOf(v128.load(address));
}

const POSITIONS = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

function slotOf(name: v128): usize {
  const low = i64x2.extract_lane(name, 0) * 0x19e3779b97f4a7;
  const high = i64x2.extract_lane(name, 1) * 0x1c2b2ae3d27d4f;
  return <usize>(<u64>(low ^ high) >> (64 - SLOT_BITS));
}

function integers(text: usize, nameSize: usize, size: usize, a: v128, b: v128, c: v128, d: v128): u32 {
  const start = nameSize + 2;
  const parameters = (((<u64>1) << size) - 1) & ((<u64>-1) << start);
  const comma = i8x16.splat(COMMA);
  const commas =
    parameters & mask(i8x16.eq(a, comma), i8x16.eq(b, comma), i8x16.eq(c, comma), i8x16.eq(d, comma));
  const zero = i8x16.splat(ZERO);
  const ten = i8x16.splat(10);
  const digits =
    parameters &
    mask(
      i8x16.lt_u(i8x16.sub(a, zero), ten),
      i8x16.lt_u(i8x16.sub(b, zero), ten),
      i8x16.lt_u(i8x16.sub(c, zero), ten),
      i8x16.lt_u(i8x16.sub(d, zero), ten),
    );
  if (load<u16>(text + nameSize) !== COLON_SPACE) return UNCOUNTED;
  // Where a parameter begins or ends; its first and its last byte have to be digits.
  const edges = ((<u64>1) << start) | (commas << 1) | (commas >> 1) | ((<u64>1) << (size - 1));
  if ((commas | digits) === parameters && (edges & digits) === edges) {
    const count = <u32>popcnt(commas) + 3;
    return count < COUNTS ? count : UNCOUNTED;
  }
  const colon = i8x16.splat(COLON);
  const quote = i8x16.splat(QUOTE);
  const others = mask(
    v128.or(i8x16.gt_u(a, colon), i8x16.eq(a, quote)),
    v128.or(i8x16.gt_u(b, colon), i8x16.eq(b, quote)),
    v128.or(i8x16.gt_u(c, colon), i8x16.eq(c, quote)),
    v128.or(i8x16.gt_u(d, colon), i8x16.eq(d, quote)),
  );
  return (others & parameters) !== 0 ? OTHERS : UNCOUNTED;
}

function mask(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    ((<u64>(<u32>i8x16.bitmask(b))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(c))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(d))) << 48)
  );
}
