import { recorded } from '@a7600/testing';
import { TransportError } from '@a7600/transport';
import { NEVER, type Observable, switchMap, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { upon } from '../../test/fixtures.js';
import { errorOf, observe, world } from '../../test/world.js';
import { ModemError } from '../base/errors.js';
import { keepOnline } from './keep-online.js';
import { keptNetwork } from './kept-network.js';

describe('what is opened in a network that is kept', () => {
  const listening = (result$: Observable<never>) =>
    observe(keptNetwork({ listen: () => result$ } as never).listen({ port: 7 }));

  test.each([
    ...(['RESTART_LOOP', 'BUDGET_SPENT', 'NETWORK_CHANGED', 'MODULE_SILENT'] as const).map(
      (code) => new ModemError(code, 'the network is lost'),
    ),
    ...(['TRANSPORT_LOST', 'PORT_FAILED', 'PROTOCOL'] as const).map(
      (code) => new TransportError(code, 'the port is lost'),
    ),
    new ModemError('LINK_CLOSED', 'the connection broke', {
      cause: new TransportError('TIMEOUT', 'the port is stuck'),
    }),
  ])('completes when the network is lost with it: $code', (error) => {
    expect(listening(throwError(() => error)).end).toBe('complete');
  });

  test.each([
    new ModemError('PORT_IN_USE', 'another server has the port'),
    new ModemError('CONNECT_REFUSED', 'no server there'),
    new TransportError('INVALID_ARGUMENT', 'no port'),
  ])('fails for a reason of its own: $code', (error) => {
    expect(errorOf(listening(throwError(() => error)))).toBe(error);
    expect(listening(NEVER).end).toBe('open');
  });
});

test('a server lives on when the module restarts again and again in the middle of its start', () => {
  const w = world({ timing: recorded });
  const { control } = w.module;
  let restarts = 0;
  upon(w, /^AT\+SERVERSTART=/, () => {
    if (restarts++ < 6) control.restart();
  });
  const { scheduler } = w;
  const life = observe(
    keepOnline(w.module, { modem: { scheduler } }).pipe(switchMap((network) => network.listen({ port: 7 }))),
  );
  w.advance(600_000);
  expect([life.end, control.openServers]).toEqual(['open', 1]);
});
