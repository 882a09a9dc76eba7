import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { BASH_COMPLETION } from './bash-completion.js';

// The real bash completes a command line, with a program that says what it was called with.

/** What bash offers for the last of the words. */
function completed(...words: readonly string[]): string[] {
  const script = `
a7600() { printf '%s\tsummary\n' "$@" --emulated doctor; echo :4; }
${BASH_COMPLETION}
${BASH_COMPLETION}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_a7600 a7600 "\${!#}"
printf '%s\n' "\${COMPREPLY[@]}"
`.replaceAll('\\${', '${');
  return execFileSync('bash', ['-c', script, 'bash', 'a7600', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

test('words that begin so, without what they mean', () => {
  expect(completed('doc')).toEqual(['doc', 'doctor']);
  expect(completed('doctor', '--em')).toEqual(['--em', '--emulated']);
});

test('nothing that was typed is run: it reaches the program as it is', () => {
  const word = '$(echo run)`echo run`';
  expect(completed('at', word, '')).toContain(word);
});
