import { REDACTED, redactLine } from '@a7600/transport';
import { confirmsCloseDown } from '../base/close-down.js';
import { ModemError } from '../base/errors.js';

/** Bytes of what was heard that are kept. */
const KEPT = 400;
/** What the SDK sends to find a module. */
const WORDS = /ATQ0V1|ATS3=13S4=10|AT(?=\s)|\+\+\+/g;
const CHARACTERS = ' \r\n\x1b\xf9\x03\xef\x05\xc3\x01\xf2';
/** Characters of a word that was cut where what is kept begins or ends. */
const CUT = 12;
/** Sentences of a satellite receiver (NMEA 0183). */
const NMEA = /\$(?:G[ABLNPQ]|BD|QZ)[A-Z]{3},[\d.,NSEWAVM-]*/;

/**
 * What came from a link before the module answered: it says what is at the other end, if it is no
 * port for AT commands.
 */
export class FirstWords {
  private heard = '';

  add(bytes: Uint8Array): void {
    const text = Array.from(bytes.subarray(-KEPT), (byte) => String.fromCharCode(byte)).join('');
    this.heard = (this.heard + text).slice(-KEPT);
  }

  /** The error for a module that did not answer, at any of `rates` if several were tried; `explanation` is a sentence. */
  silent(rates: readonly number[], explanation = ''): ModemError {
    const rate =
      rates.length > 1
        ? ` at any of the rates that were tried (${rates.join(', ')} bit/s)`
        : rates.length === 1
          ? ` at ${rates[0]} bit/s`
          : '';
    const said = this.said;
    if (NMEA.test(this.heard)) {
      return new ModemError(
        'WRONG_PORT',
        'The port prints positions (NMEA) and does not answer AT: it is the one of the satellite receiver. Open the ' +
          'port for AT commands of the module; listModems() names it.',
      );
    }
    if (confirmsCloseDown(this.heard)) {
      return new ModemError(
        'MODULE_SILENT',
        'The module multiplexes this line since an earlier program (AT+CMUX), and did not return to plain AT mode when ' +
          'it was asked to. Open it with multiplexed(), reset it, or switch its power off and on.',
      );
    }
    if (isOurOwn(this.heard)) {
      return new ModemError(
        'MODULE_SILENT',
        `What is sent comes back${rate}, and nothing answers it. TX and RX may be joined, or a program echoes it. Check ` +
          'the cable and the port.',
      );
    }
    const noise = this.heard !== '' && said === undefined;
    const heard = noise
      ? 'Bytes come that are no text: the baud rate may be wrong, or the port be the one for diagnostics. '
      : said === undefined
        ? ''
        : `It printed "${said}". `;
    return new ModemError(
      'MODULE_SILENT',
      `The module does not answer AT${rate}.${explanation} ${heard}Check its power, the port (a module has several, one of them ` +
        'takes AT commands) and the baud rate.',
    );
  }

  /** The last words, as part of a message; empty when nothing readable came. */
  get quoted(): string {
    return this.said === undefined ? '' : ` Before that it printed "${this.said}".`;
  }

  private get said(): string | undefined {
    // What is kept may begin in the middle of a line, whose command is gone.
    const whole = this.heard.length < KEPT ? this.heard : this.heard.replace(/^[^\r\n]*[\r\n]/, '');
    const lines = whole.split(/[\r\n]+/).map(withoutSecrets);
    const printable = lines
      .join(' ')
      .replace(/[^\x20-\x7e█]+/g, ' ')
      .trim();
    const share = this.heard.replace(/[^\x20-\x7e\r\n]/g, '').length / Math.max(1, this.heard.length);
    return printable === '' || share < 0.8 ? undefined : printable.slice(-120);
  }
}

/**
 * A line that was heard, as others may read it: one of a dialogue with a module without what is not public, the words of
 * a server without numbers as long as those that identify a person or a SIM.
 */
function withoutSecrets(line: string): string {
  return DIALOGUE.test(line)
    ? redactLine(line)
    : line.replace(LONG_NUMBER, (number) => REDACTED.repeat(number.length));
}

const DIALOGUE = /^\s*(?:AT|[+*^$#][A-Z])/i;
const LONG_NUMBER = /\d{6,}/g;

/** Whether nothing was heard but what was sent. */
function isOurOwn(heard: string): boolean {
  const others = Array.from(heard.replace(WORDS, '')).filter((character) => !CHARACTERS.includes(character));
  return (heard.match(/AT\s/g)?.length ?? 0) > 1 && others.length <= CUT;
}
