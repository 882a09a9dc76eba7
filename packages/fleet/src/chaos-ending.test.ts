import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { type Ending, untilJudged } from '../test/chaos/ending.js';

/** A process that ends as Node does. */
function processOf() {
  const said: string[] = [];
  const process: Ending = Object.assign(new EventEmitter(), {
    exitCode: 0,
    exit(code: number) {
      process.exitCode = code;
      process.emit('exit', code);
    },
  });
  const judged = untilJudged(process, 'Seed 42', (line) => said.push(line));
  return { process, said, judged };
}

test.each([
  ['an error that is not caught', 'uncaughtException', new Error('a mistake'), /failed: Error: a mistake/],
  ['a promise that is rejected', 'unhandledRejection', 'no reason', /failed: no reason/],
  ['a signal', 'SIGTERM', 'SIGTERM', /was ended by SIGTERM/],
  ['an exit with nothing left to wait for', 'exit', 0, /before it was judged, with exit code 0/],
  ['an exit of other code', 'exit', 13, /before it was judged, with exit code 13/],
])('%s is said, and the exit code is not 0', (_, event, value, words) => {
  const { process, said } = processOf();
  process.emit(event, value);
  expect(said.join('\n')).toMatch(words);
  expect(process.exitCode).not.toBe(0);
});

test('a run that has judged ends in silence', () => {
  const { process, said, judged } = processOf();
  judged();
  process.emit('exit', 0);
  expect([said, process.exitCode]).toEqual([[], 0]);
});
