import type { BaseIssue } from 'valibot';

/**
 * The faults of a configuration for a person.
 *
 * @param issues what the schema says of them
 * @returns a line for each: where it is, and what to write
 */
export function faultsOf(issues: readonly BaseIssue<unknown>[]): string {
  return issues.map((issue) => `  ${pathOf(issue)}: ${messageOf(issue)}`).join('\n');
}

/**
 * What is wrong with a text that is no JSON.
 *
 * @param json the text
 * @param error what the parser says
 * @returns the end of a sentence: the line, where the parser names a position, and its message
 */
export function faultOfJson(json: string, { message }: Error): string {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  const line =
    position === undefined ? '' : `, in line ${json.slice(0, Number(position)).split('\n').length}`;
  return `${line}: ${message}.`;
}

/** `modems[0].serial`. */
function pathOf({ path }: BaseIssue<unknown>): string {
  const names = (path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return names.join('').replace(/^\./, '') || 'the file';
}

function messageOf(issue: BaseIssue<unknown>): string {
  if (issue.type !== 'strict_object' || issue.expected !== 'never') return issue.message;
  const inFile = SECRETS[String(issue.path?.at(-1)?.key)];
  if (inFile === undefined) return 'There is no such field. Remove it, or correct its name.';
  return `Secrets have files of their own. Write it to one that the agent's user alone can read, and name that in "${inFile}".`;
}

/** Secrets that people write into the file itself, and the field that names a file for them. */
const SECRETS: Readonly<Record<string, string>> = { pin: 'pinFile', password: 'passwordFile' };
