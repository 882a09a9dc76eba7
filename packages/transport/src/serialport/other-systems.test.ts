import { expect, test } from 'vitest';
import { findModem } from './find-modem.js';
import { callOutName, listUsbPorts, modemsAmong, type SystemPort } from './list-modems.js';
import { openError } from './open-error.js';

// Windows and macOS as the `serialport` package shows them; these tests run on any system.

/** The ports of an A7600 on Windows: the number of the interface stands in the id of the device. */
const onWindows: readonly SystemPort[] = ['COM3', 'COM10', 'COM11'].map((path, index) => ({
  path,
  vendorId: '1E0E',
  productId: '9011',
  serialNumber: '8&2B5C',
  pnpId: `USB\\VID_1E0E&PID_9011&MI_0${[3, 4, 5][index]}\\8&2B5C&0&000${index}`,
}));

/** The same on macOS, which has no interface numbers, and lists the names that wait for a carrier. */
const onMac: readonly SystemPort[] = [
  { path: '/dev/tty.Bluetooth-Incoming-Port' },
  { path: '/dev/tty.usbmodem1101', vendorId: '1e0e', productId: '9011', serialNumber: '0123' },
];

test('Windows: ports beyond COM9 are found, and told apart by their interface', async () => {
  const ports = await modemsAmong(await listUsbPorts('/nowhere', 'win32', async () => onWindows));
  expect(ports.map(({ path, role }) => [path, role])).toEqual([
    ['COM10', 'at'],
    ['COM11', 'ppp'],
    ['COM3', 'nmea'],
  ]);
  const list = () => listUsbPorts('/nowhere', 'win32', async () => onWindows);
  expect(await findModem({}, list)).toBe('COM10');
});

test('macOS: the name that does not wait for a carrier is preferred', async () => {
  const ports = await listUsbPorts('/nowhere', 'darwin', async () => onMac);
  expect(ports).toMatchObject([{ path: '/dev/cu.usbmodem1101', vendorId: '1e0e' }]);
  expect(callOutName('/dev/tty.usbmodem1101')).toBe('/dev/cu.usbmodem1101');
  expect(['COM10', '/dev/ttyUSB2', '/dev/cu.x'].map(callOutName)).toEqual([
    'COM10',
    '/dev/ttyUSB2',
    '/dev/cu.x',
  ]);
});

test('a system that cannot list its ports has none', async () => {
  expect(await listUsbPorts('/nowhere', 'win32', () => Promise.reject(new Error('no')))).toEqual([]);
});

test.each([
  ['win32', 'COM10', 'Opening COM10: File not found', 'PORT_NOT_FOUND', 'device manager'],
  ['win32', 'COM10', 'Opening COM10: Access denied', 'PORT_BUSY', 'close it there first'],
  ['win32', 'COM10', 'Opening COM10: Unknown error code 31', 'PORT_FAILED', 'error code 31'],
  [
    'darwin',
    '/dev/cu.x',
    'Error: No such file or directory, cannot open /dev/cu.x',
    'PORT_NOT_FOUND',
    'ls /dev/cu.*',
  ],
  ['darwin', '/dev/cu.x', 'Error: Resource busy, cannot open /dev/cu.x', 'PORT_BUSY', 'in use'],
  ['darwin', '/dev/cu.x', 'Error: Permission denied, cannot open /dev/cu.x', 'PORT_DENIED', 'who owns it'],
  ['darwin', '/dev/cu.x', 'Error Resource temporarily unavailable Cannot lock port', 'PORT_BUSY', 'in use'],
] as const)('%s: %s, "%s" is %s', async (platform, path, said, code, advice) => {
  const error = await openError(path, new Error(said), platform);
  expect(error).toMatchObject({ code, message: expect.stringContaining(advice) });
});
