import { Observable } from 'rxjs';
import { ExitCode } from '../exit-code.js';

/**
 * Asynchronous work as what a subcommand does.
 *
 * @param work is called when it is subscribed to; the signal is aborted when that ends
 * @returns emits `Done` when the work is done; errors as it rejects
 */
export function task(work: (signal: AbortSignal) => Promise<void>): Observable<ExitCode> {
  return new Observable((subscriber) => {
    const left = new AbortController();
    work(left.signal).then(
      () => {
        subscriber.next(ExitCode.Done);
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
    return () => left.abort();
  });
}
