import { cops } from '@a7600/at-codec';
import { keepOnline, type Modem, type ModemOptions, modem } from '@a7600/tcpip';
import { catchError, EMPTY, ignoreElements, merge, Observable, type Subscription, tap } from 'rxjs';
import type { Online, PageState } from '../protocol.js';
import type { Observed } from './program.js';

/** Time between two queries of the signal, in ms. */
const SIGNAL_INTERVAL = 5_000;

/**
 * `modem` and `keepOnline` for the programs on the page, which show it what they do. They behave as the SDK's; the page
 * asks for the operator once and for the signal again and again, as a program of its own would.
 */
export function observedSdk(
  show: (change: Pick<Partial<PageState>, 'online' | 'modem' | 'counters'>) => void,
  onModem: (modem: Modem | undefined) => void,
): Observed {
  const options = (own: ModemOptions = {}): ModemOptions => ({
    signalQualityInterval: SIGNAL_INTERVAL,
    ...own,
    onState(state) {
      show({ modem: state.reason ?? state.step });
      own.onState?.(state);
    },
  });
  const watched = <T>(source$: Observable<T>, modemOf: (value: T) => Modem): Observable<T> =>
    new Observable((subscriber) => {
      subscriber.add(() => onModem(undefined));
      return source$.subscribe({
        next(value) {
          const opened = modemOf(value);
          onModem(opened);
          subscriber.add(watch(opened, show));
          subscriber.next(value);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
  return {
    modem: (transport, own) => watched(modem(transport, options(own)), (opened) => opened),
    keepOnline: (transport, own = {}) =>
      watched(
        keepOnline(transport, {
          ...own,
          modem: options(own.modem),
          onStatus(status) {
            show({ online: onlineOf(status) });
            own.onStatus?.(status);
          },
        }),
        (network) => network.modem,
      ),
  };
}

/** What the page wants to know of an open modem. */
function watch(opened: Modem, show: (change: Pick<Partial<PageState>, 'counters'>) => void): Subscription {
  const questions = [opened.signalQuality$, opened.run(cops.read())].map((answer$: Observable<unknown>) =>
    answer$.pipe(
      ignoreElements(),
      // A module that does not answer is the program's matter.
      catchError(() => EMPTY),
    ),
  );
  const counters$ = opened.statistics$.pipe(tap((counters) => show({ counters })));
  return merge(...questions, counters$.pipe(catchError(() => EMPTY))).subscribe();
}

function onlineOf({ state, modem: modemState, step }: Parameters<NonNullable<KeepOnlineStatus>>[0]): Online {
  return {
    state,
    waitsFor: modemState?.reason ?? modemState?.step,
    step: step && {
      level: step.level,
      attempt: step.attempt,
      delay: step.delay,
      error: step.error instanceof Error ? step.error.message : String(step.error),
    },
  };
}

type KeepOnlineStatus = NonNullable<Parameters<typeof keepOnline>[1]>['onStatus'];
