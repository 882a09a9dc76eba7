import { type Command, type Identity, isAtError } from '@a7600/at-codec';
import { catchError, ignoreElements, mergeMap, type Observable, of, throwError } from 'rxjs';
import { ModemError } from '../base/errors.js';
import { rawCommand } from './raw.js';

/** Models whose TCP/IP commands are those of the application note. */
const KNOWN = /\b(?:A5360|A76\d\d|SIM7[56]\d\d)/i;

/**
 * Errors with `UNSUPPORTED_MODULE` when the module has the TCP/IP commands of another family:
 * SIM7000, SIM7070, SIM7080 and their like open connections with `AT+CAOPEN`. Asked only where the
 * model is not known; completes otherwise.
 */
export function assertFamily(
  run: <R>(command: Command<R>) => Observable<R>,
  identity: Identity | undefined,
): Observable<never> {
  const model = identity?.model ?? '';
  if (KNOWN.test(model)) return of().pipe(ignoreElements());
  return run(rawCommand('AT+CAOPEN=?')).pipe(
    catchError((error) => (isAtError(error) ? of(undefined) : throwError(() => error))),
    mergeMap((answer) =>
      // An `OK` alone may be another command's.
      !answer?.some((line) => line.startsWith('+CAOPEN:'))
        ? []
        : throwError(
            () =>
              new ModemError(
                'UNSUPPORTED_MODULE',
                `The module${model === '' ? '' : ` (${model})`} opens connections with AT+CAOPEN, as SIM7000, SIM7070 ` +
                  'and SIM7080 do, and not with AT+CIPOPEN. Use an A7600, A7670, SIM7500 or SIM7600 series module.',
              ),
          ),
    ),
  );
}
