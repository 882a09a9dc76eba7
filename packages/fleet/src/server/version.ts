/** What is known about versions of nats-server. */
interface KnownIssue {
  /** The versions in which it is fixed, one for each line of releases, the oldest first. */
  readonly fixedIn: readonly string[];
  readonly text: string;
}

/** The oldest version that has what the fleet needs: direct reads of streams. */
const OLDEST = '2.9.0';

const KNOWN_ISSUES: readonly KnownIssue[] = [
  {
    fixedIn: ['2.9.23', '2.10.2'],
    text:
      'CVE-2023-47090: an "authorization" block beside "accounts" lets everybody in. Put all users into accounts, as ' +
      "the fleet's configuration does.",
  },
  {
    fixedIn: ['2.10.27', '2.11.1'],
    text: 'CVE-2025-30215: requests of the JetStream API reach other accounts. Grant no role "$JS.API.>".',
  },
  {
    fixedIn: ['2.11.15', '2.12.6'],
    text:
      'CVE-2026-33217: users of the MQTT port reach the subjects below "$MQTT." without permission. Let only programs ' +
      'that you trust use that port, or use another broker.',
  },
];

/**
 * What an operator has to know about a version of nats-server.
 *
 * @param version as the server states it: `2.9.10`
 * @returns sentences; none for a version without known issues
 */
export function serverAdvice(version: string): string[] {
  const numbers = numbersOf(version);
  if (numbers === undefined)
    return [`The server states the version ${JSON.stringify(version)}, which says nothing.`];
  if (isBefore(numbers, numbersOf(OLDEST))) {
    return [`nats-server ${version} is older than ${OLDEST}, which the fleet needs. Install a newer one.`];
  }
  return KNOWN_ISSUES.filter(({ fixedIn }) => !isFixed(numbers, fixedIn)).map(
    ({ text, fixedIn }) => `nats-server ${version} has ${text} Fixed in ${fixedIn.join(' and ')}.`,
  );
}

type Numbers = readonly [major: number, minor: number, patch: number];

function numbersOf(version: string): Numbers | undefined {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/** Fixed in its own line of releases, or in an older one. */
function isFixed(numbers: Numbers, fixedIn: readonly string[]): boolean {
  return fixedIn.some((fixed, index) => {
    const since = numbersOf(fixed);
    const isLast = index === fixedIn.length - 1;
    const isSameLine = numbers[0] === since?.[0] && numbers[1] === since[1];
    return (isLast || isSameLine) && !isBefore(numbers, since);
  });
}

function isBefore(one: Numbers, other: Numbers | undefined): boolean {
  const index = one.findIndex((number, at) => number !== other?.[at]);
  return index >= 0 && (one[index] as number) < (other?.[index] ?? 0);
}
