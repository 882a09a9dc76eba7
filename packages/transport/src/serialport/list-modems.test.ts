import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { findModem } from './find-modem.js';
import { holdersOf } from './holders.js';
import { listUsbPorts, modemsAmong, type UsbPort } from './list-modems.js';
import { elsewhere } from './open-error.js';
import type { SerialPortLike } from './serial-port-like.js';

let sysfs = '';
beforeEach(() => {
  sysfs = mkdtempSync(join(tmpdir(), 'a7600-sysfs-'));
  mkdirSync(join(sysfs, 'class', 'tty'), { recursive: true });
});
afterEach(() => rmSync(sysfs, { recursive: true }));

/** A USB device with its serial ports, as Linux shows them. */
function plugIn(bus: string, device: Record<string, string>, ports: Record<string, string>, acm = false) {
  const folder = join(sysfs, 'devices', bus);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(device)) writeFileSync(join(folder, file), `${content}\n`);
  for (const [name, number] of Object.entries(ports)) {
    const usbInterface = join(folder, `${bus}:1.${Number.parseInt(number, 16)}`);
    const home = acm ? usbInterface : join(usbInterface, name);
    mkdirSync(join(home, 'tty', name), { recursive: true });
    writeFileSync(join(usbInterface, 'bInterfaceNumber'), `${number}\n`);
    symlinkSync(home, join(home, 'tty', name, 'device'));
    symlinkSync(join(home, 'tty', name), join(sysfs, 'class', 'tty', name));
  }
}

const a7670 = { idVendor: '1e0e', idProduct: '9011', serial: '0123456789ABCDEF', product: 'SimTech A7670' };

describe('listUsbPorts', () => {
  test('tells the ports of a device by their interface', async () => {
    plugIn('1-1', a7670, { ttyUSB0: '02', ttyUSB1: '04', ttyUSB2: '05' });
    plugIn('1-2', { idVendor: '0403', idProduct: '6001' }, { ttyUSB3: '00' });
    plugIn('1-3', { idVendor: '2341', idProduct: '0043', serial: 'X' }, { ttyACM0: '0a' }, true);
    const ports = await listUsbPorts(sysfs);
    expect(ports.map((port) => [port.path, port.vendorId, port.productId, port.interface])).toEqual([
      ['/dev/ttyACM0', '2341', '0043', 10],
      ['/dev/ttyUSB0', '1e0e', '9011', 2],
      ['/dev/ttyUSB1', '1e0e', '9011', 4],
      ['/dev/ttyUSB2', '1e0e', '9011', 5],
      ['/dev/ttyUSB3', '0403', '6001', 0],
    ]);
    expect(ports[1]).toMatchObject({ serialNumber: '0123456789ABCDEF', product: 'SimTech A7670' });
  });

  test('leaves out what is no USB device, and works where there is nothing', async () => {
    mkdirSync(join(sysfs, 'class', 'tty', 'ttyS0'));
    expect(await listUsbPorts(sysfs)).toEqual([]);
    expect(await listUsbPorts(join(sysfs, 'nowhere'))).toEqual([]);
  });
});

describe('findModem', () => {
  test('follows a device to its new name', async () => {
    const find = () => findModem({ productId: '9011', interface: 4 }, () => listUsbPorts(sysfs));
    await expect(find()).rejects.toMatchObject({
      code: 'PORT_NOT_FOUND',
      message: expect.stringContaining('vendorId 1e0e, productId 9011, interface 4'),
    });
    plugIn('1-1', a7670, { ttyUSB0: '02', ttyUSB1: '04' });
    expect(await find()).toBe('/dev/ttyUSB1');
    rmSync(join(sysfs, 'class', 'tty'), { recursive: true });
    mkdirSync(join(sysfs, 'class', 'tty'));
    plugIn('1-2', a7670, { ttyUSB6: '02', ttyUSB7: '04' });
    expect(await find()).toBe('/dev/ttyUSB7');
  });

  test('takes the port for AT commands when the interface is left open', async () => {
    plugIn('1-1', a7670, { ttyUSB0: '02', ttyUSB1: '04', ttyUSB2: '05' });
    expect(await findModem({}, () => listUsbPorts(sysfs))).toBe('/dev/ttyUSB1');
  });

  test('tells two devices apart by their serial number', async () => {
    plugIn('1-1', { ...a7670, serial: 'AAA' }, { ttyUSB0: '04' });
    plugIn('1-2', { ...a7670, serial: 'BBB' }, { ttyUSB1: '04' });
    expect(await findModem({ serialNumber: 'bbb' }, () => listUsbPorts(sysfs))).toBe('/dev/ttyUSB1');
  });
});

describe('modemsAmong', () => {
  const port = (path: string, vendorId: string, productId: string, number: number): UsbPort => ({
    path,
    vendorId,
    productId,
    serialNumber: undefined,
    product: undefined,
    interface: number,
  });

  test('says what each port of a module is for, those for AT commands first', async () => {
    const modems = await modemsAmong([
      port('/dev/ttyUSB0', '1e0e', '9001', 0),
      port('/dev/ttyUSB2', '1e0e', '9001', 2),
      port('/dev/ttyUSB3', '1e0e', '9001', 3),
      port('/dev/ttyUSB9', '0403', '6001', 0),
      port('/dev/ttyUSB10', '1e0e', '9011', 4),
    ]);
    expect(modems.map(({ path, role }) => [path, role])).toEqual([
      ['/dev/ttyUSB2', 'at'],
      ['/dev/ttyUSB10', 'at'],
      ['/dev/ttyUSB3', 'ppp'],
      ['/dev/ttyUSB0', 'diagnostics'],
    ]);
  });

  test('a port that is not there is told with the names that a module has now', () => {
    const ports = [port('/dev/ttyUSB9', '0403', '6001', 0), port('/dev/ttyUSB3', '1e0e', '9011', 4)];
    expect(elsewhere(ports)).toMatch(
      /^A SIMCom module has \/dev\/ttyUSB3: serial\(\{ find: \{\} \}\) follows/,
    );
    expect(elsewhere(ports.slice(0, 1))).toMatch(/^Is the module plugged in/);
  });

  test.runIf(process.platform === 'linux')('says who holds a port', async () => {
    const [held] = await modemsAmong([port('/dev/null', '1e0e', '9011', 4)]);
    expect(held?.heldBy.map(({ pid }) => pid)).toContain(process.pid);
  });
});

test.runIf(process.platform === 'linux')('holdersOf names the programs that have a device open', async () => {
  const holders = await holdersOf('/dev/null');
  expect(holders.map(({ pid }) => pid)).toContain(process.pid);
});

test('what is used of a serial port is what the package has', () => {
  expectTypeOf<SerialPort>().toExtend<SerialPortLike>();
  expect(SerialPort).toBeDefined();
});
