/** Commands with secrets, and the first of their parameters that is one, from 0. What follows it is hidden, too. */
const SECRETS: ReadonlyMap<string, number> = new Map([
  ['+CPIN', 0],
  ['+CPWD', 1],
  ['+CLCK', 2],
  ['+CGAUTH', 2],
  ['+CSOCKAUTH', 2],
  ['+CSTT', 1],
  ['+CMQTTCONNECT', 4],
  ['+CFTPSLOGIN', 2],
]);

/** A command that is given parameters, up to the next `;` outside quotes. */
const COMMAND = /([+*^$][A-Z][A-Z0-9]*)(\s*=\s*)((?:"[^"]*"?|[^;"])+)/gi;

/**
 * A command line without PINs and passwords, for what is printed about it.
 *
 * @param text the command line, as a person typed it
 * @returns the same with `█` in place of each character that is secret
 */
export function hideSecrets(text: string): string {
  return text.replaceAll(COMMAND, (whole, name: string, joint: string, parameters: string) => {
    const first = SECRETS.get(name.toUpperCase());
    if (first === undefined || parameters.trim() === '?') return whole;
    const values = parameters.match(/(?:"[^"]*"?|[^,"])+|(?<=^|,)(?=,|$)/g) ?? [];
    const shown = values.map((value, index) => (index < first ? value : hidden(value)));
    return name + joint + shown.join(',');
  });
}

/** As many placeholders; quotes stay. */
function hidden(value: string): string {
  return value.replaceAll(/[^"]/g, '█');
}
