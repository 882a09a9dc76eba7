import { cfun, csclk } from '@a7600/at-codec';
import type { Modem } from '@a7600/tcpip';
import { concat, type Observable } from 'rxjs';

/** Switches the radio off, and lets the module sleep while DTR is off. Its network must be closed before. */
export const sleep = (m: Modem): Observable<void> =>
  concat(m.run(cfun({ functionality: 4 })), m.run(csclk({ mode: 1 })));

/** Keeps the module awake, and switches the radio on. DTR must be on again. */
export const wake = (m: Modem): Observable<void> =>
  concat(m.run(csclk({ mode: 0 })), m.run(cfun({ functionality: 1 })));
