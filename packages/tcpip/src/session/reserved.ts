import { AtError } from '@a7600/at-codec';
import type { LineCommand } from './command-line.js';
import { BY_PAYLOAD } from './raw.js';

/** Why a command of the user may not be sent as it is, and what to use instead. */
type Refusal = (command: LineCommand) => string | undefined;

/** What the commands of a line have in addition to their text. */
export interface Circumstances {
  /** There is something to send at the prompt. */
  readonly hasPayload: boolean;
  /** The sender expects data mode. */
  readonly connects: boolean;
}

const PAYLOAD =
  'it asks for data, which raw() cannot give, and everything that is sent next would be taken for that data';

/** Commands that the module answers with a prompt (AT command manual, chapters 9, 11, 16 to 19; 3GPP TS 27.005, 3.5). */
const PROMPTING: Readonly<Record<string, string>> = {
  '+CIPSEND': 'Write to a socket of network.connect() or network.bind(), or run cipSend({ link, bytes }).',
  ...Object.fromEntries(
    [
      ...[
        '+CMGS',
        '+CMGW',
        '+CMGSEX',
        '+CMGC',
        '+CNMA',
        '+CCERTDOWN',
        '+CCHSEND',
        '+CHTTPSSEND',
        '+CFTRANRX',
      ],
      ...['+CMQTTTOPIC', '+CMQTTPAYLOAD', '+CMQTTWILLTOPIC', '+CMQTTWILLMSG', '+CMQTTSUBTOPIC'],
      ...['+CMQTTSUB', '+CMQTTUNSUBTOPIC', '+CMQTTUNSUB'],
    ].map((name) => [name, BY_PAYLOAD]),
  ),
  '+HTTPDATA':
    'It asks with DOWNLOAD, which the SDK cannot answer: use an HTTP client over network.connect().',
};

/** So many values need no data: `AT+CMQTTSUB=0` subscribes to topics that were given before. */
const WITHOUT_DATA: Readonly<Record<string, number>> = { '+CMQTTSUB': 2, '+CMQTTUNSUB': 2, '+CNMA': 1 };

const LINE_ENDS: Readonly<Record<string, string>> = { S3: '13', S4: '10', S5: '8' };
const READS =
  'the SDK reads the results of the module by their words and line ends (ATV1, ATQ0, S3=13, S4=10)';
const DATA_MODE = 'it leads to data mode, in which the SDK could not send a command any more';

/** Settings of the line on which the SDK relies. */
const LINE: Readonly<Record<string, Refusal>> = {
  E: ({ values: [on = '0'] }) =>
    on === '0' ? undefined : 'the SDK takes a module that echoes again for one that has restarted',
  V: ({ values: [words = '0'] }) => (words === '0' ? READS : undefined),
  Q: ({ values: [silent = '0'] }) => (silent === '0' ? undefined : READS),
  S3: lineEnd,
  S4: lineEnd,
  S5: lineEnd,
  '+IPR': speed,
  '+IPREX': speed,
  '+ICF': speed,
  '+CATR': ({ form, values: [port = '0'] }) =>
    form === 'set' && port !== '0'
      ? 'the SDK needs the reports of the module, which AT+CATR=0 sends to all ports'
      : undefined,
  '+CMUX': ({ form }) =>
    form === 'set' ? 'the line would carry frames then. Open the module with multiplexed()' : undefined,
};

function lineEnd({ name, form, values: [value = '0'] }: LineCommand): string | undefined {
  return form === 'set' && Number(value) !== Number(LINE_ENDS[name]) ? READS : undefined;
}

function speed({ form }: LineCommand): string | undefined {
  if (form !== 'set') return undefined;
  return 'the port would go on with the old setting. Change it before the modem is opened, which may then try several `baudRates`';
}

/**
 * Throws `INVALID_ARGUMENT` for a command line of the user that would take the line to the module away from the SDK: one
 * that asks for data, leads to data mode, or changes how the module talks.
 */
export function assertSendable(commands: readonly LineCommand[], circumstances: Circumstances): void {
  const last = commands.at(-1);
  for (const command of commands) {
    const why =
      LINE[command.name]?.(command) ??
      (command === last && circumstances.hasPayload ? undefined : askingForData(command)) ??
      (circumstances.connects ? undefined : leadingToDataMode(command));
    if (why !== undefined) throw new AtError('INVALID_ARGUMENT', `AT${command.name} was not sent: ${why}.`);
  }
}

function askingForData({ name, form, values }: LineCommand): string | undefined {
  const asks =
    form === 'set' ? values.length > (WITHOUT_DATA[name] ?? 0) : form === 'execute' && name === '+CMGW';
  const advice = asks ? PROMPTING[name] : undefined;
  return advice && `${PAYLOAD}. ${advice.replace(/\.$/, '')}`;
}

function leadingToDataMode({ name, values: [dialled = ''] }: LineCommand): string | undefined {
  if (name === 'O') return `${DATA_MODE}. Use enterDataMode() of the transparent session`;
  if (name === '+CGDATA') return `${DATA_MODE}. Use network.transparent()`;
  // A call with a `;` is one of voice (ITU-T V.250, 6.3.1).
  const isDataCall = name === 'D' && !dialled.endsWith(';');
  return isDataCall ? `${DATA_MODE}. Use network.transparent(), or end a voice call with ";"` : undefined;
}

/** Whether a command sets back how the module talks: echo, form of the results, and perhaps more. */
export function setsBack({ name }: LineCommand): boolean {
  return name === '&F' || name === 'Z';
}

/** Whether a command restarts the module, or switches it off. */
export function restarts({ name, form, values }: LineCommand): boolean {
  if (name === '+CFUN') return form === 'set' && (values[1] === '1' || values[0] === '6');
  return ['+CRESET', '+CPOF', '+CPOWD'].includes(name) && form !== 'read' && form !== 'test';
}
