import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ModemManager, startModemManager, until } from '../../test/modem-manager.js';
import { programs } from '../../test/program.js';

// What manages the modems of most Linux computers manages this one.

const emulator = programs();
let manager: ModemManager;

beforeEach(async () => {
  const program = emulator.start('--tcp', '0');
  await program.ready;
  manager = await startModemManager(emulator.folder, Number(/TCP port (\d+)/.exec(program.said)?.[1]));
});
afterEach(() => manager.stop());

const registered = async () => (await manager.modem()).generic.state === 'registered';

test('ModemManager enables the module, and knows its operator, signal and time; again after a restart', async () => {
  await manager.mmcli('--enable');
  await until(registered, 'ModemManager does not see it registered.');
  // It reads the operator and the signal a little later.
  await expect
    .poll(() => manager.modem(), { interval: 500 })
    .toMatchObject({
      generic: {
        manufacturer: 'SIMCOM INCORPORATED',
        model: 'A7672SA-FASE',
        revision: 'A011B19A7672M7_F',
        'power-state': 'on',
        // It asks AT+CIND? where a module knows that: 4 of 5 (TS 27.007, 8.9).
        'signal-quality': { value: '80' },
        // AT+CNUM, which it reads while it starts; the first number of the emulator's own mobile network.
        'own-numbers': ['+12025550100'],
      },
      '3gpp': {
        imei: '862636050000019',
        'operator-code': '00101',
        'operator-name': 'Test Network',
        'registration-state': 'home',
        'packet-service-state': 'attached',
      },
    });

  await manager.mmcli('--command=+CCLK="26/11/29,12:30:00+00"');
  expect(await manager.mmcli('--time')).toContain('2026-11-29T12:30:0');

  await manager.mmcli('--disable');
  await manager.mmcli('--command=+CRESET');
  const restarted = async () => (await manager.mmcli('--command=+CPIN?')).includes('READY');
  await until(async () => !(await restarted().catch(() => false)), 'The module does not restart.');
  await until(restarted, 'The module does not answer after its restart.');
  await manager.mmcli('--enable');
  await until(registered, 'It is not registered after its restart.');
});
