import { expect, test } from 'vitest';
import { UsageError } from '../exit-code.js';
import { agentConfiguration } from './configuration.js';

const read = (value: unknown) => agentConfiguration('agent.json', JSON.stringify(value));

const found = { apn: 'internet' };

test('reads modems, the access of those that are found, and the broker', () => {
  const configuration = {
    modems: [
      { serial: '/dev/ttyUSB2', name: 'roof', apn: 'internet', pinFile: '/etc/a7600/pin' },
      { usb: '0123456789ABCDEF', baudRate: 921_600 },
      { tcp: '192.0.2.1:2000' },
      { rfc2217: '[2001:db8::1]:4000' },
      { emulated: 'a76xx', imei: '861234567890123' },
    ],
    found: { apn: 'internet', user: 'me', passwordFile: 'password' },
    mqtt: { url: 'mqtts://broker.example:8883', user: 'roof', passwordFile: 'mqtt', expireAfter: 120 },
  };
  expect(read(configuration)).toEqual(configuration);
});

test.each([
  ['a text', 7, 'the file: '],
  ['no modem at all', {}, 'the file: Name modems in "modems", or let those on USB be found with "found"'],
  ['a field that does not exist', { found, modem: [] }, 'modem: There is no such field.'],
  ['a modem without a place', { modems: [{ apn: 'internet' }] }, 'modems[0]: Say where the modem is'],
  ['a modem at two places', { modems: [{ serial: 'a', tcp: 'b:1' }] }, 'modems[0]: Say where the modem is'],
  ['a port that is no port', { modems: [{ tcp: 'host:0' }] }, 'modems[0].tcp: Write "HOST:PORT"'],
  ['a number for a text', { modems: [{ serial: 2 }] }, 'modems[0].serial: Write the path of the port'],
  [
    'a rate that no UART has',
    { modems: [{ serial: 'a', baudRate: 1 }] },
    'modems[0].baudRate: Write a whole number',
  ],
  ['an APN that ends the command', { found: { apn: 'a"\r' } }, 'found.apn: An access point name'],
  [
    'a user without a password',
    { found: { user: 'me' } },
    'found: "user" and "passwordFile" need each other',
  ],
  ['a PIN in the file', { found: { pin: '1234' } }, 'found.pin: Secrets have files of their own.'],
  [
    'a password in the file',
    { modems: [{ emulated: 'a76xx', password: 'x' }] },
    'modems[0].password: Secrets have',
  ],
  ['a modem that is a text', { modems: ['/dev/ttyUSB2'] }, 'modems[0]: Write a modem: { "serial"'],
  ['nothing', null, 'the file: Write an object: { "modems"'],
  ['a broker without a place', { found, mqtt: {} }, 'mqtt.url: Write where the broker is: { "url"'],
  [
    'a topic that subscribes',
    { found, mqtt: { url: 'mqtt://a', base: 'a/#' } },
    'mqtt.base: Write levels of',
  ],
  [
    'a rate where there is none to set',
    { modems: [{ tcp: 'a:1', baudRate: 9_600 }] },
    'modems[0]: "baudRate" is for "serial", "usb", "rfc2217"',
  ],
  [
    'a port that is named twice',
    { modems: [{ serial: '/dev/a' }, { serial: '/dev/b' }, { serial: '/dev/a' }] },
    'the file: Two modems have the same place, "serial": "/dev/a"',
  ],
  [
    'an IMEI of a real modem',
    { modems: [{ serial: 'a', imei: '861234567890123' }] },
    'modems[0]: "imei" is for',
  ],
  [
    'a profile that does not exist',
    { modems: [{ emulated: 'x' }] },
    'modems[0].emulated: Write one of a76xx',
  ],
  ['another protocol', { found, mqtt: { url: 'http://a' } }, 'mqtt.url: Write "mqtt://HOST:PORT"'],
  [
    'a password in the URL',
    { found, mqtt: { url: 'mqtt://me:secret@host:1' } },
    'mqtt.url: Write "mqtt://HOST:PORT"',
  ],
])('says what is wrong with %s', (_, value, message) => {
  expect(() => read(value)).toThrow(UsageError);
  expect(() => read(value)).toThrow(`\n  ${message}`);
});

test('names every fault', () => {
  const lines = messageOf({ modems: [{ serial: 1 }, { tcp: 2 }], mqtt: 3 }).split('\n');
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    'agent.json cannot be used',
    '  modems[0].serial',
    '  modems[1].tcp',
    '  mqtt',
  ]);
});

test('a password never reaches a message', () => {
  const wrong = { found, mqtt: { url: 'mqtt://me:hunter2@host:1', password: 'hunter2' } };
  expect(messageOf(wrong)).not.toContain('hunter2');
});

function messageOf(value: unknown): string {
  try {
    read(value);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('emulated modems are as many as are wanted', () => {
  const modems = [{ emulated: 'a76xx' }, { emulated: 'a76xx' }];
  expect(read({ modems })).toEqual({ modems });
});

test('names the line of a mistake in JSON', () => {
  const text = '{\n  "modems": [\n    { "serial": "/dev/a", },\n  ]\n}';
  expect(() => agentConfiguration('agent.json', text)).toThrow(/^agent\.json is not JSON, in line 3: /);
});

test('says where JSON ends', () => {
  expect(() => agentConfiguration('agent.json', '{"modems": [')).toThrow(/^agent\.json is not JSON: /);
});
