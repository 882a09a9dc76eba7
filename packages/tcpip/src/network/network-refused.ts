import { type Command, cereg, cgdcont, csq, isAtError } from '@a7600/at-codec';
import { catchError, concat, mergeMap, type Observable, of, throwError, toArray } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { registrationText } from '../session/registration.js';

/** The PDP context that sockets use (application note, 3.1.2). */
const CONTEXT = 1;

/**
 * Errors with `NETWORK_REFUSED` for a `NETOPEN` that failed with `error`, after asking what can
 * decide: the access point and PDP type that are set, the registration and the signal. An error that
 * is not the module's refusal is passed on.
 */
export function networkRefused(
  run: <R>(command: Command<R>) => Observable<R>,
  error: unknown,
): Observable<never> {
  if (!isAtError(error) || error.code === 'INVALID_ARGUMENT') return throwError(() => error);
  const known = <T>(command: Command<T>, text: (value: T) => string) =>
    run(command).pipe(
      mergeMap((value) => of(text(value))),
      catchError(() => of('')),
    );
  return concat(
    known(cgdcont.read(), (contexts) => {
      const context = contexts.find(({ cid }) => cid === CONTEXT);
      return context === undefined
        ? 'No PDP context is defined: give an `apn`.'
        : `It is set to APN "${context.apn}" and PDP type ${context.type}.${
            context.type === 'IPV6' ? ' Not every network gives IPv6 addresses.' : ''
          }`;
    }),
    known(cereg.read(), ({ stat }) => `Registration: ${registrationText(stat)}.`),
    known(csq(), ({ rssi }) =>
      rssi === undefined ? '' : `Signal: ${rssi === 99 ? 'unknown' : `${rssi} of 31`}.`,
    ),
  ).pipe(
    toArray(),
    mergeMap((facts) =>
      throwError(() => {
        const { command, number, answer } = error;
        const message = ['The module could not open the network.', ...facts, `It answered "${answer}".`]
          .filter((text) => text !== '')
          .join(' ');
        return new ModemError(
          'NETWORK_REFUSED',
          `${message} Check the APN and the PDP type with the provider of the SIM first.`,
          { cause: error, command, number, answer },
        );
      }),
    ),
  );
}
