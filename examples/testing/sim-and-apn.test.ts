import { isModemError } from '@a7600/tcpip';
import { onVirtualModule } from '@a7600/testing';
import { catchError, of } from 'rxjs';
import { expect, test } from 'vitest';
import { sendReading } from './send-reading.js';

/** The code with which a reading could not be sent. */
const codeOf = (error: unknown) => of(isModemError(error) ? error.code : 'UNKNOWN');

test(
  'a SIM that asks for its PIN, which the program does not give',
  onVirtualModule(
    ({ run, transport, scheduler }) => {
      const codes = run(sendReading(transport, 21.5, scheduler).pipe(catchError(codeOf)));
      expect(codes).toEqual(['SIM_LOCKED']);
    },
    { surroundings: { sim: 'SIM PIN', pin: '4711' } },
  ),
);

test(
  'a network that gives no bearer, as for a wrong APN',
  onVirtualModule(
    ({ run, transport, scheduler }) => {
      const codes = run(sendReading(transport, 21.5, scheduler).pipe(catchError(codeOf)));
      expect(codes).toEqual(['NETWORK_REFUSED']);
    },
    { surroundings: { bearer: false } },
  ),
);
