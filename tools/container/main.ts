// Builds the container of the agent as its file says, and runs it against a nats-server with users: its modem is emulated.
// Its image of Node is a stand-in with this computer's Node, and the packages are those of `tarballs/`, because neither
// needs a registry of images, a daemon, or the published packages. Needs Debian's buildah and nats-server, and root.
// Usage: npm run tarballs && npm run container-check
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.js';
import { registryOf } from '../newcomer/registry.js';
import { endingWithParent } from '../programs.js';
import { imagesIn, standInForNode } from './images.js';

const { PATH: path = '' } = process.env;
const root = fileURLToPath(new URL('../..', import.meta.url));
const containerFile = join(root, 'docs/program/agent/Containerfile');
const folder = mkdtempSync(join(tmpdir(), 'a7600-container-'));
const at = (...names: string[]) => join(folder, ...names);
const a7600 = (...args: string[]) =>
  execFileSync('npm', ['run', '--silent', 'a7600', '--', ...args], { cwd: root, encoding: 'utf8' });
/** Time in ms for the modem to be online, and for the agent to end. */
const LONGEST = 30_000;
const registry = await registryOf(join(root, 'tarballs'));
let failure: unknown;
try {
  await check();
} catch (error) {
  failure = error;
} finally {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
}
if (failure !== undefined) throw failure;

async function check(): Promise<void> {
  const [, image = ''] = /^FROM (\S+)$/m.exec(readFileSync(containerFile, 'utf8')) ?? [];
  const images = imagesIn(folder);
  mkdirSync(at('node'));
  const settings = {
    '@a7600:registry': registry.url,
    registry: npmSetting('registry'),
    cafile: '/etc/ca.pem',
  };
  standInForNode(at('node'), settings);
  writeFileSync(
    at('node/etc/ca.pem'),
    readFileSync(npmSetting('cafile') || '/etc/ssl/certs/ca-certificates.crt'),
  );
  await images.make(image, at('node'));
  await images.build('a7600-agent', containerFile);
  console.log(`ok    ${image} (a stand-in) and the steps of the file make an image`);

  const port = await freePort();
  const url = `nats://127.0.0.1:${port}`;
  const listen = ['--listen', `127.0.0.1:${port}`, '--store', at('jetstream'), '--out', at('fleet')];
  a7600('fleet', 'configure', '--agent', 'ROOF-17', '--controller', 'desk', ...listen);
  const server = spawn(...endingWithParent('nats-server', ['-c', at('fleet/nats-server.conf')]), {
    stdio: 'ignore',
    env: { ...process.env, PATH: `${path}:/usr/sbin` },
  });
  const as = (name: string) => ['--nats', url, '--creds', at(`fleet/${name}.nk`)];
  await until(() => a7600('fleet', 'set-up', ...as('root')).includes('are there'));
  writeFileSync(at('agent.json'), JSON.stringify({ modems: [{ name: 'east', emulated: 'a76xx' }] }));
  chmodSync(folder, 0o755);
  for (const name of ['fleet', 'fleet/ROOF-17.nk', 'agent.json']) chmodSync(at(name), 0o755);

  const { entrypoint, stopSignal, user, call } = await images.start('a7600-agent');
  const volumes = {
    [at('agent.json')]: '/etc/a7600/agent.json',
    [at('fleet/ROOF-17.nk')]: '/etc/a7600/agent.nk',
  };
  const [name = '', ...args] = call([...entrypoint, '--nats', url, '--name', 'ROOF-17'], volumes);
  const agent = spawn(name, args, { stdio: 'inherit', detached: true });
  const ended = new Promise<number | null>((resolve) => agent.once('exit', resolve));
  try {
    await until(() => /^ROOF-17\/east +online/m.test(a7600('fleet', 'list', ...as('desk'))));
    console.log(`ok    the agent runs as the user ${user}, and its modem is online`);
    // As a container engine does it, to the program itself: buildah does not pass signals on.
    process.kill(programIn(agent.pid ?? 0), stopSignal as NodeJS.Signals);
    const code = await Promise.race([
      ended,
      new Promise((resolve) => setTimeout(resolve, LONGEST, 'still there')),
    ]);
    if (code !== 0) throw new Error(`After ${stopSignal} the agent ended with ${code}, expected 0.`);
    if (!/^ROOF-17\/east +stopped/m.test(a7600('fleet', 'list', ...as('desk'))))
      throw new Error('The modem of the agent that has ended is not stopped.');
    console.log(`ok    ${stopSignal} ends it in order`);
  } finally {
    if (agent.exitCode === null && agent.pid !== undefined) process.kill(-agent.pid, 'SIGKILL');
    server.kill();
  }
}

/** The innermost process below another one. A child belongs to the thread that has started it. */
function programIn(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' '),
  );
  const child = children.find((each) => each !== '');
  return child === undefined ? pid : programIn(Number(child));
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + LONGEST;
  for (;;) {
    try {
      if (isSo()) return;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    if (performance.now() > end) throw new Error(`Not so after ${LONGEST} ms: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function npmSetting(name: string): string {
  const value = execFileSync('npm', ['config', 'get', name], { cwd: root, encoding: 'utf8' }).trim();
  return value === 'null' || value === 'undefined' ? '' : value;
}
