import { cpin, isAtError } from '@a7600/at-codec';
import { Concluded, type Examination } from '../examination.js';
import { found } from '../finding.js';
import type { Routine } from '../routine.js';
import { type Verdict, verdict } from '../verdicts.js';
import { textOf } from './module.js';

/** `+CME ERROR` numbers (3GPP TS 27.007, 9.2). */
const NOT_INSERTED = 10;
const PIN_REQUIRED = 11;
const PUK_REQUIRED = 12;
const FAILURE = 13;

const POLL = 1_000;
/** A SIM is read within some seconds of a start. */
const READING = 15_000;

/** Whether the SIM can be used. A PIN that was given is tried once, if the SIM has more than one try left. */
export function* sim(examination: Examination): Routine<void> {
  const until = examination.now + READING;
  let tried = false;
  for (;;) {
    const { value, error, lines: said } = yield* examination.expectAnswer(cpin());
    const lines = said.some((text) => text !== 'OK')
      ? said
      : [`AT+CPIN? was answered with "${said.join(' ')}"`];
    if (value === 'READY') {
      const { left } = yield* triesLeft(examination);
      const tries = left === undefined ? '' : `, tries left for its PIN: ${left}`;
      yield found('good', 'SIM', `${tried ? 'unlocked with the PIN' : 'ready'}${tries}`);
      return;
    }
    const number = isAtError(error) ? error.number : undefined;
    const asks =
      value ?? (number === PIN_REQUIRED ? 'SIM PIN' : number === PUK_REQUIRED ? 'SIM PUK' : undefined);
    if (asks === 'SIM PIN' && !tried) {
      yield* unlock(examination, lines);
      tried = true;
    } else if (asks !== undefined && asks !== 'SIM PIN') {
      throw new Concluded(locked(asks, lines));
    } else if (number === NOT_INSERTED || /not inserted/i.test(lines.join(' '))) {
      throw new Concluded(verdict('SIM_MISSING', lines, examination.command('doctor')));
    } else if (number === FAILURE && examination.now >= until - READING / 2) {
      throw new Concluded(verdict('SIM_FAILED', lines, examination.command('doctor')));
    } else if (examination.now >= until) {
      throw new Concluded(verdict('SIM_NOT_READY', lines, examination.command('doctor')));
    } else yield* examination.pause(POLL);
  }
}

function locked(asks: string, lines: readonly string[]): Verdict {
  return verdict(/^SIM PUK/.test(asks) ? 'SIM_PUK' : 'SIM_LOCKED', lines);
}

function* unlock(examination: Examination, asked: readonly string[]): Routine<void> {
  const { pin } = examination.options;
  const { left } = yield* triesLeft(examination);
  const evidence = [...asked, ...(left === undefined ? [] : [`tries left for the PIN: ${left}`])];
  const next = examination.command('doctor', '--pin-file', 'FILE');
  if (pin === undefined || left === 1) throw new Concluded(verdict('SIM_PIN', evidence, next));
  const { error, lines } = yield* examination.ask(cpin.unlock({ pin }));
  if (error !== undefined) throw new Concluded(verdict('PIN_REFUSED', [...evidence, ...lines]));
}

/** How often a PIN may still be tried, if the module says so. */
function* triesLeft(examination: Examination): Routine<{ readonly left: number | undefined }> {
  const counters = (yield* examination.ask(textOf('AT+SPIC'))).value ?? '';
  const left = Number.parseInt(counters, 10);
  return { left: Number.isNaN(left) ? undefined : left };
}
