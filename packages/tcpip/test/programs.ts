import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subscription } from 'rxjs';
import { freePort } from '../../../tools/free-port.js';
import { endingWithParent, NOTHING_INHERITED } from '../../../tools/programs.js';
import type { Certificates } from './certificates.js';
import { reached } from './online.js';

/** Where Debian puts daemons, which is not in everybody's path. */
const { PATH = '', ...others } = process.env;
const env = { SNMP_PERSISTENT_DIR: '/nonexistent', ...others, PATH: `${PATH}:/usr/sbin` };

/** A real server, running until `open` ends. */
export interface Program {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly process: ChildProcess;
}

/** The real mosquitto on a free port; with certificates it asks for that of the client. */
export async function mosquitto(open: Subscription, certificates?: Certificates): Promise<Program> {
  const port = await freePort();
  const folder = temporaryFolder(open);
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'persistence false'];
  if (certificates !== undefined) {
    lines.push(
      `cafile ${file('ca.pem', certificates.ca)}`,
      `certfile ${file('server.pem', certificates.server.cert)}`,
      `keyfile ${file('server.key', certificates.server.key)}`,
      'require_certificate true',
      // As root, mosquitto becomes another user, who could not read the files.
      'user root',
    );
  }
  return started(open, port, 'mosquitto', ['-c', file('mosquitto.conf', lines.join('\n')), '-v'], / running/);
}

/** The real redis-server on a free port. */
export async function redisServer(open: Subscription): Promise<Program> {
  const port = await freePort();
  const options = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: temporaryFolder(open) };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return started(open, port, 'redis-server', args, /[Rr]eady to accept connections/);
}

/** The real PostgreSQL on a free port, with a database of its own. It refuses to run as root. */
export async function postgres(open: Subscription): Promise<Program> {
  const port = await freePort();
  const folder = temporaryFolder(open);
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const [version = ''] = readdirSync('/usr/lib/postgresql').sort().reverse();
  const binary = (name: string) => join('/usr/lib/postgresql', version, 'bin', name);
  const isRoot = process.getuid?.() === 0;
  const run = (name: string, args: string[]): [string, string[]] =>
    isRoot ? ['runuser', ['-u', 'postgres', '--', binary(name), ...args]] : [binary(name), args];
  const [command, init] = run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync']);
  execFileSync(command, init, { stdio: 'ignore', cwd: folder });
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, fsync: 'off' };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return started(
    open,
    port,
    command,
    run('postgres', ['-D', data, ...args])[1],
    /ready to accept connections/,
  );
}

/** The real nats-server on a free port. */
export async function natsServer(open: Subscription): Promise<Program> {
  const port = await freePort();
  return started(open, port, 'nats-server', ['-a', '127.0.0.1', '-p', `${port}`], /Server is ready/);
}

/** nghttpd, the HTTP/2 server of nghttp2, on a free port: it sends every body back. */
export async function nghttpd(open: Subscription): Promise<Program> {
  const port = await freePort();
  const args = ['--no-tls', '--echo-upload', '-v', '-a', '127.0.0.1', '-d', temporaryFolder(open), `${port}`];
  return started(open, port, 'nghttpd', args, /listen/);
}

/** vsftpd on a free port: anybody may write to `/upload`. */
export async function ftpServer(open: Subscription): Promise<Program> {
  const port = await freePort();
  const folder = temporaryFolder(open);
  const root = join(folder, 'root');
  mkdirSync(join(root, 'upload'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  chmodSync(folder, 0o755);
  chmodSync(join(root, 'upload'), 0o777);
  const settings = {
    listen: 'YES',
    listen_port: port,
    listen_address: '127.0.0.1',
    background: 'NO',
    anonymous_enable: 'YES',
    anon_root: root,
    no_anon_password: 'YES',
    write_enable: 'YES',
    anon_upload_enable: 'YES',
    anon_umask: '022',
    secure_chroot_dir: join(folder, 'empty'),
    seccomp_sandbox: 'NO',
  };
  const file = join(folder, 'vsftpd.conf');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  return started(open, port, 'vsftpd', [file]);
}

/** A key pair, and the folder for files that come over SSH. */
export interface SshKey {
  readonly private: string;
  readonly folder: string;
}

let key: SshKey | undefined;

/** What `sshServer` lets in. */
export function sshKey(): SshKey {
  if (key === undefined) throw new Error('There is no SSH server.');
  return key;
}

/** OpenSSH on a free port: who has `sshKey` is let in as the user that runs this. */
export async function sshServer(open: Subscription): Promise<Program> {
  const port = await freePort();
  const folder = temporaryFolder(open);
  const make = (name: string) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
    return join(folder, name);
  };
  const [host, user] = [make('host'), make('user')];
  key = { private: readFileSync(user, 'utf8'), folder };
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const settings = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: host,
    AuthorizedKeysFile: `${user}.pub`,
    StrictModes: 'no',
    UsePAM: 'no',
    PermitRootLogin: 'yes',
    PidFile: 'none',
    MaxStartups: 100,
    Subsystem: 'sftp internal-sftp',
  };
  const file = join(folder, 'sshd_config');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  return started(open, port, '/usr/sbin/sshd', ['-D', '-e', '-f', file], /Server listening/);
}

/** snmpd on a free port: the community `private` may write the contact. */
export async function snmpd(open: Subscription): Promise<Program> {
  const port = await freePort();
  const folder = temporaryFolder(open);
  const file = join(folder, 'snmpd.conf');
  writeFileSync(file, 'rwcommunity private 127.0.0.1\n');
  const child = ['-f', '-Le', '-C', '-c', file, '-p', join(folder, 'pid'), `udp:127.0.0.1:${port}`];
  return started(open, port, 'snmpd', child, /NET-SNMP version/);
}

/** A folder that is removed when `open` ends; a server that ends then may still write to it for a moment. */
export function temporaryFolder(open: Subscription): string {
  const folder = mkdtempSync(join(tmpdir(), 'a7600-'));
  open.add(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }));
  return folder;
}

/** Starts a program, and waits until it prints that it is ready, or, without a sign, takes connections. */
export function started(
  open: Subscription,
  port: number,
  name: string,
  args: string[],
  ready?: RegExp,
): Promise<Program> {
  const child = spawn(...endingWithParent(name, args), {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...NOTHING_INHERITED],
  });
  open.add(() => child.kill());
  return new Promise((resolve, reject) => {
    let printed = '';
    const isReady = () => resolve({ host: '127.0.0.1', port, process: child });
    const listen = (bytes: Buffer) => {
      printed += bytes;
      if (ready?.test(printed)) isReady();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${name} ended: ${printed}`)));
    if (ready === undefined)
      void reached(port, () => child.exitCode === null).then((socket) => {
        socket.end();
        isReady();
      });
  });
}
