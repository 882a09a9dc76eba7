import { ati, cmee, netClose } from '@a7600/at-codec';
import type { ByteLink, Transport } from '@a7600/transport';
import { catchError, concat, defer, from, isObservable, map, type Observable, of } from 'rxjs';
import { withLink } from '../dialogue/with-link.js';
import { clock } from './checks/clock.js';
import { line } from './checks/line.js';
import { module } from './checks/module.js';
import { network } from './checks/network.js';
import { registration } from './checks/registration.js';
import { sim } from './checks/sim.js';
import { traffic } from './checks/traffic.js';
import { accessOf, commandLine } from './command-lines.js';
import { Concluded, type DoctorOptions, Examination, type Facts, Restarted } from './examination.js';
import { type Finding, found } from './finding.js';
import { named, type Reached, transportVerdict } from './opening.js';
import { type Progress, perform, type Routine } from './routine.js';
import { type Verdict, type VerdictCode, verdict } from './verdicts.js';

/** A step of a diagnosis, then its verdict. */
export type Diagnosis = { readonly finding: Finding } | { readonly verdict: Verdict };

/** Puts back what the examination changed, last first. */
type Restore = (() => Routine<unknown>)[];

/** Time in ms in which a module that restarted is watched for another restart. */
const RESTARTS_WITHIN = 30_000;

/**
 * Examines a modem: the port, the module, its SIM, its networks, in the order in which they depend on each other.
 * Cold; emits each finding, then the verdict: the first cause in the chain. Never errors. The module is left as it
 * was found, but for what leaving data mode or a PIN has changed, and a login that replaced another one.
 *
 * @param facts is given what does not pass redaction
 */
export function diagnose(
  transport: Transport,
  options: DoctorOptions,
  facts: Facts = {},
): Observable<Diagnosis> {
  let reached: Reached = { answered: false, heard: '' };
  const examine = (link: ByteLink) => {
    const examination = new Examination(link, options, facts);
    reached = {
      get answered() {
        return examination.answers > 0;
      },
      get heard() {
        return examination.answers > 0 ? '' : examination.heard;
      },
    };
    return perform(() => examineWhole(examination)).pipe(
      map((progress) => {
        return diagnosisOf(progress, options);
      }),
    );
  };
  return concat(
    from(computer(options)).pipe(map((finding) => ({ finding }))),
    defer(() => withLink(transport, examine)),
  ).pipe(catchError((error: unknown) => of({ verdict: transportVerdict(error, options, reached) })));
}

function diagnosisOf(progress: Progress<Verdict>, options: DoctorOptions): Diagnosis {
  if (!('result' in progress)) return progress;
  const { result } = progress;
  if (result.code === 'WORKS' || result.next !== undefined) return { verdict: result };
  // After what the advice says, the examination shows whether it has helped.
  return { verdict: { ...result, next: commandLine(options, 'doctor') } };
}

/** What this computer says before the port is opened. */
function computer(options: DoctorOptions): Finding[] {
  const interfaces = named(options).map((text) =>
    found('note', 'interface', `${text}: programs can use it without AT commands`),
  );
  const { ports } = options.host;
  if (ports.length === 0) return interfaces;
  const list = ports.map(({ path, role }) => `${path} (${role})`).join(', ');
  return [found('good', 'USB', list), ...interfaces];
}

/** The examination; a module that restarts in the middle of it is watched, then examined again. */
function* examineWhole(examination: Examination): Routine<Verdict> {
  for (let restarts = 0; ; restarts++) {
    try {
      const conclusion = yield* examine(examination);
      return restarts === 0 || conclusion.code !== 'WORKS'
        ? conclusion
        : verdict('MODULE_RESTARTED', ['*ATREADY: 1']);
    } catch (error) {
      if (!(error instanceof Restarted)) throw error;
      yield found('bad', 'restart', 'the module started again by itself');
      if (restarts > 0) return verdict('RESTART_LOOP', [`${restarts + 1} restarts while it was examined`]);
      const before = examination.restarts;
      for (let waited = 0; waited < RESTARTS_WITHIN; waited += 1_000) {
        yield* examination.pause(1_000);
        if (examination.restarts > before) {
          return verdict('RESTART_LOOP', [`${examination.restarts} restarts within ${waited / 1_000 + 1} s`]);
        }
      }
    }
  }
}

/**
 * One pass through the chain, and a second one before anything is said that a damaged answer may have caused: a digit
 * that is lost on the line would otherwise become a voltage or a refusal.
 */
function* examine(examination: Examination): Routine<Verdict> {
  const started = examination.now;
  const first = yield* pass(examination);
  if (first.code === 'WORKS') return examination.isDamaged ? damaged(examination) : first;
  if (examination.answers === 0 || ONCE.includes(first.code)) return first;
  if (yield* isUnreliable(examination)) return damaged(examination);
  if (examination.now - started > SHORT) return first;
  const second = yield* silently(pass(examination));
  return second.code === 'WORKS' && examination.damage.length > 0 ? damaged(examination) : second;
}

/** Verdicts that a second pass cannot meet again, or must not. */
const ONCE: readonly VerdictCode[] = [
  'PIN_REFUSED',
  'DATA_MODE',
  'SLEEPS',
  'WRONG_RATE',
  'WRONG_PORT',
  'LINE_DAMAGED',
];
/** A pass in ms that is short enough to be done again. */
const SHORT = 15_000;

function damaged({ damage }: Examination): Verdict {
  return verdict('LINE_DAMAGED', damage.slice(0, 3));
}

/** Asks several times what the module is: the answer is long, and always the same. */
function* isUnreliable(examination: Examination): Routine<boolean> {
  const answers: string[] = [];
  for (let times = 0; times < 8; times++) {
    const { lines, error } = yield* examination.ask(ati(), 1_500);
    answers.push(error === undefined ? lines.join('\n') : error.message);
  }
  const [first = ''] = answers;
  const { known } = examination.options;
  const differs = known?.unreliable ?? answers.some((answer) => answer !== first);
  examination.facts.unreliable = differs;
  if (differs) examination.suspect('the same question (ATI) was answered differently');
  return differs || examination.damage.length > 0;
}

/** The same routine without what it finds. */
function* silently<T>(routine: Routine<T>): Routine<T> {
  let step = routine.next();
  while (!step.done) {
    if (!isObservable(step.value)) {
      step = routine.next();
      continue;
    }
    try {
      const value = yield step.value;
      step = routine.next(value);
    } catch (error) {
      step = routine.throw(error);
    }
  }
  return step.value;
}

/** One pass through the chain; what it changed is put back. */
function* pass(examination: Examination): Routine<Verdict> {
  const restore: Restore = [];
  const conclusion = yield* chain(examination, restore);
  for (const step of restore.reverse()) yield* step();
  return conclusion;
}

function* chain(examination: Examination, restore: Restore): Routine<Verdict> {
  try {
    yield* line(examination);
    yield* errorsInWords(examination, restore);
    yield* module(examination);
    yield* sim(examination);
    yield* registration(examination);
    const open = yield* network(examination, restore);
    if (open.own) restore.push(() => examination.ask(netClose(), 10_000));
    if (examination.transparent) yield found('note', 'connection', 'not tried: transparent mode is in use');
    else yield* traffic(examination, open, restore);
    yield* clock(examination);
    return verdict('WORKS', [], useOf(examination));
  } catch (error) {
    if (error instanceof Concluded) return error.verdict;
    throw error;
  }
}

/** What is to be typed with a modem that works: it gives other programs its network. A recording gives none. */
function useOf(examination: Examination): string | undefined {
  const { options } = examination;
  if (options.connection.startsWith('--replay')) return undefined;
  return examination.command('proxy', ...accessOf(options).flat());
}

/** Reasons of refusals are wanted in words; the setting is put back at the end. */
function* errorsInWords(examination: Examination, restore: Restore): Routine<void> {
  const mode = yield* examination.value(cmee.read());
  if (mode === 2) return;
  yield* examination.expectAnswer(cmee({ mode: 2 }));
  if (mode === 0 || mode === 1) restore.push(() => examination.ask(cmee({ mode })));
}
