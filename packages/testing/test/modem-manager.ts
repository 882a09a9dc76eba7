import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** How long in ms anything is waited for: above what a loaded machine takes. */
const TIMEOUT = 240_000;

/** ModemManager with a bus of its own, and one modem. */
export interface ModemManager {
  /** Runs `mmcli -m any …` and gives what it prints. */
  mmcli(...args: string[]): Promise<string>;
  /** What `mmcli --output-json` tells of the modem. */
  modem(): Promise<Modem>;
  stop(): void;
}

/** The part of it that tests look at. */
export interface Modem {
  readonly generic: Readonly<Record<string, unknown>> & {
    readonly state: string;
    readonly model: string;
    readonly 'own-numbers': readonly string[];
    readonly 'signal-quality': { readonly value: string };
  };
  readonly '3gpp': Readonly<Record<string, unknown>>;
}

/**
 * Starts ModemManager for a module on a TCP port. Without udev it takes no terminal of its own
 * accord: it is given an abstract Unix socket, which socat connects to the port.
 */
export async function startModemManager(folder: string, port: number): Promise<ModemManager> {
  const bus = join(folder, 'bus');
  const configuration = join(folder, 'bus.conf');
  writeFileSync(
    configuration,
    `<busconfig><type>session</type><listen>unix:path=${bus}</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
  );
  const address = `unix:path=${bus}`;
  const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: address, DBUS_SYSTEM_BUS_ADDRESS: address };
  const started: ChildProcess[] = [];
  const start = (program: string, ...args: string[]) => {
    started.push(spawn(program, args, { env, stdio: 'ignore' }));
  };
  const call = async (program: string, ...args: string[]) =>
    (await execute(program, args, { env, timeout: TIMEOUT })).stdout;
  const mmcli = (...args: string[]) => call('mmcli', '-m', 'any', ...args);
  const modem = async () => (JSON.parse(await mmcli('--output-json')) as { modem: Modem }).modem;

  const name = `abstract:a7600-${port}`;
  start('dbus-daemon', `--config-file=${configuration}`, '--nofork');
  start('socat', `ABSTRACT-LISTEN:"${name}",fork`, `TCP:127.0.0.1:${port}`);
  await until(async () => existsSync(bus), 'The bus is not there.');
  const options = ['session', 'enable', 'no-udev', 'no-suspend-resume'].map((option) => `--test-${option}`);
  start('/usr/sbin/ModemManager', ...options, '--no-auto-scan', '--debug');
  const service = 'org.freedesktop.ModemManager1';
  const profile = ['string:a7600', 'string:generic', `array:string:${name}`];
  await until(
    () =>
      call(
        'dbus-send',
        '--session',
        '--print-reply',
        `--dest=${service}`,
        `/${service.replaceAll('.', '/')}`,
        `${service}.Test.SetProfile`,
        ...profile,
      ).then(() => true),
    'ModemManager is not on the bus.',
  );
  await until(async () => (await modem()).generic.state !== '', 'ModemManager does not find the modem.');

  return {
    mmcli,
    modem,
    stop() {
      for (const child of started) child.kill('SIGKILL');
    },
  };
}

/** Asks again and again until it holds; what throws does not hold yet. */
export async function until(holds: () => Promise<boolean>, otherwise: string): Promise<void> {
  for (const end = Date.now() + TIMEOUT; Date.now() < end; ) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(otherwise);
}
