import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/**
 * Joins standard input and output with a connection, as netcat does. The end of the input is not passed on, because the
 * module cannot end one direction alone: the connection is held until the peer ends, or has been silent for `hold` ms.
 *
 * @param input what is sent
 * @param output what receives the peer's bytes; closed by its reader, it ends the connection
 * @param connection a connected socket, plain or TLS
 * @param hold ms of silence after the end of the input
 * @param signal ends the connection at once
 * @returns resolves once the connection has ended and everything received is written; rejects if the connection breaks
 */
export async function relay(
  input: Readable,
  output: Writable,
  connection: Socket,
  hold: number,
  signal?: AbortSignal,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let hasInput = true;
  let failure: Error | undefined;
  const watch = () => {
    clearTimeout(timer);
    if (!hasInput) timer = setTimeout(silent, hold);
  };
  // What is still being sent is no silence.
  const silent = () => (connection.writableLength > 0 ? watch() : connection.destroy());

  const onInput = (bytes: Buffer) => {
    if (!connection.write(bytes)) input.pause();
  };
  const onInputEnd = () => {
    hasInput = false;
    watch();
  };
  connection.on('drain', () => input.resume());
  connection.on('data', (bytes: Buffer) => {
    watch();
    if (!output.write(bytes)) connection.pause();
  });
  const onOutputDrain = () => connection.resume();
  // The reader of the output has gone, as `head` does: nothing is wrong.
  const onOutputError = () => connection.destroy();
  output.on('drain', onOutputDrain).on('error', onOutputError);
  input.on('data', onInput).on('end', onInputEnd).on('error', onInputEnd);
  const onAbort = () => connection.destroy();
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  // An accepted client comes paused.
  connection.resume();

  await new Promise<void>((resolve) => {
    connection.on('error', (error) => {
      failure = error;
    });
    // The module closes both directions when the peer ends.
    connection.on('end', () => connection.destroy());
    connection.on('close', () => resolve());
    if (connection.destroyed) resolve();
    // A peer that sent nothing can have ended before this was called.
    else if (connection.readableEnded) connection.destroy();
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  input.off('data', onInput).off('end', onInputEnd).off('error', onInputEnd).pause();
  await flushed(output);
  output.off('drain', onOutputDrain).off('error', onOutputError);
  if (failure !== undefined) throw failure;
}

/** Resolves when everything that was written has left, or can never leave. */
function flushed(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (output.destroyed || output.writableLength === 0) resolve();
    else output.write('', () => resolve());
  });
}
