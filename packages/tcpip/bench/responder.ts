import type { ByteLink } from '@a7600/transport';

/** Bytes of one read. */
export const READ_LENGTH = 1_500;
const LINK = 9;

const PAYLOAD = 'x'.repeat(READ_LENGTH);
const BLOCK = `\r\n+CIPRXGET: 2,${LINK},${READ_LENGTH},${READ_LENGTH}\r\n${PAYLOAD}\r\n\r\nOK\r\n`;
/** Bytes of the answer to one read. */
export const BLOCK_LENGTH = BLOCK.length;
/** The command for one read. */
export const READ = `AT+CIPRXGET=2,${LINK},${READ_LENGTH}\r`;
/** The command for one send, what asks for its payload, and what it is answered with then. */
export const SEND = `AT+CIPSEND=${LINK},${READ_LENGTH}\r`;
export const PROMPT = '\r\n>';
export const sent = (linkAndLength: string) =>
  `\r\nOK\r\n\r\n+CIPSEND: ${linkAndLength},${linkAndLength.split(',')[1]}\r\n`;

const OK = '\r\nOK\r\n';
const NO_DATA = '\r\n+IP ERROR: No data\r\n\r\nERROR\r\n';

/** Just enough of a module to be opened, to be asked, and, if `endless`, to be read from without end. */
export function answer(line: string, endless: boolean): string {
  if (line === 'AT') return OK;
  if (line.startsWith('AT+CIPRXGET=2,')) {
    return endless && line.startsWith(`AT+CIPRXGET=2,${LINK},`) ? BLOCK : NO_DATA;
  }
  if (line.startsWith('AT+CIPOPEN=')) {
    const link = line.slice('AT+CIPOPEN='.length, line.indexOf(','));
    return `${OK}\r\n+CIPOPEN: ${link},0\r\n${endless ? `\r\n+CIPRXGET: 1,${link}\r\n` : ''}`;
  }
  if (line.startsWith('AT+CIPCLOSE='))
    return `${OK}\r\n+CIPCLOSE: ${line.slice('AT+CIPCLOSE='.length)},0\r\n`;
  return `${ANSWERS[line] ?? ''}${OK}`;
}

const ANSWERS: Readonly<Record<string, string>> = {
  'AT+SIMCOMATI':
    '\r\nManufacturer: SIMCOM INCORPORATED\r\nModel: A7672E-FASE\r\nRevision: A011B19A7672M7_F\r\n',
  'AT+CMEE?': '\r\n+CMEE: 2\r\n',
  'AT+CSCLK?': '\r\n+CSCLK: 0\r\n',
  'AT+CFUN?': '\r\n+CFUN: 1\r\n',
  'AT+CPIN?': '\r\n+CPIN: READY\r\n',
  'AT+CEREG?': '\r\n+CEREG: 0,1\r\n',
  'AT+CIPMODE?': '\r\n+CIPMODE: 0\r\n',
  'AT+CIPCCFG?': '\r\n+CIPCCFG: 10,0,0,1,0,0,500,1\r\n',
  'AT+NETOPEN?': '\r\n+NETOPEN: 0\r\n',
  'AT+NETOPEN': '\r\n+NETOPEN: 0\r\n',
  'AT+IPADDR': '\r\n+IPADDR: 10.0.0.2\r\n',
  'AT+CIPCLOSE?': '\r\n+CIPCLOSE: 1,1,1,1,1,1,1,1,1,1\r\n',
  'AT+CSQ': '\r\n+CSQ: 20,0\r\n',
};

/** Answers each line that comes over `link`, each in a turn of its own; see {@link answer}. */
export function respond(
  link: Pick<ByteLink, 'received$' | 'write'>,
  endless = false,
  answerTo = answer,
): void {
  const encoder = new TextEncoder();
  let pending = '';
  /** What is sent at the moment, `9,1500`. */
  let sending: string | undefined;
  const print = (text: string) => {
    const reply = encoder.encode(text);
    queueMicrotask(() => link.write(reply).subscribe({ error: () => {} }));
  };
  link.received$.subscribe({
    next: (bytes) => {
      pending += String.fromCharCode(...bytes);
      for (;;) {
        const length = sending === undefined ? pending.indexOf('\r') : Number(sending.split(',')[1]);
        if (length < 0 || length > pending.length) return;
        const taken = pending.slice(0, length);
        if (sending !== undefined) {
          print(sent(sending));
          sending = undefined;
          pending = pending.slice(length);
          continue;
        }
        pending = pending.slice(length + 1);
        if (taken.startsWith('AT+CIPSEND=')) sending = taken.slice('AT+CIPSEND='.length);
        print(sending === undefined ? answerTo(taken, endless) : PROMPT);
      }
    },
    error: () => {},
  });
}
