import type { Part, Result, Unit } from './reply.js';

/** How answers are formatted. */
export interface PrintFormat {
  /** `ATS3` and `ATS4`: the characters that end a line, CR and LF unless set otherwise. */
  readonly lineEnd: LineEnd;
  /** `ATV1`: results in words between line ends; `ATV0`: numbers with a CR. */
  readonly verbose: boolean;
  /** `ATQ1`: no final results. */
  readonly quiet: boolean;
  /** `ATX`: 0 prints a bare `CONNECT`, more add the speed. */
  readonly connectText: number;
  /** The speed that `CONNECT` tells. */
  readonly baudRate: number;
  /** `AT+CMEE`: 0 plain `ERROR`, 1 numbers, 2 words. */
  readonly cmee: number;
}

/** The two characters that end a line. */
export interface LineEnd {
  readonly cr: string;
  readonly lf: string;
}

/** Information text, byte for byte (protocol 2, `ATV1` and `ATV0`). */
export function printUnit({ parts, open }: Unit, { verbose, lineEnd: { cr, lf } }: PrintFormat): Uint8Array {
  const lines = parts.flatMap((part) => [part, cr + lf]);
  if (open) lines.pop();
  return joinBytes(verbose ? [cr + lf, ...lines] : lines);
}

/** A final result as text, and whether it stands between line ends or before a CR. */
export interface ResultLine {
  readonly text: string;
  readonly inWords: boolean;
}

/** The final result in the form that was asked for; undefined where it is not printed. */
export function resultLine(result: Result, format: PrintFormat): ResultLine | undefined {
  if (result === 'none' || format.quiet) return undefined;
  if (typeof result === 'object' && format.cmee > 0) {
    const [kind, code, words] =
      'cme' in result ? ['CME', result.cme, cmeWords(result.cme)] : ['CMS', result.cms, cmsWords(result.cms)];
    return { text: `+${kind} ERROR: ${format.cmee === 1 ? code : words}`, inWords: true };
  }
  const word = typeof result === 'object' ? 'ERROR' : result;
  if (!format.verbose) return { text: `${NUMBERS[word]}`, inWords: false };
  const speed = word === 'CONNECT' && format.connectText > 0 ? ` ${format.baudRate}` : '';
  return { text: word + speed, inWords: true };
}

/** A final result, byte for byte. */
export function printResult({ text, inWords }: ResultLine, { cr, lf }: LineEnd): Uint8Array {
  return textBytes(inWords ? cr + lf + text + cr + lf : text + cr);
}

/** An unsolicited unit, or that follows a result. */
export function printUnsolicited(parts: readonly Part[], { cr, lf }: LineEnd): Uint8Array {
  return joinBytes([cr + lf, ...parts.flatMap((part) => [part, cr + lf])]);
}

/** The prompt: no line end follows. */
export function printPrompt({ cr, lf }: LineEnd, sign = '>'): Uint8Array {
  return textBytes(`${cr}${lf}${sign}`);
}

/** The results of `ATV0` (ITU-T V.250, 5.7.1). */
const NUMBERS = { OK: 0, CONNECT: 1, 'NO CARRIER': 3, ERROR: 4, 'CONNECT FAIL': 3 };

/** The words of `+CME ERROR` with `AT+CMEE=2` (3GPP TS 27.007, 9.2; AT command manual, 19). */
const CME_WORDS: Readonly<Record<number, string>> = {
  0: 'phone failure',
  3: 'operation not allowed',
  4: 'operation not supported',
  5: 'PH-SIM PIN required',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  13: 'SIM failure',
  14: 'SIM busy',
  15: 'SIM wrong',
  16: 'incorrect password',
  17: 'SIM PIN2 required',
  18: 'SIM PUK2 required',
  30: 'no network service',
  33: 'requested service option not subscribed',
  50: 'Incorrect parameters',
  100: 'unknown',
  133: 'requested service option not subscribed',
};

/** What `AT+CMEE=2` prints for a code. */
export function cmeWords(code: number): string {
  return CME_WORDS[code] ?? 'unknown';
}

/** The words of `+CMS ERROR` (AT command manual, 28.4; 3GPP TS 24.011, E-2 below 256). */
const CMS_WORDS: Readonly<Record<number, string>> = {
  38: 'Network out of order',
  300: 'ME failure',
  302: 'Operation not allowed',
  303: 'Operation not supported',
  304: 'Invalid PDU mode parameter',
  305: 'Invalid text mode parameter',
  310: 'SIM not inserted',
  311: 'SIM PIN required',
  313: 'SIM failure',
  314: 'SIM busy',
  316: 'SIM PUK required',
  321: 'Invalid memory index',
  322: 'Memory full',
  330: 'SMSC address unknown',
  331: 'no network service',
  332: 'Network timeout',
  340: 'no +CNMA acknowledgement expected',
  342: 'SMS size more than expected',
};

/** What `AT+CMEE=2` prints for a code of `+CMS ERROR`. */
function cmsWords(code: number): string {
  return CMS_WORDS[code] ?? 'unknown error';
}

export function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

export function joinBytes(parts: readonly Part[]): Uint8Array {
  const chunks = parts.map((part) => (typeof part === 'string' ? textBytes(part) : part));
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
