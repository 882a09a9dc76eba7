/** How `npm run newcomer` runs a block of commands. */
export interface Running {
  /**
   * The folder: the clone; a project that has the tarballs; or an empty one, where the registry has the packages as if
   * they were published.
   */
  readonly where: 'clone' | 'project' | 'published';
  /** The last command runs until Ctrl-C. */
  readonly endless?: boolean;
  /** An emulated module stands in for the one on the serial port that the commands name. */
  readonly module?: boolean;
  /** The exit code, if it is not 0. */
  readonly code?: number;
}

/** What a block of commands is preceded with, in an HTML comment, when they do not simply run in a clone. */
export const RUNNING = {
  'runs until Ctrl-C': { where: 'clone', endless: true },
  'run in a new project': { where: 'project' },
  'run in a new project, until Ctrl-C': { where: 'project', endless: true },
  'needs a module': { where: 'clone', module: true },
  'needs a module, runs until Ctrl-C': { where: 'clone', module: true, endless: true },
  'needs the published packages': { where: 'published' },
  // Without a module, the doctor says so: exit code 3 (docs/program/README.md).
  'needs the published packages and a module on USB': { where: 'published', code: 3 },
} as const satisfies Readonly<Record<string, Running>>;

/** The only kinds of commands that cannot be run here, and why. Their syntax is checked. */
export const NOT_RUN = {
  'needs root': 'They change the computer: its users, services or rules for devices.',
} as const satisfies Readonly<Record<string, string>>;

/** How a block of commands runs; undefined for one that does not, or whose note is none of these. */
export function runningOf(note: string | undefined): Running | undefined {
  if (note === undefined) return { where: 'clone' };
  return (RUNNING as Readonly<Record<string, Running>>)[note];
}
