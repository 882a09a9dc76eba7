import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What a port of a module is for. */
export type PortRole = 'at' | 'ppp' | 'diagnostics' | 'nmea' | 'audio' | 'unknown';

/** A serial port of a USB device. */
export interface UsbPort {
  /** `/dev/ttyUSB2`. */
  readonly path: string;
  /** USB ids, four lower-case hexadecimal digits each: `1e0e`, `9011`. */
  readonly vendorId: string;
  readonly productId: string;
  /** What the device says of itself, where it does. */
  readonly serialNumber: string | undefined;
  readonly product: string | undefined;
  /** Number of the USB interface, which tells the ports of one device apart. */
  readonly interface: number | undefined;
}

/** A port of a SIMCom module. */
export interface ModemPort extends UsbPort {
  readonly role: PortRole;
}

const SIMCOM = '1e0e';

/**
 * What the interfaces of SIMCom's devices are, by product id. 9011: the A7600 family on ASR chips
 * (A7670, A7672, …); 9001: SIM7500/SIM7600 on Qualcomm chips.
 */
const ROLES: Readonly<Record<string, Readonly<Record<number, PortRole>>>> = {
  '9011': { 1: 'diagnostics', 2: 'diagnostics', 3: 'nmea', 4: 'at', 5: 'ppp' },
  '9001': { 0: 'diagnostics', 1: 'nmea', 2: 'at', 3: 'ppp', 4: 'audio' },
};

/**
 * The serial ports of SIMCom modules on this computer, the ports for AT commands first.
 *
 * On Linux it reads sysfs, so it needs no udev and works in containers; elsewhere it asks the
 * `serialport` package. Empty when there are none.
 */
export async function listModems(): Promise<ModemPort[]> {
  const ports = (await listUsbPorts()).filter(({ vendorId }) => vendorId === SIMCOM);
  const rank = ({ role }: ModemPort) => (role === 'at' ? 0 : role === 'ppp' ? 1 : 2);
  return ports
    .map((port) => ({ ...port, role: roleOf(port) }))
    .sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
}

/** All serial ports of USB devices. `sysfs` is where Linux shows its devices. */
export async function listUsbPorts(sysfs = '/sys'): Promise<UsbPort[]> {
  return process.platform === 'linux' ? listSysfs(sysfs) : listSerialPort();
}

function roleOf({ productId, interface: number }: UsbPort): PortRole {
  if (number === undefined) return 'unknown';
  return ROLES[productId]?.[number] ?? 'unknown';
}

async function listSysfs(sysfs: string): Promise<UsbPort[]> {
  const classes = join(sysfs, 'class', 'tty');
  const names = await readdir(classes).catch(() => []);
  const ports = await Promise.all(names.map((name) => usbPort(join(classes, name)).catch(() => undefined)));
  return ports.filter((port) => port !== undefined);
}

/** `…/1-1/1-1:1.4/ttyUSB2/tty/ttyUSB2` or `…/1-1:1.4/tty/ttyACM0`: interface and device above. */
async function usbPort(link: string): Promise<UsbPort | undefined> {
  const name = basename(link);
  let folder = await realpath(join(link, 'device'));
  if ((await text(folder, 'bInterfaceNumber')) === undefined) folder = dirname(folder);
  const number = await text(folder, 'bInterfaceNumber');
  const device = dirname(folder);
  const [vendorId, productId] = [await text(device, 'idVendor'), await text(device, 'idProduct')];
  if (vendorId === undefined || productId === undefined) return undefined;
  return {
    path: `/dev/${name}`,
    vendorId,
    productId,
    serialNumber: await text(device, 'serial'),
    product: await text(device, 'product'),
    interface: number === undefined ? undefined : Number.parseInt(number, 16),
  };
}

async function text(folder: string, file: string): Promise<string | undefined> {
  return readFile(join(folder, file), 'utf8').then(
    (content) => content.trim(),
    () => undefined,
  );
}

async function listSerialPort(): Promise<UsbPort[]> {
  const { SerialPort } = await import('serialport');
  const ports = await SerialPort.list().catch(() => []);
  return ports
    .filter(({ vendorId, productId }) => vendorId !== undefined && productId !== undefined)
    .map(({ path, vendorId = '', productId = '', serialNumber, pnpId }) => ({
      path,
      vendorId: vendorId.toLowerCase(),
      productId: productId.toLowerCase(),
      serialNumber,
      product: undefined,
      interface: interfaceOf(pnpId),
    }));
}

/** Windows has the interface in the device id: `USB\\VID_1E0E&PID_9011&MI_04\\…`. */
function interfaceOf(pnpId: string | undefined): number | undefined {
  const match = /[&_]MI_([0-9a-f]{2})/i.exec(pnpId ?? '');
  return match?.[1] === undefined ? undefined : Number.parseInt(match[1], 16);
}

/** Programs on this computer that have a device open, as far as this user may see; Linux only. */
export async function holdersOf(path: string): Promise<{ readonly pid: number; readonly name: string }[]> {
  if (process.platform !== 'linux') return [];
  const device = await realpath(path).catch(() => path);
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const holders = await Promise.all(
    pids.map(async (pid) => {
      const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
      const targets = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
      if (!targets.includes(device)) return undefined;
      return { pid: Number(pid), name: (await text(`/proc/${pid}`, 'comm')) ?? 'a program' };
    }),
  );
  return holders.filter((holder) => holder !== undefined);
}
