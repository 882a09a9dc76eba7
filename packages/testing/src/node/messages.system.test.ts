import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startModemManager, until } from '../../test/modem-manager.js';
import { gsmModem } from '../../test/serialport-gsm.js';
import { type Emulator, emulator } from '../emulator/emulator.js';
import { onPty } from './on-pty.js';
import { onTcp } from './on-tcp.js';

// Programs that know nothing of this project send and receive messages through the module; a phone
// in its mobile network is at the other end.

const execute = promisify(execFile);
const ANN = '+4930111111';

let folder: string;
let module: Emulator;
let running: Subscription;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'a7600-messages-'));
  module = emulator({ whenClosed: 'goes on' });
  running = new Subscription();
});
afterEach(() => {
  running.unsubscribe();
  module.control.powerOff();
  rmSync(folder, { recursive: true });
});

/** The module on a pseudo-terminal, and the path of it. */
async function device(): Promise<string> {
  const link = join(folder, 'modem');
  await new Promise<void>((resolve) => running.add(onPty(module, { link }).subscribe(() => resolve())));
  return link;
}

/** Configuration of gammu and its daemon. */
async function configuration(): Promise<string> {
  for (const name of ['inbox', 'outbox', 'sent', 'error']) mkdirSync(join(folder, name));
  const path = join(folder, 'smsd');
  const folders = ['inbox', 'outbox', 'sent', 'error'].map((name) => {
    const key = { inbox: 'inboxpath', outbox: 'outboxpath', sent: 'sentsmspath', error: 'errorsmspath' }[
      name
    ];
    return `${key} = ${join(folder, name)}/`;
  });
  const lines = [
    '[gammu]',
    `device = ${await device()}`,
    'connection = at115200',
    '[smsd]',
    'service = files',
    `logfile = ${join(folder, 'log')}`,
    'loopsleep = 1',
    'checksecurity = 0',
    ...folders,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

test('gammu sends a text that needs two messages, and lists what has come', async () => {
  const path = await configuration();
  const gammu = async (...args: string[]) =>
    (await execute('gammu', ['--config', path, ...args], { timeout: 240_000 })).stdout;
  const ann = module.control.phone(ANN);
  const long = 'All messages of more than 160 characters go in parts. '.repeat(4).trim();
  await gammu('sendsms', 'TEXT', ANN, '-len', '400', '-text', long);
  expect(ann.inbox).toMatchObject([{ text: long, parts: 2, from: module.control.number }]);
  ann.send(module.control.number, 'Grüße from Ann');
  const all = await gammu('getallsms');
  expect(all).toContain(`Remote number        : "${ANN}"`);
  expect(all).toContain('Grüße from Ann');
  await gammu('deletesms', '1', '1');
  expect(await gammu('getallsms')).toContain('0 SMS parts');
});

test('gammu-smsd sends what is put into its outbox, and stores what comes in', async () => {
  const path = await configuration();
  const ann = module.control.phone(ANN);
  await execute('gammu-smsd-inject', ['--config', path, 'TEXT', ANN, '-text', 'from the daemon']);
  const daemon = spawn('gammu-smsd', ['--config', path], { stdio: 'ignore' });
  running.add(() => daemon.kill('SIGKILL'));
  await until(
    async () => ann.inbox.some(({ text }) => text === 'from the daemon'),
    'The message is not sent.',
  );
  ann.send(module.control.number, 'to the daemon');
  const received = () =>
    readdirSync(join(folder, 'inbox')).map((name) => readFileSync(join(folder, 'inbox', name), 'utf8'));
  await until(
    async () => received().some((text) => text.includes('to the daemon')),
    'The message is not stored.',
  );
});

test('ModemManager sends a message, and lists, shows and deletes one that has come', async () => {
  const { port } = await new Promise<{ port: number }>((resolve) => {
    running.add(onTcp(module, { port: 0 }).subscribe((place) => resolve(place)));
  });
  const manager = await startModemManager(folder, port);
  running.add(() => manager.stop());
  const ann = module.control.phone(ANN);
  await manager.mmcli('--enable');
  await until(async () => (await manager.modem()).generic.state === 'registered', 'It is not registered.');
  expect((await manager.modem()).generic['own-numbers']).toEqual([module.control.number]);

  const created = await manager.mmcli(`--messaging-create-sms=text='from mmcli',number='${ANN}'`);
  await manager.mmcli(`--sms=${/SMS\/\d+/.exec(created)?.[0].slice(4)}`, '--send');
  expect(ann.inbox).toMatchObject([{ text: 'from mmcli' }]);

  ann.send(module.control.number, 'to mmcli');
  const newest = async () => /SMS\/(\d+) \(received\)/.exec(await manager.mmcli('--messaging-list-sms'))?.[1];
  await until(async () => (await newest()) !== undefined, 'The message is not listed.');
  const sms = await newest();
  const shown = await manager.mmcli(`--sms=${sms}`);
  expect(shown).toContain('to mmcli');
  expect(shown).toContain(ANN);
  await manager.mmcli(`--messaging-delete-sms=${sms}`);
  expect(await newest()).toBeUndefined();
});

test('serialport-gsm sends a message, and is called with one that has come', async () => {
  const modem = gsmModem();
  const arrived = new Promise<unknown>((resolve) => modem.on('onNewMessage', resolve));
  await modem.open(await device(), {
    baudRate: 115_200,
    autoDeleteOnReceive: true,
    enableConcatenation: true,
  });
  expect(await modem.initializeModem()).toMatchObject({ status: 'success' });
  const ann = module.control.phone(ANN);
  await modem.sendSMS(ANN, 'from the library', false);
  await until(
    async () => ann.inbox.some(({ text }) => text === 'from the library'),
    'The message is not sent.',
  );
  ann.send(module.control.number, 'to the library');
  expect(await arrived).toMatchObject([{ message: 'to the library', sender: ANN.slice(1) }]);
  await modem.close();
});
