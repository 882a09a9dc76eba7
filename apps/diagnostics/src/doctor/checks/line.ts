import { type Command, command, plainLine, plusPlusPlus } from '@a7600/at-codec';
import type { ByteLink, SerialLink } from '@a7600/transport';
import { isUnanswered } from '../../dialogue/errors.js';
import { hideSecrets } from '../../dialogue/hide-secrets.js';
import { commandLine } from '../command-lines.js';
import { Concluded, type Examination } from '../examination.js';
import { found } from '../finding.js';
import { type Routine, wait } from '../routine.js';
import { verdict } from '../verdicts.js';

/** Time in ms for the answer to `AT`; a module needs some 10 ms. */
const ANSWER = 700;
/** Time in ms for a module that is starting: it says nothing for some 8 s. */
const START = 12_000;
/** Rates at which modules are found, the usual ones first. */
const RATES = [115_200, 9_600, 57_600, 230_400, 460_800, 921_600, 19_200, 38_400, 3_000_000];
/** Sentences of a satellite receiver (NMEA 0183). */
const NMEA = /\$(?:G[ABLNPQ]|BD|QZ)[A-Z]{3},[^\r\n]*/;

/** Finds out whether a module answers, and if not, what is there instead. */
export function* line(examination: Examination): Routine<void> {
  const { options } = examination;
  for (let tries = 1; tries <= 3; tries++) {
    const { error, echoed } = yield* examination.ask(EXPECTED, ANSWER);
    if (!isUnanswered(error)) {
      const slept = tries > 1 && (yield* sleeps(examination));
      if (slept) throw new Concluded(sleeping(examination));
      const rate = options.baudRate === undefined ? '' : ` at ${options.baudRate} baud`;
      const late = tries === 1 ? '' : `, at the ${ordinal(tries)} try`;
      yield found('good', 'answer', `answers AT${rate}${late}, ${echoed ? 'with' : 'without'} echo`);
      return;
    }
  }
  if (yield* answersInNumbers(examination)) {
    yield found('note', 'answer', 'an earlier program made it answer in numbers (ATV0); that is undone');
    return;
  }
  const nmea = (/\$G[NP]RMC,/.exec(examination.heard) ?? NMEA.exec(examination.heard))?.[0];
  if (nmea !== undefined) throw new Concluded(wrongPort(examination, nmea));
  if (yield* leavesData(examination)) {
    throw new Concluded(
      verdict('DATA_MODE', ['AT was answered only after +++'], examination.command('doctor')),
    );
  }
  const rate = yield* atAnotherRate(examination);
  if (rate !== undefined) {
    const connection = options.connection.replace(/ ?--baud \d+/, '');
    const next = commandLine({ ...options, connection }, 'doctor', '--baud', `${rate}`);
    throw new Concluded(
      verdict('WRONG_RATE', [`AT is answered at ${rate} baud, not at ${options.baudRate}`], next),
    );
  }
  if (yield* starts(examination)) {
    yield found('note', 'answer', 'answers AT now: it has just started');
    return;
  }
  throw new Concluded(silence(examination));
}

/** `ATV0` makes a module print `0` in place of `OK`. */
function* answersInNumbers(examination: Examination): Routine<boolean> {
  const { options, facts, heard } = examination;
  facts.inNumbers = options.known?.inNumbers ?? /(?:^|[\r\n])[04]\r/.test(heard);
  if (!facts.inNumbers) return false;
  const { error } = yield* examination.ask(command(plainLine('ATV1')), ANSWER);
  return error === undefined;
}

const EXPECTED: Command<void> = command(plainLine('AT'));

function* answers(examination: Examination, timeout = ANSWER): Routine<boolean> {
  const { error } = yield* examination.ask(EXPECTED, timeout);
  return !isUnanswered(error);
}

/** A module that sleeps lost the first `AT`, and says so in `AT+CSCLK?`. */
function* sleeps(examination: Examination): Routine<boolean> {
  const { lines } = yield* examination.ask(command(plainLine('AT+CSCLK?'), { claims: isText }), ANSWER);
  return lines.some((text) => /^\+CSCLK: ?[12]$/.test(text));
}

const isText = (line: { readonly kind: string }) => line.kind === 'text';

function sleeping(examination: Examination) {
  const evidence = ['the first AT was not answered, the second one was; AT+CSCLK? says that sleeping is on'];
  return verdict('SLEEPS', evidence, examination.command('at', 'AT', 'AT+CSCLK=0'));
}

function wrongPort({ options }: Examination, nmea: string) {
  const named = options.host.ports.find(({ role }) => role === 'at')?.path;
  const next = named === undefined ? 'a7600 list' : `a7600 doctor --serial ${named}`;
  return verdict('WRONG_PORT', [`it prints ${nmea.slice(0, 6)} …`], next);
}

/** Leaves data mode with `+++` and its guard times, and sees whether that made the module answer. */
function* leavesData(examination: Examination): Routine<boolean> {
  const guard = plusPlusPlus().guard ?? 1_000;
  yield* examination.pause(guard);
  yield* examination.write('+++');
  yield* examination.pause(guard);
  return yield* answers(examination);
}

function isSerial(link: ByteLink): link is SerialLink {
  return 'setBaudRate' in link;
}

function* atAnotherRate(examination: Examination): Routine<number | undefined> {
  const { link, options } = examination;
  if (!isSerial(link) || options.baudRate === undefined) return undefined;
  const given = options.baudRate;
  for (const rate of RATES) {
    if (rate === given) continue;
    try {
      yield* wait(link.setBaudRate(rate));
    } catch {
      // Not every port has every rate.
      continue;
    }
    // The first characters may be lost, or mend an automatic rate.
    if ((yield* answers(examination, 300)) || (yield* answers(examination, 300))) return rate;
  }
  yield* wait(link.setBaudRate(given));
  return undefined;
}

/** Waits for a module that was just switched on. */
function* starts(examination: Examination): Routine<boolean> {
  const until = examination.now + START;
  while (examination.now < until) {
    if (yield* answers(examination, 1_000)) return true;
  }
  return false;
}

/** What is there, by what was heard. */
function silence(examination: Examination) {
  const { heard, options } = examination;
  const rate =
    options.baudRate === undefined ? '' : ` at ${options.baudRate} baud or at any other usual rate`;
  const nothing = `AT was not answered${rate}`;
  const next = examination.command('doctor');
  if (examination.restarts >= 2) {
    return verdict('RESTART_LOOP', [`${examination.restarts} starts within the examination, and no answer`]);
  }
  if (heard === '') return verdict('MODULE_SILENT', [`${nothing}; no byte came`], next);
  const readable = heard.replace(/[^\x20-\x7e\r\n]/g, '').length / heard.length >= 0.8;
  examination.facts.unreadable = options.known?.unreadable ?? !readable;
  if (examination.facts.unreadable)
    return verdict('UNREADABLE', [`${heard.length} bytes came, and they are no text`], next);
  // An earlier program may have left a command with a secret, which is echoed now.
  const text = hideSecrets(heard.replaceAll(/[\r\n]+/g, ' ').trim());
  if (/^(?:AT|\+\+\+| )+$/.test(text))
    return verdict('LOOPBACK', [`it sent back "${text.slice(0, 40)}"`], next);
  return verdict('NOT_A_MODEM', [`${nothing}; it printed "${text.slice(-100)}"`], next);
}

function ordinal(tries: number): string {
  return tries === 2 ? 'second' : 'third';
}
