import type { Observable } from 'rxjs';
import { ExitCode } from './exit-code.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Subscribes until the work is done or a signal comes, which unsubscribes: what is open then closes in order,
 * and the process ends when nothing is left. A second signal ends it at once. Resolves with the exit code;
 * rejects with the error of the work.
 *
 * @param endsBySignal whether a signal is the usual end, so that the exit code is 0 after one
 */
export function untilSignal(work$: Observable<ExitCode>, endsBySignal: boolean): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    let code: ExitCode = ExitCode.Done;
    const off = () => {
      for (const signal of SIGNALS) process.off(signal, stop);
    };
    const stop = (signal: NodeJS.Signals) => {
      off();
      const ended = signal === 'SIGINT' ? ExitCode.Interrupted : ExitCode.Terminated;
      for (const again of SIGNALS) process.once(again, () => process.exit(ended));
      work.unsubscribe();
      resolve(endsBySignal ? ExitCode.Done : ended);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
    const work = work$.subscribe({
      next(value) {
        code = value;
      },
      error(error: unknown) {
        off();
        reject(error);
      },
      complete() {
        off();
        resolve(code);
      },
    });
  });
}
