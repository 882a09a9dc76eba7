import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { COMPLETIONS } from './shell-completion.js';

// Real shells complete a command line, with a program that says what it was called with.

/** The program, and what stands before and after the script: it is read twice, as by a shell that is set up twice. */
const PROGRAM = `a7600() { printf '%s\\tsummary\\n' "$@" --emulated doctor; echo :4; }`;
const AROUND: Readonly<Record<string, readonly [before: string, after: string]>> = {
  bash: [
    '',
    `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_a7600 a7600 "\${!#}"
printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  zsh: [
    // What the completion system of zsh has: it filters by what was typed when it shows them.
    `compdef() { :; }
_describe() { local each; for each in "\${(@P)2}"; do print -r -- "\${\${each%:summary}//\\\\:/:}"; done; }
_files() { print -r -- files; }`,
    `words=("$@"); CURRENT=$#
_a7600`,
  ],
};

/** What a shell is offered for the last of the words. */
function completed(shell: string, ...words: readonly string[]): string[] {
  const [before, after] = AROUND[shell] ?? [];
  const script = [PROGRAM, before, COMPLETIONS.get(shell), COMPLETIONS.get(shell), after].join('\n');
  const options = shell === 'zsh' ? ['-f'] : [];
  return execFileSync(shell, [...options, '-c', script, shell, 'a7600', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

describe.each([...COMPLETIONS.keys()])('%s', (shell) => {
  test('the words of the program, without what they mean', () => {
    expect(completed(shell, 'doc')).toEqual(expect.arrayContaining(['doc', 'doctor']));
    expect(completed(shell, 'doctor', '--em')).toEqual(expect.arrayContaining(['--em', '--emulated']));
    expect(completed(shell, 'connect', 'host:80', '')).toContain('host:80');
  });

  test('nothing that was typed is run: it reaches the program as it is', () => {
    for (const word of ['$(echo run)`echo run`', "it's", '"$HOME"', ';echo run', '*']) {
      const offered = completed(shell, 'at', word, shell === 'zsh' ? '' : word);
      expect(offered).toContain(word);
      expect(offered).not.toContain('run');
    }
  });
});
