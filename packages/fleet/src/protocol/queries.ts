/** Commands that change nothing in their write or execute form. */
const HARMLESS = new Set([
  '',
  'I',
  '+CSQ',
  '+CGMI',
  '+CGMM',
  '+CGMR',
  '+CGSN',
  '+CIMI',
  '+CICCID',
  '+SIMCOMATI',
  '+CEER',
  '+CIPACK',
  '+CDNSGIP',
  '+CGPADDR',
  '+CPSI',
  '+IPADDR',
  '+CBC',
  '+CCLK',
]);
const READ = /^([+&*^$]?[A-Z0-9]*)(\?|=\?)$/;
const CALL = /^([+&*^$]?[A-Z]*)(=.*)?$/;
/** Commands of {@link HARMLESS} whose write form sets something. */
const SETS = new Set(['+CPSI', '+CCLK', '+CSQ']);

/**
 * Whether a command line only asks. What it cannot be sure of is no query. The text in quotes may hold anything, also
 * the separator of commands.
 */
export function isQuery(text: string): boolean {
  if (!/^AT/i.test(text)) return false;
  const commands = text
    .slice(2)
    .replaceAll(/"[^"]*"/g, '""')
    .toUpperCase()
    .split(';');
  return commands.every((each) => {
    if (READ.test(each.trim())) return true;
    const [, name, written] = CALL.exec(each.trim()) ?? [];
    if (name === undefined || !HARMLESS.has(name)) return false;
    return written === undefined || !SETS.has(name);
  });
}

/** The names of the commands on a line: `AT+CSQ;+CGATT?` has `+CSQ` and `+CGATT`. */
export function namesOf(text: string): readonly string[] {
  const commands = text
    .slice(2)
    .replaceAll(/"[^"]*"/g, '')
    .split(';');
  return commands.map((each) => /^([+&*^$]?[A-Za-z]+)/.exec(each.trim())?.[1]?.toUpperCase() ?? each);
}

/** Commands whose read form prints a password. */
const REVEALS = new Set(['+CGAUTH', '+CSOCKAUTH']);

/** Whether a command line would make the module print a password, which never leaves the agent's machine. */
export function revealsSecret(text: string): boolean {
  return namesOf(text).some((name) => REVEALS.has(name)) && /\?/.test(text.replaceAll(/"[^"]*"/g, ''));
}
