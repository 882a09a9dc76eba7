/** What the program tells its caller by its exit code; `docs/program/README.md` has the table. */
export const ExitCode = {
  /** Everything that was asked for was done. */
  Done: 0,
  /** The module, the peer or this computer refused; the message says what. */
  Refused: 1,
  /** The command line, or a file that it names, cannot be used. */
  Usage: 2,
  /** The port, or the server that has it, cannot be opened, or the link to the module broke. */
  Port: 3,
  /** The module does not answer, restarts, or is of another family. */
  Module: 4,
  /** The SIM is missing or locked. */
  Sim: 5,
  /** The module is not registered in a mobile network. */
  Registration: 6,
  /** The mobile network gives no connection, or carries no data. */
  Network: 7,
  /** A mistake in the program itself; the number of `EX_SOFTWARE` in sysexits.h. */
  Fault: 70,
  /** Ctrl-C. */
  Interrupted: 130,
  /** SIGTERM or SIGHUP. */
  Terminated: 143,
} as const;

/** One of the values of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command line, or a file that it names, cannot be used. */
export class UsageError extends Error {}
