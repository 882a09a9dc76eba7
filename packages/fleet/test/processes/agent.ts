// An agent as a process of its own: `agent.ts URL NAME COUNT`. Prints a line of JSON for each command that a module of
// it has executed and that carries a mark (`AT+CMARK…`-like raw commands of the tests), and its heap every second.
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import type { WriteData } from '@a7600/transport';
import { EMPTY, filter, map } from 'rxjs';
import { agent } from '../../src/index.js';
import { connected } from './connected.js';

const [url = '', name = '', count = '1'] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const connection = await connected(url, name);
const modems = Array.from({ length: Number(count) }, (_, index) => {
  const module = emulator({ network: hostNetwork() });
  const modem = `m${index}`;
  module.control.events$.subscribe((event) => {
    // The tests mark their commands with a name that no module has.
    if (event.kind === 'command' && event.text.startsWith('AT+MARK')) {
      say({
        executed: event.text,
        modem: `${name}/${modem}`,
        at: performance.timeOrigin + performance.now(),
      });
    }
  });
  let isSilent = false;
  process.on('SIGUSR2', () => {
    // The first module dies without a word, and comes back the next time.
    if (index === 0) isSilent = !isSilent;
  });
  const transport = module.pipe(
    map((link) => ({
      ...link,
      received$: link.received$.pipe(filter(() => !isSilent)),
      write: (data: WriteData) => (isSilent ? EMPTY : link.write(data)),
    })),
  );
  return { name: modem, transport, online: { modem: { confirmInterval: 2_000 } } };
});
agent(modems, connection, { name }).subscribe({
  next: ({ instance }) => say({ instance }),
  error: (error: Error) => {
    say({ error: error.message });
    process.exit(1);
  },
});
setInterval(() => say({ heap: process.memoryUsage().heapUsed }), 1_000);
process.on('SIGTERM', () => process.exit(0));
