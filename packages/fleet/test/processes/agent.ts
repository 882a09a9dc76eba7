// An agent as a process of its own: `agent.ts URL NAME COUNT [BUDGET] [transparent]`. Prints a line of JSON for each command that a
// module of it has executed and that carries a mark (`AT+MARK…`, raw commands of the tests), and its heap.
import { emulator } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import { bytesOf, type WriteData } from '@a7600/transport';
import { EMPTY, filter, map } from 'rxjs';
import { agent } from '../../src/index.js';
import { connected } from './connected.js';
import { measured, say } from './saying.js';

const [url = '', name = '', count = '1', budget = '', mode] = process.argv.slice(2);
const now = () => performance.timeOrigin + performance.now();
/** When the agent has sent each marked command: the process may be stopped before the module comes to it. */
const sentAt = new Map<string, number>();

let isSilent = false;
process.on('message', (message: { readonly isSilent: boolean }) => {
  // The first module dies without a word, and comes back when it is told to.
  ({ isSilent } = message);
});

const connection = await connected(url, name);
const modems = Array.from({ length: Number(count) }, (_, index) => {
  const module = emulator({ network: hostNetwork() });
  const modem = `m${index}`;
  module.control.events$.subscribe((event) => {
    // The tests mark their commands with a name that no module has.
    if (event.kind !== 'command' || !event.text.startsWith('AT+MARK')) return;
    say({ executed: event.text, modem: `${name}/${modem}`, at: sentAt.get(event.text) });
    sentAt.delete(event.text);
  });
  const isDead = () => isSilent && index === 0;
  const transport = module.pipe(
    map((link) => ({
      ...link,
      received$: link.received$.pipe(filter(() => !isDead())),
      write: (data: WriteData) => {
        if (isDead()) return EMPTY;
        for (const [text] of Buffer.from(bytesOf(data))
          .toString('latin1')
          .matchAll(/AT\+MARK[^\r]*/g))
          sentAt.set(text, now());
        return link.write(data);
      },
    })),
  );
  return { name: modem, transport, online: { network: { transparent: mode === 'transparent' } } };
});
const streams = budget === '' ? undefined : { budget: Number(budget) };
agent(modems, connection, { name, streams }).subscribe({
  next: ({ instance }) => say({ instance }),
  error: (error: Error) => {
    say({ error: error.message });
    process.exit(1);
  },
});
measured();
process.on('SIGTERM', () => process.exit(0));
