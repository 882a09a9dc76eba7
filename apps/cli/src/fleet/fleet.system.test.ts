import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fleetServer } from '../../../../packages/fleet/test/fleet-server.js';
import { listed, smallFleet } from '../../test/fleet.js';
import { program } from '../../test/program.js';
import { A7600, going } from '../../test/real.js';
import { scratch } from '../../test/scratch.js';

const own = scratch();

test('promtool finds nothing wrong with the metrics of a fleet', async () => {
  const { url, agent } = await smallFleet(own.open);
  const watching = going(own.open, [...A7600, 'fleet', 'watch', '--nats', url, '--metrics', '0', '--json']);
  const [port] = await Promise.all([portOf(watching), watching.says(/east/)]);
  const [, ofAgent = ''] = await agent.says(/Metrics at http:\/\/127\.0\.0\.1:(\d+)/);
  // The agent has those of its own modems, whatever becomes of the server.
  for (const served of [port, ofAgent]) {
    const text = await (await fetch(`http://127.0.0.1:${served}/metrics`)).text();
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', '']);
    expect(text).toContain('a7600_agent_up{agent="ROOF-17"} 1');
    expect(text).toContain('a7600_up{agent="ROOF-17",modem="east"} 1');
  }
});

function portOf({ child }: ReturnType<typeof going>): Promise<string> {
  return new Promise((resolve) => {
    let printed = '';
    child.stderr?.on('data', (bytes) => {
      printed += bytes;
      const [, port] = /Metrics at http:\/\/127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
      if (port !== undefined) resolve(port);
    });
  });
}

test('with TLS, keys and roles: an agent, a controller, a viewer; no secret reaches the server', async () => {
  const fleet = await fleetServer(own.open);
  const file = (name: string, text: string) => {
    writeFileSync(join(own.folder, name), text, { mode: 0o600 });
    return join(own.folder, name);
  };
  const as = (name: string) => ['--nats', fleet.url, '--ca', ca, '--creds', fleet.keyFile(name)];
  const ca = file('ca.pem', fleet.ca);
  expect((await program('fleet', 'set-up', ...as('root'))).code).toBe(0);

  const passed: string[] = [];
  const root = await fleet.connect('root');
  root.subscribe('>', { callback: (_, { data }) => void passed.push(Buffer.from(data).toString('latin1')) });
  await root.flush();
  const secrets = { user: 'me', passwordFile: file('password', 'hunter2'), pinFile: file('pin', '73524681') };
  const config = file(
    'agent.json',
    JSON.stringify({ modems: [{ name: 'east', emulated: 'a76xx', ...secrets }] }),
  );
  const call = ['agent', ...as('roof-1'), '--name', 'roof-1', '--config', config];
  const agent = going(own.open, [...A7600, ...call]);
  await agent.says(/east: online/);

  await listed(/^roof-1\/east +online/m, ...as('wall'));
  expect((await program('fleet', 'at', 'east', 'AT+CSQ', ...as('desk-1'))).output).toContain('+CSQ: 23,0');
  expect((await program('fleet', 'at', 'east', 'AT+CGAUTH?', ...as('desk-1'))).messages).toMatch(
    /never leaves the agent/,
  );
  expect((await program('fleet', 'at', 'east', 'AT+CFUN=1', ...as('desk-1'))).messages).toMatch(/--lease/);
  expect((await program('fleet', 'at', 'east', 'AT+CMEE=2', '--lease', ...as('desk-1'))).code).toBe(0);
  expect((await program('fleet', 'at', 'east', 'AT+CSQ', ...as('wall'))).code).not.toBe(0);
  const wrong = await program('fleet', 'list', '--nats', fleet.url, '--ca', ca);
  expect([wrong.code, wrong.messages]).toEqual([
    1,
    expect.stringContaining('Name the file with your key with --creds'),
  ]);
  const foreign = ['agent', ...as('roof-1'), '--name', 'roof-2', '--config', config];
  const refused = await program(...foreign);
  expect([refused.code, refused.messages]).toEqual([
    1,
    expect.stringContaining('The key (--creds) has to be that of the agent roof-2.'),
  ]);
  const unknown = await program('fleet', 'doctor', 'any', ...as('desk-1'));
  expect([unknown.code, unknown.output]).toEqual([
    1,
    expect.stringContaining('No agent offers a modem any.'),
  ]);
  const untrusted = await program('fleet', 'list', '--nats', fleet.url, '--creds', fleet.keyFile('wall'));
  expect([untrusted.code, untrusted.messages]).toEqual([3, expect.stringContaining('--ca')]);

  agent.child.kill('SIGTERM');
  expect((await agent.ended).code).toBe(0);
  expect((await program('fleet', 'list', ...as('wall'))).output).toMatch(/^roof-1\/east +stopped/m);
  expect(passed.length).toBeGreaterThan(5);
  expect(passed.filter((text) => /hunter2|73524681/.test(text))).toEqual([]);
});
