import { connect, type Socket } from 'node:net';

/** A client of a server of this computer, for tests that speak a protocol byte by byte. */
export interface Talk {
  readonly socket: Socket;
  send(bytes: string | Uint8Array): void;
  /** Resolves with exactly so many bytes; rejects with what came when there are no more. */
  take(size: number): Promise<Buffer>;
  /** Resolves with everything up to the end; rejects if the connection was reset. */
  rest(): Promise<Buffer>;
}

/** Connects to a port of loopback. */
export function talk(port: number): Talk {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let held = Buffer.alloc(0);
  let end: { readonly error?: Error } | undefined;
  let changed = () => {};
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    changed();
  });
  const over = (error?: Error) => {
    end ??= error === undefined ? {} : { error };
    changed();
  };
  socket.on('error', over).on('end', () => over());
  const until = async (isThere: () => boolean) => {
    while (!isThere() && end === undefined) await new Promise<void>((resolve) => (changed = resolve));
  };
  return {
    socket,
    send: (bytes) => socket.write(bytes),
    async take(size) {
      await until(() => held.length >= size);
      if (held.length < size) throw new Error(`Only ${held.toString('hex')} came.`, { cause: end?.error });
      const taken = held.subarray(0, size);
      held = held.subarray(size);
      return taken;
    },
    async rest() {
      await until(() => false);
      if (end?.error !== undefined) throw end.error;
      return held;
    },
  };
}
