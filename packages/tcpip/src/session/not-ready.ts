import { type Command, cfun, csq, isAtError } from '@a7600/at-codec';
import { catchError, concat, mergeMap, type Observable, of, throwError, toArray } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { rawCommand } from './raw.js';

/** Asks the module something; see `Lane.run`. */
type Run = <R>(command: Command<R>) => Observable<R>;

/** `+CME ERROR: 10`: SIM not inserted (TS 27.007, 9.2). */
const SIM_NOT_INSERTED = 10;
/** `<stat>` of a registration that the network denied (TS 27.007, 7.2). */
const DENIED = 3;

/** The SIM does not answer as one that is ready; `error` has the module's words. */
export function simNotReady(error: Error): ModemError {
  const words = `${error.message.replace(/\.$/, '')}.`;
  const missing =
    isAtError(error) && (error.number === SIM_NOT_INSERTED || /not inserted/i.test(error.message));
  return missing
    ? new ModemError('SIM_MISSING', `The module finds no SIM: ${words} Insert it, or check its holder.`, {
        cause: error,
      })
    : new ModemError(
        'SIM_NOT_READY',
        `The SIM does not get ready: ${words} Check that it sits well in its holder.`,
        { cause: error },
      );
}

/** The SIM wants something that was not given: `SIM PIN`, `SIM PUK`, … */
export function simLocked(state: string): ModemError {
  const advice =
    state === 'SIM PIN'
      ? 'Give its PIN as `pin`.'
      : 'Unlock it in a phone: a wrong answer may destroy it, so none is tried.';
  return new ModemError('SIM_LOCKED', `The SIM is locked: it asks for ${state}. ${advice}`);
}

/** The SIM refused the PIN with `cause`. */
export function pinRefused(cause: Error): ModemError {
  return new ModemError(
    'PIN_REFUSED',
    `The SIM refused the PIN: ${cause.message} It is not tried again, as the third wrong one locks the SIM.`,
    { cause },
  );
}

/**
 * Asks why the module is not registered, and errors with the answer: `RADIO_OFF`,
 * `REGISTRATION_DENIED` with the cause that the network gave (`AT+CEER`, and `rejected`, what `*REJCAUSE` said), or `NOT_REGISTERED` with
 * the signal. `state` says what the registration is.
 */
export function whyNotRegistered(
  run: Run,
  stat: number | undefined,
  state: string,
  rejected: string | undefined,
): Observable<never> {
  const known = <T>(command: Command<T>) => run(command).pipe(catchError(() => of(undefined)));
  return concat(
    known(cfun.read()),
    known(csq()),
    stat === DENIED ? known(rawCommand('AT+CEER')) : of(undefined),
  ).pipe(
    toArray(),
    mergeMap(([functionality, signal, cause]) =>
      throwError(() => {
        if (functionality === 0 || functionality === 4) return radioOff(functionality);
        const words = [
          (cause as readonly string[] | undefined)
            ?.join(' ')
            .replace(/^\+CEER: ?/, '')
            .replaceAll('"', ''),
          rejected,
        ]
          .filter(Boolean)
          .join('; ');
        const strength = signalText((signal as { readonly rssi?: number | undefined } | undefined)?.rssi);
        return stat === DENIED ? denied(words, strength) : notRegistered(state, strength);
      }),
    ),
  );
}

/** Errors with `RADIO_OFF` when the radio is switched off: to wait for a registration is in vain. */
export function assertRadioOn(run: Run): Observable<never> {
  return run(cfun.read()).pipe(
    catchError((error) => (isAtError(error) ? of(1) : throwError(() => error))),
    mergeMap((functionality) =>
      functionality === 0 || functionality === 4 ? throwError(() => radioOff(functionality)) : [],
    ),
  );
}

function radioOff(functionality: number): ModemError {
  return new ModemError(
    'RADIO_OFF',
    `The radio of the module is switched off (AT+CFUN? answers ${functionality}), perhaps by an earlier program. ` +
      'Switch it on with AT+CFUN=1.',
  );
}

function denied(cause: string | undefined, signal: string): ModemError {
  const why = cause === undefined || cause === '' ? '' : ` The module gives as cause: "${cause}".`;
  return new ModemError(
    'REGISTRATION_DENIED',
    `The network denied the registration (${signal}).${why} The SIM may be inactive, unpaid, or not allowed to roam: ` +
      'ask its provider.',
  );
}

function notRegistered(state: string, signal: string): ModemError {
  return new ModemError(
    'NOT_REGISTERED',
    `The module is not registered in a network: ${state} (${signal}). Check the antenna, the place and the SIM.`,
  );
}

/** The strength of a signal (`AT+CSQ`), for messages. */
export function signalText(rssi: number | undefined): string {
  return rssi === undefined || rssi === 99 ? 'signal unknown' : `signal ${rssi} of 31`;
}
