/**
 * How a line is recognised by its prefix.
 *
 * - `name`: the text, then anything that cannot continue a name (`+CREG` in `+CREG: 1`).
 * - `line`: the text is the whole line (`SMS DONE`).
 * - `prefix`: the text, then anything (`+IPD` in `+IPD1460`).
 */
export type PrefixMatch = 'name' | 'line' | 'prefix';

/** A prefix that a dialect knows. */
interface KnownPrefix {
  /** What the line begins with: `+CLIENT`, `SMS DONE`. Printable ASCII. */
  readonly text: string;
  /** How `text` is matched. */
  readonly match: PrefixMatch;
}

/** A final result code. */
export interface ResultCode extends KnownPrefix {
  /** Whether the command succeeded: `CONNECT` does, `NO CARRIER` does not. */
  readonly ok: boolean;
  /** The code is about data mode: it ends only commands that lead there. */
  readonly connects?: boolean;
}

/** An unsolicited result code: how it is recognised and what it says. */
export interface Urc<T> extends KnownPrefix {
  /** Distinguishes it from other lines of the same name, for instance a reply; without it, all match. */
  readonly accepts?: (line: Line) => boolean;
  /** Reads the line; undefined when its parameters make no sense. */
  readonly read: (line: Line) => T | undefined;
  /** Section of the application note, or chapter of the AT command manual (`manual 5`). */
  readonly section: string;
}

/** The header of a length-prefixed block: raw bytes follow right after the end of such a line. */
export interface BlockHeader extends KnownPrefix {
  /** How many bytes follow; undefined if none follow this line. */
  readonly length: (line: Line) => number | undefined;
  /** The longest block in bytes. A line that states more is noise. */
  readonly max: number;
  /**
   * Whether the block begins with the address of a service centre, which the length excludes: an octet
   * in hexadecimal that states how many more follow (3GPP TS 27.005, `<pdu>`).
   */
  readonly hasServiceCentre?: (line: Line) => boolean;
}

/**
 * One line of text.
 *
 * - `result`: a final result code (`OK`, `ERROR`, `+CME ERROR: …`, `CONNECT …`); see `result`.
 * - `urc`: a line that the dialect knows as unsolicited; see `urc`.
 * - `echo`: a command line that came back.
 * - `text`: any other line: information text, or a line that no descriptor knows.
 *
 * A line in the form of a URC may still answer the command in flight: offer a line to the command
 * first, and to subscribers of the URC only if the command does not claim it.
 */
export interface Line {
  /** What the line is, as far as the dialect knows. */
  readonly kind: 'result' | 'urc' | 'echo' | 'text';
  /** The bytes covered: padding before the text, the text, its line end. */
  readonly raw: Uint8Array;
  /** The text without line ends and surrounding spaces, a character for each byte (U+0000–U+00FF). */
  readonly text: string;
  /**
   * What the line begins with: the text that the dialect knows it by (`+IPD` of `+IPD1460`), else what stands
   * before the colon (`+CIPOPEN`), or the whole text if there is none.
   */
  readonly name: string;
  /** The parameters after the name: spaces trimmed, quotes removed; quoted commas stay inside. */
  readonly fields: readonly string[];
  /**
   * Returns one field without making the others.
   *
   * @param index - From 0.
   * @returns The field as in `fields`; undefined if it is missing.
   */
  field(index: number): string | undefined;
  /**
   * Reads the line by a descriptor. A second call with the same descriptor returns the first value.
   *
   * @param urc - The descriptor; whether it accepts the line is not checked.
   * @returns What the descriptor reads; undefined when the parameters make no sense.
   */
  read<T>(urc: Urc<T>): T | undefined;
  /** The number of fields. */
  readonly fieldCount: number;
  /** The number of fields if each of them is an integer, else -1. */
  readonly integerCount: number;
  /**
   * Returns one field as an integer.
   *
   * @param index - From 0.
   * @returns The integer; NaN if the field is missing, empty, quoted or not an integer.
   */
  int(index: number): number;
  /**
   * Returns whether a field is quoted.
   *
   * @param index - From 0.
   * @returns Whether it stands in double quotes; false if it is missing.
   */
  quoted(index: number): boolean;
  /** How many payload bytes follow the line: 0 unless it is the header of a block. */
  readonly payloadLength: number;
  /** The result code of a `result` line. */
  readonly result: ResultCode | undefined;
  /** The descriptor that reads a `urc` line. */
  readonly urc: Urc<unknown> | undefined;
  /** The descriptor of the block header that the line is, also if no payload follows it. */
  readonly block: BlockHeader | undefined;
}
