import type { ModemState } from '@a7600/tcpip';
import { Subscription, timer } from 'rxjs';

/** Time in ms without an answer after which the demo names the usual causes. */
const SILENCE = 3_000;

/** Reports how far a real module has come. */
export interface Progress {
  report(state: ModemState): void;
  stop(): void;
}

/** Prints each step until the modem is ready, and the usual causes if the module on `path` does not answer. */
export function reportProgress(path: string, baud: number): Progress {
  let pending = Subscription.EMPTY;
  const stop = () => pending.unsubscribe();
  return {
    stop,
    report({ step, reason, identity }) {
      stop();
      const model = identity?.model === undefined ? '' : ` (${identity.model})`;
      console.log(reason === undefined ? `Modem: ${step}${model}.` : `Modem: ${step}: ${reason}.`);
      if (step !== 'probing') return;
      pending = timer(SILENCE).subscribe(() => {
        console.log(
          `No answer on ${path} at ${baud} baud yet. Is the module powered, is this its port for AT commands, ` +
            'and is the baud rate right (--baud)? Still trying.',
        );
      });
    },
  };
}
