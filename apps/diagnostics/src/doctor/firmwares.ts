/** What is known to be different, or wrong, in some modules. */
export interface KnownFault {
  /** Matches model, revision and build as the module prints them, separated by spaces. */
  readonly pattern: RegExp;
  /** Which modules it is about. */
  readonly modules: string;
  /** What happens there, and what to do. */
  readonly text: string;
}

/**
 * Faults and peculiarities by model and firmware. Each was reported by owners, or is stated by a manual
 * (docs/protocol.md); none was tried by this project on a module of its own.
 */
export const knownFaults: readonly KnownFault[] = [
  {
    pattern: /(?<![A-Z\d])SIM767\d/,
    modules: 'SIM7670G, SIM7672G',
    text: 'it has four links and two servers, and another AT+NETOPEN: the SDK does not support it',
  },
  {
    pattern: /(?<![A-Z\d])SIM7[56]00/,
    modules: 'SIM7500, SIM7600',
    text: 'it answers a refused AT+NETOPEN with a bare ERROR, which does not say why',
  },
  {
    pattern: /(?<![A-Z\d])SIM7[56]00/,
    modules: 'SIM7500, SIM7600',
    text: 'in direct push mode, buffered data cannot be read: use buffer access',
  },
  {
    pattern: /(?<![A-Z\d])(?:A7670|A7680)\S*-LNXY|(?<![A-Z\d])A7670\S*M4/,
    modules: 'A7670, builds of 2023',
    text: 'its start prints no SMS DONE on some boards: a program must not wait for that line',
  },
];

/** The known faults of a module, by what it says of itself. */
export function faultsOf(model: string, revision = '', build = ''): readonly string[] {
  const text = `${model} ${revision} ${build}`;
  return knownFaults.filter(({ pattern }) => pattern.test(text)).map((fault) => fault.text);
}
