/**
 * What bash has to read to complete the command line. The words go to the program as they are: nothing that was typed
 * is run, and the bash-completion package is not needed. Where the program knows no word, bash completes files.
 */
const BASH = `_a7600() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        line=\${line%%$'\\t'*}
        [[ $line == :* || $line != "$2"* ]] || COMPREPLY+=("$line")
    done < <(a7600 complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _a7600 a7600
`;

/** The same for zsh, which shows what each word means, too. It needs `compinit`, as every completion of zsh does. */
const ZSH = `#compdef a7600
_a7600() {
    local line
    local -a found
    while IFS= read -r line; do
        [[ -z $line || $line == :* ]] && continue
        found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    done < <(a7600 complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( $#found )); then _describe a7600 found; else _files; fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _a7600 "$@"; else compdef _a7600 a7600; fi
`;

/** The shells for which the program has a script of its own: those of the library put together what was typed, and run it. */
export const COMPLETIONS: ReadonlyMap<string, string> = new Map([
  ['bash', BASH],
  ['zsh', ZSH],
]);
