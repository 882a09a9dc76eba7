import { a7600, type Command, commandBytes, createDecoder, exchange } from '@a7600/at-codec';

/** Where bytes go out and come in: a serial port, a socket. */
interface Port {
  write(bytes: Uint8Array): void;
  onBytes(listener: (bytes: Uint8Array) => void): void;
}

/** Sends one command and tells how it ended. */
export function ask<R>(port: Port, command: Command<R>, done: (value: R | Error) => void): void {
  const asked = exchange(command);
  const decoder = createDecoder(a7600, (event) => {
    const mine = asked.offer(event); // false for a URC in between, for instance
    if (mine && event.kind === 'prompt' && command.payload) port.write(command.payload);
    if (mine && asked.settled) done(asked.settled.ok ? asked.settled.value : asked.settled.error);
  });
  decoder.awaitPrompt(command.payload !== undefined);
  port.onBytes((bytes) => decoder.push(bytes));
  port.write(commandBytes(command));
}
