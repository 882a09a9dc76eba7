/** Why the module does not listen on a port, by the code of Node's error, and what to do. */
const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use. Choose another one.',
  EMFILE: 'its four servers are in use. End another one.',
  ENETDOWN: 'the mobile network is down. Try again.',
};

/**
 * An error of a server of the module in words for a person.
 *
 * @param error what the server failed with
 * @param port the port of the module
 * @returns an error with the same `code`; the error itself where it is not one of a system call
 */
export function listenError(error: unknown, port: number): NodeJS.ErrnoException {
  const { code, syscall, cause } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error as Error;
  const said = cause instanceof Error ? cause.message : `it reported ${code}.`;
  const message = `The module cannot listen on port ${port}: ${WHY[code] ?? said}`;
  return Object.assign(new Error(message, { cause: error }), { code });
}
