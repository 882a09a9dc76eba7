import { expect, test } from 'vitest';
import { tellingWaits } from './waits.js';

test('each reason to wait is told once, until the module is ready', () => {
  const told: string[] = [];
  const state = tellingWaits((line) => told.push(line));
  const searching = { step: 'waiting for registration', reason: 'searching for a network' } as const;
  state({ step: 'probing' });
  state({ step: 'waiting for SIM' });
  state({ step: 'waiting for SIM', reason: 'AT+CPIN? failed: SIM busy.' });
  state(searching);
  state(searching);
  state({ step: 'ready' });
  state(searching);
  const network = 'Waiting for the mobile network: searching for a network.';
  expect(told).toEqual(['Waiting for the SIM: AT+CPIN? failed: SIM busy.', network, network]);
});
