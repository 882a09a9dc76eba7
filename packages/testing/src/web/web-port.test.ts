import { expect, test } from 'vitest';
import { emulator } from '../emulator/emulator.js';
import { webPort } from './web-port.js';

test('a port that is closed is not unplugged, and can be opened again', async () => {
  const port = webPort(emulator());
  let disconnections = 0;
  port.addEventListener('disconnect', () => (disconnections += 1));
  await port.open({ baudRate: 115_200 });
  const reader = port.readable?.getReader();
  await reader?.cancel();
  reader?.releaseLock();
  await port.close();
  await port.open({ baudRate: 9_600 });
  expect([disconnections, port.readable === null]).toEqual([0, false]);
  port.unplug();
  expect([disconnections, port.readable]).toEqual([1, null]);
});
