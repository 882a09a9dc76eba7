import {
  type Command,
  command,
  executeCommand,
  family,
  NETWORK,
  plainLine,
  testCommand,
  textField,
  unreadable,
} from '../command.js';
import type { Line } from '../decoder/line.js';

/** What a module says that it is. A field is absent when the firmware does not print it. */
export interface Identity {
  /** `SIMCOM INCORPORATED`. */
  readonly manufacturer?: string;
  /** `A7600E-H`. */
  readonly model?: string;
  /** The revision of the firmware. */
  readonly revision?: string;
  /** The build, which some firmware prints in a line without a key. */
  readonly build?: string;
  /** The IMEI, 15 digits. */
  readonly imei?: string;
  /** All lines, also those that have no field here. */
  readonly lines: readonly string[];
}

/** Keys of the lines of `ATI` and `AT+SIMCOMATI`; `+GCAP` stands among them, and some have no value. */
const KEYS = ['Manufacturer', 'Model', 'Revision', 'QCN', 'IMEI', 'MEID', '+GCAP', 'DeviceInfo'];
/** A build is one word of letters and digits: `A7670M4_B01V01_230724`, `LE20B04SIM7600M22`. */
const BUILD = /^(?=.*[A-Z])(?=.*\d)[\w.-]{8,}$/;

/** `ATI`: what the module is. */
export const ati = /* @__PURE__ */ identityCommand('I', 'manual 2', 'ATI');
/** `+SIMCOMATI`: what the module is, with its build. */
export const simcomAti = /* @__PURE__ */ identityCommand('+SIMCOMATI', 'manual 2', 'AT+SIMCOMATI');

/** `+CGMM`: the model. The answer is a bare line. */
export const cgmm = /* @__PURE__ */ bareLine('+CGMM', /^(?=.*\d)[A-Z][\w-]*$/);
/** `+CGSN`: the IMEI. The answer is a bare line. */
export const cgsn = /* @__PURE__ */ bareLine('+CGSN', /^\d{14,17}$/);
/** `+CIMI`: the IMSI of the SIM. The answer is a bare line. */
export const cimi = /* @__PURE__ */ bareLine('+CIMI', /^\d{6,15}$/);
/** `+CGMR`: the revision of the firmware. */
export const cgmr = /* @__PURE__ */ prefixedLine('+CGMR', '+CGMR');
/** `+CICCID`: the number of the SIM card. The answer begins with `+ICCID`. */
export const ciccid = /* @__PURE__ */ prefixedLine('+CICCID', '+ICCID');

function identityCommand(name: string, section: string, text: string) {
  return family(
    { name, section, quirks: ['Q-23'] },
    (): Command<Identity> =>
      command(plainLine(text), {
        timeout: NETWORK,
        claims: (line) => KEYS.includes(line.name) || BUILD.test(line.text),
        read: ({ lines }) => readIdentity(lines),
      }),
    {},
  );
}

function readIdentity(lines: readonly Line[]): Identity {
  const value = (key: string) => {
    const text = lines.find((line) => line.name === key)?.text;
    return text?.slice(key.length).replace(/^\s*:\s*/, '');
  };
  const fields = {
    manufacturer: value('Manufacturer'),
    model: value('Model'),
    revision: value('Revision'),
    build: lines.find((line) => BUILD.test(line.text))?.text,
    imei: value('IMEI'),
  };
  const present = Object.entries(fields).filter(([, text]) => text !== undefined);
  if (present.length === 0) throw unreadable('OK without a line that says what it is');
  return { ...Object.fromEntries(present), lines: lines.map((line) => line.text) };
}

/** The answer has no name to know it by, so that its form has to be enough. */
function bareLine(name: string, form: RegExp) {
  return family(
    { name, section: 'manual 2', quirks: ['Q-23'] },
    (): Command<string> =>
      command(plainLine(`AT${name}`), {
        claims: (line) => line.kind === 'text' && form.test(line.text),
        read: ({ line }) => line.text,
      }),
    { test: () => testCommand(name) },
  );
}

function prefixedLine(name: string, prefix: string) {
  return family(
    { name, section: 'manual 2', ...(name === prefix ? {} : { quirks: ['Q-23'] }) },
    (): Command<string> => ({
      ...executeCommand(name),
      claims: (line: Line) => line.name === prefix,
      read: ({ line }) => textField(line, 0),
    }),
    { test: () => testCommand(name) },
  );
}
