import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../../tools/free-port.js';
import { openOnHost } from '../../test/host-console.js';
import { until } from '../../test/modem-manager.js';
import { emulator } from '../emulator/emulator.js';
import { gpxTrack } from '../emulator/gnss/track.js';
import { onPty } from './on-pty.js';

const execute = promisify(execFile);
const ends: (() => void)[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'a7600-services-'));
});
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
  rmSync(folder, { recursive: true });
});

function started(program: string, ...args: string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  ends.push(() => child.kill('SIGKILL'));
  return child;
}

const accepts = (port: number) => async () => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  return true;
};

test('mosquitto: publishes, subscribes and is disconnected (AT command manual V1.09, 18)', async () => {
  const port = await freePort();
  const configuration = join(folder, 'mosquitto.conf');
  writeFileSync(configuration, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const broker = started('mosquitto', '-c', configuration);
  await until(accepts(port), 'mosquitto does not listen.');
  // Line by line, although it does not write to a terminal.
  const topic = ['-p', String(port), '-t', 'from/module', '-C', '2', '-v', '-d'];
  const listener = started('stdbuf', '-oL', 'mosquitto_sub', ...topic);
  let heard = '';
  listener.stdout?.on('data', (chunk) => {
    heard += chunk;
  });
  await until(async () => heard.includes('Subscribed'), 'mosquitto_sub does not subscribe.');

  const console = await openOnHost();
  ends.push(() => console.close());
  const entered = async (command: string, text: string) => {
    await console.at(command, '>');
    return console.type(text, /\r\n(OK|ERROR)\r\n/);
  };
  await console.at('+CMQTTSTART');
  await console.until('+CMQTTSTART: 0\r\n');
  expect(await console.at(`+CMQTTCONNECT=0,"tcp://127.0.0.1:${port}",60,1`)).toContain('+CMQTTCONNECT: 0,20');
  await console.at('+CMQTTACCQ=0,"module"');
  await entered('+CMQTTWILLTOPIC=0,4', 'will');
  await entered('+CMQTTWILLMSG=0,4,1', 'gone');
  await console.at(`+CMQTTCONNECT=0,"tcp://127.0.0.1:${port}",60,1`);
  await console.until('+CMQTTCONNECT: 0,0\r\n');

  for (const qos of [0, 2]) {
    await entered('+CMQTTTOPIC=0,11', 'from/module');
    await entered('+CMQTTPAYLOAD=0,6', `hello${qos}`);
    await console.at(`+CMQTTPUB=0,${qos},60`);
    expect(await console.until(/\+CMQTTPUB.*\r\n/)).toContain('+CMQTTPUB: 0,0');
  }
  await until(async () => heard.includes('from/module hello2'), 'The messages do not arrive.');
  expect(heard).toContain('from/module hello0');
  expect(await console.at('+CMQTTPUB=0,1,60')).toContain('+CMQTTPUB: 0,18');

  await entered('+CMQTTSUBTOPIC=0,11,1', 'to/module/+');
  await console.at('+CMQTTSUB=0');
  expect(await console.until(/\+CMQTTSUB.*\r\n/)).toContain('+CMQTTSUB: 0,0');
  await execute('mosquitto_pub', ['-p', String(port), '-t', 'to/module/x', '-m', 'hi\r\nthere', '-q', '1']);
  expect(await console.until('+CMQTTRXEND: 0\r\n')).toBe(
    '\r\n+CMQTTRXSTART: 0,11,9\r\n+CMQTTRXTOPIC: 0,11\r\nto/module/x\r\n+CMQTTRXPAYLOAD: 0,9\r\nhi\r\nthere\r\n+CMQTTRXEND: 0\r\n',
  );

  broker.kill('SIGKILL');
  // The kernel of a killed broker closes the connection (1), or resets it if bytes were unread (2).
  expect(await console.until(/\+CMQTTCONNLOST.*\r\n/)).toMatch(/\+CMQTTCONNLOST: 0,[12]\r\n$/);
  await console.at('+CMQTTREL=0');
  await console.at('+CMQTTSTOP');
  await console.until('+CMQTTSTOP: 0\r\n');
});

test('mosquitto over TLS: the broker and the module prove themselves by certificates (19.2.1, 18.2)', async () => {
  const port = await freePort();
  const broker = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  const module = await generate([{ name: 'commonName', value: 'module' }], { keySize: 2048 });
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const configuration = file(
    'mosquitto.conf',
    [
      `listener ${port} 127.0.0.1`,
      `cafile ${file('module.pem', module.cert)}`,
      `certfile ${file('broker.pem', broker.cert)}`,
      `keyfile ${file('broker-key.pem', broker.private)}`,
      'require_certificate true',
      'use_identity_as_username true',
      // Started by root, it would go on as a user that cannot read this folder.
      'user root',
      '',
    ].join('\n'),
  );
  started('mosquitto', '-c', configuration);
  await until(accepts(port), 'mosquitto does not listen.');

  const console = await openOnHost();
  ends.push(() => console.close());
  const connected = async () => {
    await console.at(`+CMQTTCONNECT=0,"tcp://127.0.0.1:${port}",60,1`);
    return console.until(/\+CMQTTCONNECT.*\r\n/);
  };
  for (const [name, text] of [
    ['broker.pem', broker.cert],
    ['module.pem', module.cert],
    ['module-key.pem', module.private],
  ] as const) {
    await console.at(`+CCERTDOWN="${name}",${text.length}`, '>');
    await console.type(text);
  }
  await console.at('+CSSLCFG="cacert",1,"broker.pem"');
  await console.at('+CMQTTSTART');
  await console.until('+CMQTTSTART: 0\r\n');
  await console.at('+CMQTTACCQ=0,"module",1');
  await console.at('+CMQTTSSLCFG=0,1');
  // Without its own certificate the broker does not let it in.
  await console.at('+CSSLCFG="authmode",1,1');
  expect(await connected()).not.toContain('+CMQTTCONNECT: 0,0\r\n');
  await console.at('+CSSLCFG="authmode",1,2');
  await console.at('+CSSLCFG="clientcert",1,"module.pem"');
  await console.at('+CSSLCFG="clientkey",1,"module-key.pem"');
  await console.at('+CMQTTSSLCFG=0,1');
  expect(await connected()).toContain('+CMQTTCONNECT: 0,0\r\n');

  await console.at('+CMQTTSUB=0,4,1', '>');
  await console.type('loop');
  expect(await console.until(/\+CMQTTSUB.*\r\n/)).toContain('+CMQTTSUB: 0,0');
  await console.at('+CMQTTTOPIC=0,4', '>');
  await console.type('loop');
  await console.at('+CMQTTPAYLOAD=0,5', '>');
  await console.type('hello');
  await console.at('+CMQTTPUB=0,1,60');
  expect(await console.until('+CMQTTRXEND: 0\r\n')).toContain('+CMQTTRXPAYLOAD: 0,5\r\nhello');
});

test('gpsd: finds out where the module is from its NMEA port', async () => {
  const position = gpxTrack('<trkpt lat="52.5219" lon="13.4132"><ele>34</ele></trkpt>');
  const module = emulator({ ports: ['at', 'nmea'], whenClosed: 'goes on', surroundings: { position } });
  ends.push(() => module.control.powerOff());
  const nmea = join(folder, 'nmea');
  const [at, port] = module.ports;
  if (at === undefined || port === undefined) throw new Error('It has two ports.');
  await new Promise<void>((resolve) => {
    const running = onPty(port, { link: nmea }).subscribe(() => resolve());
    ends.push(() => running.unsubscribe());
  });
  const console = at.subscribe((link) => {
    for (const command of ['AT+CGNSSPWR=1\r', 'AT+CGNSSTST=1\r'])
      link.write(new TextEncoder().encode(command)).subscribe();
  });
  ends.push(() => console.unsubscribe());
  const service = await freePort();
  started('gpsd', '-N', '-n', '-S', String(service), nmea);
  await until(accepts(service), 'gpsd does not listen.');
  const fixed = async () => {
    const { stdout } = await execute('gpspipe', ['-w', '-n', '8', `127.0.0.1:${service}`], {
      timeout: 100_000,
    });
    const report = stdout
      .split('\n')
      .find((line) => line.includes('"class":"TPV"') && line.includes('"lat"'));
    return /"lat":52\.5219\d*,"lon":13\.4132/.test(report ?? '');
  };
  await until(fixed, 'gpsd has no position.');
});
