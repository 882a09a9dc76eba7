import type { ByteLink } from '../src/byte-link.js';

/** A frame as {@link ScriptedModule} reads it. */
export interface HeardFrame {
  readonly dlci: number;
  /** The control field without the P/F bit. */
  readonly control: number;
  readonly payload: readonly number[];
}

/** Written apart from the sources under test: a checksum by polynomial division, bit by bit. */
function checksum(bytes: readonly number[]): number {
  let register = 0xff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = (register ^ (byte >> bit)) & 1;
      register = (register >> 1) ^ (carry * 0xe0);
    }
  }
  return 0xff ^ register;
}

/** The bytes of a frame that a module sends. */
export function moduleFrame(dlci: number, control: number, payload: readonly number[] = []): Uint8Array {
  const isResponse = control === 0x73 || control === 0x1f;
  const length =
    payload.length < 128 ? [payload.length * 2 + 1] : [(payload.length * 2) & 255, payload.length >> 7];
  const head = [dlci * 4 + (isResponse ? 2 : 0) + 1, control, ...length];
  return Uint8Array.from([0xf9, ...head, ...payload, checksum(head), 0xf9]);
}

/** A module's side of a multiplexed line, which does what a test tells it and answers what it must. */
export class ScriptedModule {
  readonly heard: HeardFrame[] = [];
  /** Control fields that it does not answer. */
  readonly ignored = new Set<number>();
  /** N1 that it answers PN with; undefined: it does not know PN. */
  frameSize: number | undefined;
  private readonly link: ByteLink;

  constructor(link: ByteLink) {
    this.link = link;
    link.received$.subscribe({ next: (bytes) => this.hear([...bytes]), error: () => {} });
  }

  send(dlci: number, control: number, payload: readonly number[] = []): void {
    this.link.write(moduleFrame(dlci, control, payload)).subscribe({ error: () => {} });
  }

  /** The payload that came on a channel. */
  dataOn(dlci: number): number[] {
    return this.heard.flatMap((frame) =>
      frame.dlci === dlci && frame.control === 0xef ? frame.payload : [],
    );
  }

  private hear(bytes: readonly number[]): void {
    if (bytes[0] !== 0xf9 || bytes.at(-1) !== 0xf9) throw new Error(`not a whole frame: ${bytes}`);
    const isShort = ((bytes[3] as number) & 1) === 1;
    const start = isShort ? 4 : 5;
    if (checksum(bytes.slice(1, start)) !== bytes.at(-2)) throw new Error(`wrong checksum: ${bytes}`);
    const control = (bytes[2] as number) & 0xef;
    const frame = { dlci: (bytes[1] as number) >> 2, control, payload: bytes.slice(start, -2) };
    this.heard.push(frame);
    if (this.ignored.has(control)) return;
    if (control === 0x2f || control === 0x43) this.send(frame.dlci, 0x73);
    if (control === 0xef && frame.dlci === 0) this.answer(frame.payload);
  }

  /** Answers MSC, CLD and PN as commands. */
  private answer([type, ...rest]: readonly number[]): void {
    if (type === 0x83) {
      const [, dlci = 0] = rest;
      const { frameSize } = this;
      if (frameSize === undefined) this.send(0, 0xef, [0x11, 0x03, 0x83]);
      else this.send(0, 0xef, [0x81, 0x11, dlci, 0, 0, 10, frameSize & 255, frameSize >> 8, 3, 2]);
    }
    if (type === 0xe3 || type === 0xc3) this.send(0, 0xef, [type - 2, ...rest]);
  }
}
