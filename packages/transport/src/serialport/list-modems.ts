import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { holdersOfAll, type PortHolder } from './holders.js';

/** What a port of a module is for. */
export type PortRole = 'at' | 'ppp' | 'diagnostics' | 'nmea' | 'audio' | 'unknown';

/** A serial port of a USB device. */
export interface UsbPort {
  /** `/dev/ttyUSB2`. */
  readonly path: string;
  /** USB ids, four lower-case hexadecimal digits each: `1e0e`, `9011`. */
  readonly vendorId: string;
  /** The product id, in the same form. */
  readonly productId: string;
  /** What the device says of itself, where it does. */
  readonly serialNumber: string | undefined;
  /** The name of the product, if the device states it. */
  readonly product: string | undefined;
  /** Number of the USB interface, which tells the ports of one device apart. */
  readonly interface: number | undefined;
}

/** A port of a SIMCom module. */
export interface ModemPort extends UsbPort {
  /** What the port is for. */
  readonly role: PortRole;
  /** Who has it open, as far as this user may see; Linux only, empty elsewhere. */
  readonly heldBy: readonly PortHolder[];
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
 * `serialport` package. Empty when there are none. Says who has a port open, ModemManager for
 * instance, where that can be found out.
 *
 * @returns the ports, those for AT commands first
 */
export async function listModems(): Promise<ModemPort[]> {
  return modemsAmong(await listUsbPorts());
}

/** Whether a port is one of a SIMCom module. */
export function isModemPort({ vendorId }: UsbPort): boolean {
  return vendorId === SIMCOM;
}

/** The ports of SIMCom modules among others. */
export async function modemsAmong(usb: readonly UsbPort[]): Promise<ModemPort[]> {
  const ports = usb.filter(isModemPort).sort(byRole);
  const holders = await holdersOfAll(ports.map(({ path }) => path));
  return ports.map((port, index) => ({ ...port, role: roleOf(port), heldBy: holders[index] ?? [] }));
}

/** Ports for AT commands first, then those for PPP, which take them, too. */
export function byRole(a: UsbPort, b: UsbPort): number {
  const rank = (port: UsbPort) => ['at', 'ppp'].indexOf(roleOf(port)) >>> 0;
  return rank(a) - rank(b) || a.path.localeCompare(b.path, undefined, { numeric: true });
}

/** All serial ports of USB devices. `sysfs` is where Linux shows its devices; other systems are asked by `list`. */
export async function listUsbPorts(
  sysfs = '/sys',
  platform: NodeJS.Platform = process.platform,
  list: () => Promise<readonly SystemPort[]> = serialPorts,
): Promise<UsbPort[]> {
  return platform === 'linux' ? listSysfs(sysfs) : listedBySystem(await list().catch(() => []));
}

/** A port as the `serialport` package lists it. */
export interface SystemPort {
  /** What opens it, such as `/dev/ttyUSB2`, `/dev/tty.usbmodem1` or `COM10`. */
  readonly path: string;
  /** USB vendor, four hexadecimal digits. */
  readonly vendorId?: string | undefined;
  /** USB product, four hexadecimal digits. */
  readonly productId?: string | undefined;
  /** USB serial number. */
  readonly serialNumber?: string | undefined;
  /** How the system names the device; on Windows it holds the number of the interface (`MI_04`). */
  readonly pnpId?: string | undefined;
}

/**
 * macOS has two names for a port: opening `/dev/tty.…` waits for a carrier, opening `/dev/cu.…` does not.
 *
 * @param path the name of a port
 * @returns the name that does not wait; others as they are
 */
export function callOutName(path: string): string {
  return path.replace(/^\/dev\/tty\./, '/dev/cu.');
}

function roleOf({ vendorId, productId, interface: number }: UsbPort): PortRole {
  if (vendorId !== SIMCOM || number === undefined) return 'unknown';
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

async function serialPorts(): Promise<readonly SystemPort[]> {
  const { SerialPort } = await import('serialport');
  return SerialPort.list();
}

function listedBySystem(ports: readonly SystemPort[]): UsbPort[] {
  return ports
    .filter(({ vendorId, productId }) => vendorId !== undefined && productId !== undefined)
    .map(({ path, vendorId = '', productId = '', serialNumber, pnpId }) => ({
      path: callOutName(path),
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
