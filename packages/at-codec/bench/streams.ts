// The streams of the benchmark: what a module prints, the same bytes in every run.

/** A small generator of numbers from 0 to below 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LINES = [
  '+CSQ: 23,0',
  '+CREG: 0,1',
  '+IPCLOSE: 3,1',
  '+CIPRXGET: 1,2',
  '+NETOPEN: 0',
  'SMS DONE',
  '+CPIN: READY',
  '+CIPSEND: 1,1460,1460',
  '+CIPRXGET: 4,1,1460',
  '+CGEV: EPS PDN ACT 1',
  '+CLIENT: 0,0,192.168.108.5:57202',
  '+IP ERROR: Network is already opened',
  '+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY',
  'Manufacturer: SIMCOM INCORPORATED',
  '+CIPOPEN: 1,"TCP","117.131.85.139",5253,-1',
  '+CGDCONT: 1,"IP","internet","0.0.0.0",0,0,,,,',
  '+CPSI: LTE,Online,460-01,0x230A,175499523,318,EUTRAN-BAND3',
  '*ISIMAID: "A0000000871004F310FFFF89080000FF"',
];

const FAKES = ['\r\nOK\r\n', '\r\n+IPCLOSE: 0,1\r\n', '\r\nERROR\r\n', '\r\n>', '\r\n+CIPRXGET: 1,0\r\n'];

/** (a) URCs and responses of 8 to 60 characters. */
export function linesOnly(length: number): Uint8Array {
  const chance = random(1);
  return repeated(length, () => bytes(`\r\n${LINES[Math.floor(chance() * LINES.length)]}\r\n`));
}

/** (b) Pushed payload of 1460 bytes with line ends and fake URCs in it, and short URCs between. */
export function pushedBlocks(length: number): Uint8Array {
  const chance = random(2);
  return repeated(length, () =>
    [
      bytes('\r\nRECV FROM:117.131.85.139:5253\r\n+IPD1460\r\n'),
      payload(chance),
      bytes(`\r\n${LINES[Math.floor(chance() * 6)]}\r\n`),
    ].reduce(join),
  );
}

/** (c) Reads of 1460 bytes from the buffer. */
export function bufferReads(length: number): Uint8Array {
  const chance = random(3);
  return repeated(length, () =>
    [bytes('\r\n+CIPRXGET: 2,1,1460,0\r\n'), payload(chance), bytes('\r\nOK\r\n')].reduce(join),
  );
}

/** A third of each. */
export function mixed(length: number): Uint8Array {
  return [linesOnly, pushedBlocks, bufferReads].map((make) => make(length / 3)).reduce(join);
}

/** The same bytes in chunks of `size`. */
export function cut(stream: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
  return chunks;
}

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function payload(chance: () => number): Uint8Array {
  const block = Uint8Array.from({ length: 1460 }, () => Math.floor(chance() * 256));
  for (let fake = 0; fake < 4; fake++) {
    const text = FAKES[Math.floor(chance() * FAKES.length)] as string;
    block.set(bytes(text), Math.floor(chance() * (block.length - text.length)));
  }
  return block;
}

function repeated(length: number, frame: () => Uint8Array): Uint8Array {
  const whole = new Uint8Array(length + 2_000);
  let at = 0;
  while (at < length) {
    const next = frame();
    whole.set(next, at);
    at += next.length;
  }
  return whole.slice(0, at);
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
