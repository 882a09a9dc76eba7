import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Subscription } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serving } from '../../../../packages/tcpip/test/online.js';
import { smallFleet } from '../../test/fleet.js';
import { examples, FLEET, pattern, textOf, words } from '../../test/pages.js';
import { program } from '../../test/program.js';

// The examples of the pages that need a fleet print what they say, with a real nats-server and an agent in a process.

const open = new Subscription();
const work = mkdtempSync(join(tmpdir(), 'a7600-pages-'));
const home = process.cwd();
let url = '';
let target = '';
beforeAll(async () => {
  symlinkSync(fileURLToPath(new URL('../../../../docs', import.meta.url)), join(work, 'docs'));
  const [, configuration = ''] = /^```json\n(.*?)^```/ms.exec(textOf('agent.md')) ?? [];
  writeFileSync(join(work, 'agent.json'), configuration);
  const echo = await serving(open, (socket) => socket.end('hello from the peer\n'));
  target = `localhost:${echo.port}`;
  ({ url } = await smallFleet(open));
  process.chdir(work);
});
afterAll(() => {
  open.unsubscribe();
  process.chdir(home);
  rmSync(work, { recursive: true });
});

/** The peer of the examples: its port may be in use here. */
const PEER = /localhost[: ]7000/g;

// The page of the agent last: its agent would be listed on the other one.
const inFleet = examples.filter(([, command]) => command.includes(FLEET));
test.each(inFleet.sort(([one], [other]) => (one === other ? 0 : one > other ? -1 : 1)))(
  '%s: $ a7600 %s',
  async (_, command, output) => {
    const call = words(
      command
        .replace(FLEET, url)
        .replaceAll(PEER, (peer) => (peer.includes(' ') ? target.replace(':', ' ') : target)),
    );
    const expected = output.replaceAll(PEER, target);
    // What is known of the server depends on its version.
    const screen = (await program(...call)).screen.replaceAll(/^nats-server \d.*\n/gm, '');
    expect(screen).toMatch(pattern(expected));
  },
);
