import { cereg, cfun, cgatt, cgreg, cops, cpsi, creg, csq } from '@a7600/at-codec';
import { registrationWords, signalWords } from '../../dialogue/decoded.js';
import { Concluded, type Examination } from '../examination.js';
import { found } from '../finding.js';
import type { Routine } from '../routine.js';
import { type Verdict, verdict } from '../verdicts.js';
import { textOf } from './module.js';

/** `<stat>` (3GPP TS 27.007, 7.2); 6, 7 and 11 carry data on data-only modules (Q-40). */
const REGISTERED = [1, 5, 6, 7, 11];
const DENIED = 3;
/** `<mode>` of `AT+COPS?`: out of every network. */
const DESELECTED = 2;
const UNKNOWN_SIGNAL = 99;

const POLL = 1_000;

/** Whether the module has a network: radio, signal, registration, attachment. */
export function* registration(examination: Examination): Routine<void> {
  const radio = yield* examination.expectAnswer(cfun.read());
  if (radio.value === 0 || radio.value === 4) {
    throw new Concluded(verdict('RADIO_OFF', radio.lines, examination.command('at', 'AT+CFUN=1')));
  }
  const until = examination.now + examination.options.readyTimeout;
  for (;;) {
    const { stat, lines } = yield* state(examination);
    if (REGISTERED.includes(stat)) {
      yield* registered(examination, stat);
      return;
    }
    const chosen = yield* examination.expectAnswer(cops.read());
    if (chosen.value?.mode === DESELECTED) {
      throw new Concluded(verdict('DESELECTED', chosen.lines, examination.command('at', 'AT+COPS=0')));
    }
    if (stat === DENIED || examination.now >= until) {
      throw new Concluded(yield* unregistered(examination, stat, lines));
    }
    yield* examination.pause(POLL);
  }
}

interface State {
  readonly stat: number;
  readonly lines: readonly string[];
}

/** The best of what the three commands say: which of them tells depends on the network. */
function* state(examination: Examination): Routine<State> {
  let best: State = { stat: 0, lines: [] };
  for (const family of [cereg, cgreg, creg]) {
    const { value, lines } = yield* examination.expectAnswer(family.read());
    if (value === undefined) continue;
    if (REGISTERED.includes(value.stat)) return { stat: value.stat, lines };
    if (best.stat !== DENIED) best = { stat: value.stat, lines };
  }
  return best;
}

function* registered(examination: Examination, stat: number): Routine<void> {
  const operator = yield* examination.value(cops.read());
  const signal = yield* examination.value(csq());
  yield found(
    'good',
    'network',
    `${registrationWords(stat)}${operator?.name === undefined ? '' : `: ${operator.name}`}`,
  );
  if (signal !== undefined) {
    const weak = signal.rssi < 8 || signal.rssi === UNKNOWN_SIGNAL;
    yield found(weak ? 'note' : 'good', 'signal', signalWords(signal.rssi));
  }
  const cell = yield* examination.value(cpsi());
  const band = cell?.details.find((detail) => /BAND/i.test(detail));
  if (band !== undefined) yield found('good', 'band', `${cell?.system}, ${band}`);
  const modes = yield* examination.ask(textOf('AT+CNMP?'));
  if (isRestricted(modes))
    yield found('note', 'band', `the module may use some generations only: ${modes.lines[0]}`);
  const attached = yield* examination.expectAnswer(cgatt.read());
  if (attached.value === false) {
    throw new Concluded(verdict('NOT_ATTACHED', attached.lines, examination.command('at', 'AT+CGATT=1')));
  }
}

/** `<mode>` of `AT+CNMP?`: 2 is automatic, each other one keeps the module to some generations (GSM, LTE). */
function isRestricted({ value }: { readonly value: string | undefined }): boolean {
  const mode = Number.parseInt(value ?? '', 10);
  return !Number.isNaN(mode) && mode !== 2;
}

function* unregistered(examination: Examination, stat: number, lines: readonly string[]): Routine<Verdict> {
  const signal = yield* examination.expectAnswer(csq());
  const evidence = [...lines, registrationWords(stat), ...signal.lines];
  const next = examination.command('doctor');
  if (stat === DENIED) {
    const cause = yield* examination.ask(textOf('AT+CEER'));
    return verdict('REGISTRATION_DENIED', [...evidence, ...cause.lines]);
  }
  const modes = yield* examination.ask(textOf('AT+CNMP?'));
  if (isRestricted(modes)) {
    return verdict('MODE_RESTRICTED', [...evidence, ...modes.lines], examination.command('at', 'AT+CNMP=2'));
  }
  const rssi = signal.value?.rssi ?? UNKNOWN_SIGNAL;
  return verdict(rssi === UNKNOWN_SIGNAL || rssi === 0 ? 'NO_SIGNAL' : 'NOT_REGISTERED', evidence, next);
}
