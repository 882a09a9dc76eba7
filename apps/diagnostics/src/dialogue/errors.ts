/** Why a {@link Reply} has no answer of the module. */
export class DialogueError extends Error {
  /** `TIMEOUT`: nothing more came in time. `WANTS_PAYLOAD`: the command was called off at its prompt. */
  readonly code: 'TIMEOUT' | 'WANTS_PAYLOAD';

  constructor(code: DialogueError['code'], message: string) {
    super(message);
    this.name = 'DialogueError';
    this.code = code;
  }
}

/** Whether a command failed because nothing answered it in time. */
export function isUnanswered(error: unknown): error is DialogueError {
  return error instanceof DialogueError && error.code === 'TIMEOUT';
}
