import { type Command, cereg, cgreg, cmee, creg, echo, ifc, verbose } from '@a7600/at-codec';
import { catchError, concat, defer, EMPTY, finalize, ignoreElements, type Observable, tap } from 'rxjs';
import { ignoreRefusal, isUnanswered } from '../base/refusals.js';
import { runRepeatable } from '../lane/repeat.js';
import { commandsOf, type LineCommand } from './command-line.js';
import { assertSendable, restarts, setsBack } from './reserved.js';
import type { Session } from './session.js';

/**
 * Runs a command of the user, as `Lane.run` does. What it opens or sets is noted as the user's, and what it sets back of
 * how the module talks is set again before the observable completes.
 *
 * @throws `INVALID_ARGUMENT` when it would take the line away from the SDK.
 */
export function runForUser<R>(session: Session, command: Command<R>): Observable<R> {
  return defer(() => {
    const commands = commandsOf(command.text);
    assertSendable(commands, {
      hasPayload: command.payload !== undefined,
      connects: command.connects === true,
    });
    session.messages.check(commands);
    session.foreign.note(commands);
    noteChanges(session, commands);
    const result$ = session.lane.run(command).pipe(tap({ complete: () => noteSleep(session, commands) }));
    return commands.some(setsBack) ? followed(result$, () => setAgain(session)) : result$;
  });
}

/** `first$`, and then what `next` returns, also when `first$` fails or is unsubscribed from: it may have had its effect. */
function followed<T>(first$: Observable<T>, next: () => Observable<never>): Observable<T> {
  let isFollowed = false;
  const next$ = defer(() => {
    isFollowed = true;
    return next();
  });
  return concat(first$, next$).pipe(
    finalize(() => {
      if (!isFollowed) next().subscribe({ error: () => {} });
    }),
  );
}

/** Takes note of what explains a silence or a restart of the module. */
export function noteChanges(session: Session, commands: readonly LineCommand[]): void {
  const { history, scheduler } = session;
  for (const command of commands) {
    if (restarts(command)) history.restarts.ask(`AT${command.name}`, scheduler.now());
    if (setsBack(command)) session.mayEcho = true;
  }
}

function noteSleep(session: Session, commands: readonly LineCommand[]): void {
  for (const { name, form, values } of commands) {
    if (name === '+CSCLK' && form === 'set') session.sleepMode = Number(values[0]);
  }
}

/** Sets again how the module has to talk; the watch looks at the other settings. */
function setAgain(session: Session): Observable<never> {
  return defer(() => {
    const flow = session.flowControl ? [ifc({ module: 2, host: 2 })] : [];
    const reports = [cereg, cgreg, creg].map((family) => family({ report: 1 }));
    const commands = [echo({ on: false }), verbose(), cmee({ mode: 2 }), ...flow, ...reports];
    return concat(
      ...commands.map((command) => runRepeatable(session.lane, command).pipe(catchError(ignoreRefusal))),
    );
  }).pipe(
    ignoreElements(),
    // The watch finds out what has become of the module.
    catchError((error) => (isUnanswered(error) ? EMPTY : ignoreRefusal(error))),
    finalize(() => {
      session.mayEcho = false;
      session.watch.hint();
    }),
  );
}
