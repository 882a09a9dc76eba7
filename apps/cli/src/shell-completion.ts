/**
 * What bash has to read to complete the command line. The words go to the program as they are: nothing that was typed
 * is run, and the bash-completion package is not needed. Where the program knows no word, bash completes files.
 */
export const BASH_COMPLETION = `_a7600() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        line=\${line%%$'\\t'*}
        [[ $line == :* || $line != "$2"* ]] || COMPREPLY+=("$line")
    done < <(a7600 complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _a7600 a7600
`;
