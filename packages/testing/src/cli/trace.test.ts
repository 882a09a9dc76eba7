import { expect, test } from 'vitest';
import { bytesOf } from '../../test/observing.js';
import type { EmulatorEvent } from '../emulator/events.js';
import { traceLine } from './trace.js';

test.each<[EmulatorEvent, string | undefined]>([
  [{ kind: 'received', bytes: bytesOf('AT\r') }, '    1.500 s --> AT␍'],
  [{ kind: 'printed', what: 'echo', bytes: bytesOf('AT\r') }, '    1.500 s <~~ AT␍'],
  [{ kind: 'printed', what: 'answer', bytes: bytesOf('\r\nOK\r\n') }, '    1.500 s <-- ␍␊OK␍␊'],
  [{ kind: 'printed', what: 'data', bytes: bytesOf('\0é') }, '    1.500 s <== \\x00\\xe9'],
  [
    { kind: 'printed', what: 'report', bytes: bytesOf('x'.repeat(200)) },
    `    1.500 s <<- ${'x'.repeat(120)} … (200 bytes)`,
  ],
  [{ kind: 'command', text: 'AT' }, undefined],
  [{ kind: 'payload', bytes: bytesOf('x') }, undefined],
  [{ kind: 'unknown', command: '+CMUT' }, '    1.500 s   ? AT+CMUT is unknown here'],
  [{ kind: 'power', power: 'off' }, '    1.500 s     power: off'],
  [{ kind: 'network', network: 'open' }, '    1.500 s     network: open'],
  [{ kind: 'link', link: 3, state: 'opening' }, '    1.500 s     link 3: opening'],
  [{ kind: 'server', server: 0, listens: 7 }, '    1.500 s     server 0: port 7'],
  [{ kind: 'server', server: 0, listens: undefined }, '    1.500 s     server 0: stopped'],
  [{ kind: 'mode', mode: 'data' }, '    1.500 s     mode: data'],
  [{ kind: 'fault', fault: 'restart' }, '    1.500 s   ! restart'],
])('%o', (event, line) => {
  expect(traceLine(event, 1_500)).toBe(line);
});
