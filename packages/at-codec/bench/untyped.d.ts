/** What the benchmark uses of packages that have no types. */
declare module 'serialport-gsm' {
  interface Modem {
    incomingSMSIndication: boolean;
    readonly listeners: { match(line: string): boolean; process(line: string): void }[];
    dataReceived(chunk: Buffer): void;
  }
  const gsm: { Modem(): Modem };
  export default gsm;
}

declare module 'split2' {
  import type { Transform } from 'node:stream';
  export default function split2(matcher: RegExp): Transform;
}

/** What Node has and its types leave out. */
interface Buffer {
  latin1Slice(start?: number, end?: number): string;
}
