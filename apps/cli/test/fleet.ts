import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subscription } from 'rxjs';
import { type Program, started, temporaryFolder } from '../../../packages/tcpip/test/programs.js';
import { freePort } from '../../../tools/free-port.js';
import { program } from './program.js';
import { A7600, type Going, going } from './real.js';

/**
 * Waits until `fleet list` shows something: what an agent prints reaches the server a moment later.
 *
 * @param as how to connect
 */
export async function listed(pattern: RegExp, ...as: readonly string[]): Promise<void> {
  while (!pattern.test((await program('fleet', 'list', ...as)).output));
}

/** Starts a real nats-server without users, and an agent `ROOF-17` with two emulated modems, online, in a process. */
export async function smallFleet(open: Subscription): Promise<{
  readonly url: string;
  readonly server: Program;
  readonly agent: Going;
}> {
  const folder = temporaryFolder(open);
  const port = await freePort();
  const store = ['-js', '-sd', join(folder, 'jetstream')];
  const server = await started(
    open,
    port,
    'nats-server',
    ['-a', '127.0.0.1', '-p', `${port}`, ...store],
    /Server is ready/,
  );
  const url = `nats://127.0.0.1:${port}`;
  const config = join(folder, 'agent.json');
  const modems = [
    { name: 'east', emulated: 'a76xx', imei: '861234567890123', apn: 'internet' },
    { name: 'west', emulated: 'sim7600', imei: '861234567890124', apn: 'internet' },
  ];
  writeFileSync(config, JSON.stringify({ modems }));
  const call = [
    'agent',
    '--nats',
    url,
    '--name',
    'ROOF-17',
    '--config',
    config,
    '--set-up',
    '--metrics',
    '0',
  ];
  const agent = going(open, [...A7600, ...call]);
  await agent.says(/(east|west): online[\s\S]*(east|west): online/);
  await listed(/east +online[\s\S]*west +online/, '--nats', url);
  return { url, server, agent };
}
