import fc from 'fast-check';
import { bytesOf, joined } from './bytes.js';
import { protocolPayload } from './payload.js';

/**
 * Something that a module prints in one go, line ends included. `parts` is what a right parser
 * makes of it: a string for the text of a line, bytes for a payload.
 */
export interface Frame {
  /** Everything, as it is printed. */
  readonly bytes: Uint8Array;
  /** What a parser should find: lines as text, payload as bytes. */
  readonly parts: readonly (string | Uint8Array)[];
}

const number = (max: number) => fc.nat(max).map(String);
const link = number(9);
const port = fc.integer({ min: 1, max: 65_535 }).map(String);

/** Texts with places to be filled in, each by an arbitrary. */
function text(parts: TemplateStringsArray, ...values: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...values).map((filled) => parts.reduce((all, part, at) => all + filled[at - 1] + part));
}

/**
 * The text of an unsolicited line of a SIMCom A7600-series module: sockets, network, SIM, time,
 * calls, GNSS and other services. Late results of commands (`+CIPOPEN: 0,0`) are not among them.
 *
 * @returns An arbitrary of lines without line ends.
 */
export function urcLine(): fc.Arbitrary<string> {
  return fc.oneof(
    text`+CIPRXGET: 1,${link}`,
    text`+IPCLOSE: ${link},${number(2)}`,
    text`+CLIENT: ${link},${number(3)},${fc.ipV4()}:${port}`,
    fc.constant('+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY'),
    text`+CGEV: ${fc.constantFrom('EPS PDN ACT 1', 'ME PDN ACT 8,1', 'NW PDN DEACT 1', 'ME DETACH', 'NW REATTACH')}`,
    text`+${fc.constantFrom('CREG', 'CGREG', 'CEREG')}: ${number(5)}`,
    text`+CREG: ${number(5)},"${fc.constantFrom('230A', '00C3')}","${fc.constantFrom('A9F2', '1')}"`,
    fc.constantFrom('+SIMCARD: NOT AVAILABLE', 'CLOSED', 'CONNECT 115200', 'NO CARRIER', 'RING'),
    fc.constantFrom(
      '*PSUTTZ: 2024,1,5,10,20,30,"+4",0',
      'DST: 1',
      '+CTZV: +8',
      '+NITZ: 1,2',
      '*RADIOPOWER: 0',
    ),
    fc.constantFrom('+CMTI: "SM",3', 'VOICE CALL: END: 000012', 'MISSED_CALL: 12:00AM 123', '+CLIP: "1",129'),
    fc.constantFrom('+CGNSSPWR: READY!', '$GNRMC,1,V,,,,,,,,,,N*4D', '+CMQTTNONET', '+CMQTTCONNLOST: 0,1'),
    fc.constantFrom(
      'UNDER-VOLTAGE WARNING',
      '+CHTTPSNOTIFY: PEER CLOSED',
      '+CNSMOD: 8',
      'SMS DONE',
      'PB DONE',
    ),
  );
}

/**
 * A line as a module prints it: between two line ends.
 *
 * @param line Without line ends.
 * @returns The frame.
 */
export function lineFrame(line: string): Frame {
  return { bytes: bytesOf(`\r\n${line}\r\n`), parts: [line] };
}

/**
 * One unsolicited line; see {@link urcLine}.
 *
 * @returns An arbitrary of frames.
 */
export function urcFrame(): fc.Arbitrary<Frame> {
  return urcLine().map(lineFrame);
}

/**
 * The lines that a module prints while it starts, of A76xx and of SIM7600, in the orders and with
 * the gaps that occur: a NUL in front, no SIM, no `SMS DONE`.
 *
 * @returns An arbitrary of frames.
 */
export function bootTrain(): fc.Arbitrary<Frame> {
  const a76xx = fc
    .record({
      nul: fc.boolean(),
      simId: fc.boolean(),
      rest: fc.oneof(
        fc.shuffledSubarray(['+CPIN: READY', 'SMS DONE', '+CGEV: EPS PDN ACT 1', 'PB DONE']),
        fc.constantFrom(['+SIMCARD: NOT AVAILABLE'], ['+CPIN: SIM REMOVED']),
      ),
    })
    .map(({ nul, simId, rest }) => ({
      nul,
      lines: ['*ATREADY: 1', ...(simId ? ['*ISIMAID: "A0000000871004F310FFFF89080000FF"'] : []), ...rest],
    }));
  const sim7600 = fc
    .shuffledSubarray(['+CPIN: READY', 'SMS DONE', 'PB DONE'])
    .map((rest) => ({ nul: false, lines: ['RDY', ...rest] }));
  return fc.oneof(a76xx, sim7600).map(({ nul, lines }) => ({
    bytes: bytesOf((nul ? '\0' : '') + lines.map((line) => `\r\n${line}\r\n`).join('')),
    parts: lines,
  }));
}

/**
 * Data that a module pushes: its header in every spelling that occurs, and payload of protocol words.
 *
 * @returns An arbitrary of frames.
 */
export function pushFrame(): fc.Arbitrary<Frame> {
  const sender = fc.tuple(fc.constantFrom('', 'RECV FROM:', '+RECV FROM:', 'RECV FROM: '), fc.ipV4(), port);
  const header = fc.constantFrom(
    (length: number) => `+IPD${length}`,
    (length: number) => `+IPD ${length}`,
    (length: number) => `+IPD(${length})`,
    (length: number) => `+IPD,${length}`,
    (length: number) => `+IPD${length}:`,
    (length: number) => `+RECEIVE,3,${length}`,
    (length: number) => `+RECEIVE,3,${length}:`,
  );
  return fc
    .tuple(sender, header, protocolPayload({ maxLength: 120 }))
    .map(([[from, ip, of], spell, payload]) => {
      const lines = [...(from === '' ? [] : [`${from}${ip}:${of}`]), spell(payload.length)];
      return {
        bytes: joined([bytesOf(`\r\n${lines.map((line) => `${line}\r\n`).join('')}`), payload]),
        parts: [...lines, payload],
      };
    });
}

/**
 * A read from the buffer of a link: header, payload of protocol words, `OK`. `spaced` says whether an
 * empty line stands before `OK`: a module prints one always or never.
 *
 * @param spaced Whether an empty line stands before `OK`. Default: either.
 * @returns An arbitrary of frames.
 */
export function readFrame(spaced: fc.Arbitrary<boolean> = fc.boolean()): fc.Arbitrary<Frame> {
  return fc
    .tuple(fc.nat(9), fc.nat(64_000), spaced, protocolPayload({ maxLength: 120 }))
    .map(([of, rest, blank, payload]) => {
      const header = `+CIPRXGET: 2,${of},${payload.length},${rest}`;
      const end = `\r\n${blank ? '\r\n' : ''}OK\r\n`;
      return {
        bytes: joined([bytesOf(`\r\n${header}\r\n`), payload, bytesOf(end)]),
        parts: [header, payload, 'OK'],
      };
    });
}

/**
 * An answer without payload: no, one or several lines with or without blank lines between, and a result.
 *
 * @returns An arbitrary of frames.
 */
export function answerFrame(): fc.Arbitrary<Frame> {
  const info = fc.constantFrom(
    '+CSQ: 23,0',
    '+CREG: 0,1',
    '+CIPOPEN: 0',
    '+CIPOPEN: 1,"TCP","117.131.85.139",5253,-1',
    '+CGDCONT: 1,"IP","a,b","0.0.0.0",0,0,,,,',
    'SIMCOM INCORPORATED',
    'DeviceInfo:',
    '861234567890123',
  );
  const result = fc.constantFrom('OK', 'ERROR', '+CME ERROR: 13', '+CME ERROR: SIM not inserted');
  return fc.tuple(fc.array(info, { maxLength: 4 }), fc.boolean(), result).map(([lines, spaced, final]) => {
    const listing = lines.join(spaced ? '\r\n\r\n' : '\r\n');
    return {
      bytes: bytesOf(`${lines.length === 0 ? '' : `\r\n${listing}\r\n`}\r\n${final}\r\n`),
      parts: [...lines, final],
    };
  });
}
