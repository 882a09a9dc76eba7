import {
  ati,
  type Command,
  catr,
  cipMode,
  cipOpen,
  command,
  csclk,
  ifc,
  type Line,
  plainLine,
  serverStart,
  simcomAti,
} from '@a7600/at-codec';
import { Concluded, type Examination } from '../examination.js';
import { found } from '../finding.js';
import { faultsOf } from '../firmwares.js';
import type { Routine } from '../routine.js';
import { verdict } from '../verdicts.js';

/** Volts within which a module works (hardware design, VBAT), and below which a reading means nothing. */
const SUPPLY = { measured: 2.5, low: 3.4, high: 4.3 };
/** Degrees Celsius. */
const RANGE = { low: -40, high: 85 };

/** Who the module is, and whether it is in a state to work. */
export function* module(examination: Examination): Routine<void> {
  yield* identity(examination);
  yield* health(examination);
  yield* leftOver(examination);
}

/** A command whose answer is one line of text, whatever its form. */
export function textOf(text: string): Command<string> {
  const name = /^AT(\+[A-Z]+)/.exec(text)?.[1] ?? '';
  return command(plainLine(text), {
    // Some answers do not begin with the name of the command (Q-23).
    claims: (line: Line) => line.name === name || (line.kind === 'text' && !line.text.startsWith('+')),
    read: ({ lines }) => lines.map((line) => line.text.slice(name.length).replace(/^\s*:\s*/, '')).join(' '),
  });
}

function* identity(examination: Examination): Routine<void> {
  const said = yield* examination.expectAnswer(simcomAti());
  const { value, lines } = said.error === undefined ? said : yield* examination.expectAnswer(ati());
  const model = value?.model ?? '';
  if (examination.supports(model)) {
    const firmware = value?.revision === undefined ? '' : `, firmware ${value.revision}`;
    yield found('good', 'module', `${model}${firmware}`);
    for (const text of faultsOf(model, value?.revision, value?.build)) yield found('note', 'firmware', text);
    return;
  }
  const other = yield* examination.ask(textOf('AT+CAOPEN=?'));
  if (other.lines.some((line) => line.startsWith('+CAOPEN:'))) {
    throw new Concluded(verdict('UNSUPPORTED_MODULE', [...lines, ...other.lines]));
  }
  const known = yield* examination.ask(textOf('AT+CIPOPEN=?'));
  // What says OK to everything does not know the command.
  if (known.error !== undefined || !known.lines.some((text) => text.startsWith('+CIPOPEN:')))
    throw new Concluded(verdict('NOT_A_MODEM', [...lines, `AT+CIPOPEN=?: ${known.lines.join(' ')}`]));
  yield found(
    'note',
    'module',
    `unknown model${model === '' ? '' : ` ${model}`}, with the TCP/IP commands of the family`,
  );
}

function* health(examination: Examination): Routine<void> {
  const supply = yield* examination.expectAnswer(textOf('AT+CBC'));
  const volts = Number.parseFloat(supply.value ?? '');
  if (volts >= SUPPLY.measured) {
    if (volts < SUPPLY.low) throw new Concluded(verdict('SUPPLY_LOW', supply.lines));
    if (volts > SUPPLY.high) throw new Concluded(verdict('SUPPLY_HIGH', supply.lines));
    yield found('good', 'supply', `${volts} V`);
  }
  const heat = yield* examination.expectAnswer(textOf('AT+CPMUTEMP'));
  const degrees = Number.parseFloat(heat.value ?? '');
  if (degrees > RANGE.high) throw new Concluded(verdict('TOO_HOT', heat.lines));
  if (degrees < RANGE.low) throw new Concluded(verdict('TOO_COLD', heat.lines));
  if (!Number.isNaN(degrees)) yield found('good', 'temperature', `${degrees} degrees Celsius`);
}

/** What earlier programs have left: worth knowing, and put right by the SDK. */
function* leftOver(examination: Examination): Routine<void> {
  const note = (text: string) => found('note', 'left over', text);
  const sleep = (yield* examination.value(csclk.read())) ?? 0;
  if (sleep === 1) yield note('the module sleeps while DTR is not asserted (AT+CSCLK=1)');
  if (sleep === 2) yield note('the module sleeps when nothing is sent for a while (AT+CSCLK=2)');
  const port = yield* examination.value(catr.read());
  if (port !== undefined && port > 1) yield note(`unsolicited lines go to another port (AT+CATR=${port})`);
  const flow = yield* examination.value(ifc.read());
  if (flow?.module === 2 || flow?.host === 2) yield note('RTS/CTS flow control is on (AT+IFC)');
  else if (flow !== undefined) yield found('good', 'flow control', 'none (AT+IFC)');
  examination.transparent = (yield* examination.value(cipMode.read())) === true;
  if (examination.transparent) yield note('transparent mode is set (AT+CIPMODE=1)');
  const servers = (yield* examination.value(serverStart.read())) ?? [];
  if (servers.length > 0) yield note(`${servers.length} servers of an earlier program listen`);
  const links = (yield* examination.value(cipOpen.read())) ?? [];
  if (links.length > 0) yield note(`${links.length} of 10 links are open`);
}
