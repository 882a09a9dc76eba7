import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Shell } from './shell.js';

/** An emulated module that stands in for the real one of the pages. */
export interface StandIn {
  /** A command of a page with the names that exist here, in place of those that each reader replaces. */
  here(command: string): string;
  stop(): Promise<void>;
}

/**
 * Starts the emulator of a clone on a pseudo-terminal, and a web server that its network reaches.
 *
 * @param path where the link to the pseudo-terminal is made
 */
export async function standIn(shell: Shell, clone: string, path: string): Promise<StandIn> {
  const web = createServer((_, response) => response.end('Hello from the network of the module.\n'));
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  const emulator = await shell.ready(`npm run emulator -- --pty ${path} --map 7=7007`, clone);
  return {
    here: (command) =>
      command.replace('/dev/ttyUSB2', path).replace('http://example.com/', `http://127.0.0.1:${port}/`),
    async stop() {
      web.close();
      await emulator.stop();
    },
  };
}
