import { readFileSync } from 'node:fs';
import { isModemError } from '@a7600/tcpip';
import { replay } from '@a7600/transport/recording';
import { VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { ask } from './ask.js';

test('the name of the recording is not found, and the error says so', () => {
  const recording = readFileSync(new URL('refused.recording', import.meta.url), 'utf8');
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  const errors: unknown[] = [];
  ask(replay(recording, { scheduler }), 'hello', scheduler).subscribe({
    error: (error) => errors.push(error),
  });
  scheduler.maxFrames = 300_000; // five minutes
  scheduler.flush();
  expect(errors).toHaveLength(1);
  expect(isModemError(errors[0], 'NAME_NOT_FOUND')).toBe(true);
});
