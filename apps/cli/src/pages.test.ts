import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serving } from '../../../packages/tcpip/test/online.js';
import { freePort } from '../../../tools/free-port.js';
import { examples, FLEET, pages, pattern, textOf, words } from '../test/pages.js';
import { program, programWith } from '../test/program.js';
import { scratch } from '../test/scratch.js';
import { subcommands } from './commands/index.js';
import { ExitCode } from './exit-code.js';

// Each subcommand has a page, and the examples of the pages print what they say. Those of a fleet need a real server:
// `fleet/pages.system.test.ts` runs them.

// Examples name files of the repository from its root, and write others where they run.
const own = scratch();
const work = mkdtempSync(join(tmpdir(), 'a7600-pages-'));
const home = process.cwd();
beforeAll(() => {
  symlinkSync(fileURLToPath(new URL('../../../docs', import.meta.url)), join(work, 'docs'));
  process.chdir(work);
});
afterAll(() => {
  process.chdir(home);
  rmSync(work, { recursive: true });
});

const alone = examples.filter(([, command]) => !command.includes(FLEET));

/** The port on which the examples have a server, of this computer or of a module: it may be in use here. */
const PORT = '7000';

test.each(alone)('%s: $ a7600 %s', async (page, command, screen) => {
  const listens = command.startsWith('listen');
  const peer = await serving(own.open, (socket) => socket.end('hello from the peer\n'));
  const port = `${listens ? await freePort() : peer.port}`;
  const call = words(command).map((word) => (word === PORT ? port : word));
  const expected = screen.replaceAll(PORT, port);
  const shown =
    call[0] === 'emulate' ? await emulated(call) : await programWith({ onPrinted: client(port) }, ...call);
  expect(shown.screen).toMatch(pattern(expected));
  // What a page shows first is no mistake.
  const [, first] = alone.find(([of]) => of === page) ?? [];
  if (command === first) expect(shown.code).not.toBe(ExitCode.Usage);
});

/** Plays the client of an example that listens, once it does. */
function client(port: string): (screen: string) => void {
  let isConnected = false;
  return (screen) => {
    if (isConnected || !screen.includes(`Listening on 127.0.0.1:${port}`)) return;
    isConnected = true;
    const socket = connect(Number(port), '127.0.0.1', () => socket.end('hello\n'));
    own.open.add(() => socket.destroy());
  };
}

/** The emulator prints by itself, and goes on until a signal comes. */
async function emulated(
  call: readonly string[],
): Promise<{ readonly code: number; readonly screen: string }> {
  let screen = '';
  const log = vi.spyOn(console, 'log').mockImplementation((line) => {
    screen += `${line}\n`;
    if (screen.includes('Ctrl-C ends it')) process.emit('SIGTERM', 'SIGTERM');
  });
  const { code } = await program(...call);
  log.mockRestore();
  return { code, screen };
}

test.each(subcommands.map(({ name }) => [name]))(
  '%s has a page with an example, and the table names it',
  (name) => {
    const page = `${name.split(' ')[0]}.md`;
    expect(pages).toContain(page);
    expect(textOf('README.md')).toContain(`[\`${name}\`](${page})`);
    expect(textOf(page)).toContain(`$ a7600 ${name}`);
  },
);
