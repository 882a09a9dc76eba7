import type { Diagnosis } from '@a7600/diagnostics/doctor';
import type { Transport } from '@a7600/transport';
import { asyncScheduler, concatMap, defer, from, type Observable, tap } from 'rxjs';

/** Who is connected to, to see whether data passes; the emulated internet has it, too. */
const TARGET = { host: 'example.com', port: 80 };
/** Time for SIM and registration, in ms. */
const READY = 30_000;

/** Examines the module on a port. Cold; `onBundle` is called with the bundle when there is a verdict. */
export function examine(
  port: Transport,
  baudRate: number | undefined,
  onBundle: (text: string) => void,
): Observable<Diagnosis> {
  return defer(() => from(import('@a7600/diagnostics/doctor'))).pipe(
    concatMap(({ bundled }) => {
      const { diagnosis$, text } = bundled(port, {
        scheduler: asyncScheduler,
        host: {
          platform: 'browser',
          ports: [],
          holders: [],
          modemManager: false,
          interfaces: [],
          time: Date.now(),
        },
        connection: '',
        baudRate,
        searched: false,
        apn: undefined,
        pin: undefined,
        target: TARGET,
        readyTimeout: READY,
      });
      return diagnosis$.pipe(tap({ complete: () => onBundle(text()) }));
    }),
  );
}
