import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { TransportError } from '../errors.js';
import { holdersOf } from './holders.js';
import { byRole, isModemPort, listUsbPorts, type UsbPort } from './list-modems.js';

/** Says in one line why a port could not be opened and what to do about it. */
export async function openError(
  path: string,
  cause: unknown,
  platform: NodeJS.Platform = process.platform,
): Promise<TransportError> {
  const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/^Error:? /, '');
  if (isMissingPackage(cause)) {
    return new TransportError(
      'PORT_FAILED',
      `Cannot open ${path}: the "serialport" package is not installed. Run: npm install serialport`,
      cause,
    );
  }
  if (/no such file|file not found|ENOENT|ENXIO|ENODEV|no such device/i.test(reason)) {
    return new TransportError(
      'PORT_NOT_FOUND',
      `There is no serial port ${path}. ${elsewhere(await listUsbPorts())}${listHint(platform)}`,
      cause,
    );
  }
  if (platform === 'win32' && /access denied|access is denied/i.test(reason)) {
    // Windows opens a port once: that is what its error 5 means here.
    return new TransportError(
      'PORT_BUSY',
      `${path} is in use by another program: close it there first.`,
      cause,
    );
  }
  if (/permission denied|access denied|EACCES|EPERM/i.test(reason)) {
    return new TransportError(
      'PORT_DENIED',
      `Not allowed to open ${path}. ${groupHint(path, platform)}`,
      cause,
    );
  }
  if (/cannot lock|busy|EBUSY|temporarily unavailable/i.test(reason)) {
    return new TransportError('PORT_BUSY', `${path} is in use${await holderHint(path)}`, cause);
  }
  return new TransportError('PORT_FAILED', `Cannot open ${path}: ${reason}`, cause);
}

/** Says where modules are, when the one that was asked for may have come back under another name. */
export function elsewhere(ports: readonly UsbPort[]): string {
  const modems = ports.filter(isModemPort).sort(byRole);
  if (modems.length === 0) return 'Is the module plugged in and powered? ';
  const paths = modems.map(({ path }) => path).join(', ');
  return `A SIMCom module has ${paths}: serial({ find: {} }) follows one whose name changes. `;
}

function isMissingPackage(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}

function listHint(platform: NodeJS.Platform): string {
  if (platform === 'linux') return '`ls /dev/ttyUSB* /dev/ttyACM* /dev/serial/by-id` shows what is there.';
  if (platform === 'darwin') return '`ls /dev/cu.*` shows what is there.';
  return 'Check the port name in the device manager.';
}

async function holderHint(path: string): Promise<string> {
  const holders = (await holdersOf(path)).filter(({ pid }) => pid !== process.pid);
  if (holders.some(({ name }) => name === 'ModemManager')) {
    return ' by ModemManager, which takes modem ports by itself: `sudo systemctl stop ModemManager`.';
  }
  if (holders.length > 0) {
    return ` by ${holders.map(({ name, pid }) => `${name} (process ${pid})`).join(' and ')}: close it first.`;
  }
  return ', by this program or one of another user: close it there first.';
}

function groupHint(path: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'Close the program that holds it, or run with more rights.';
  if (platform === 'darwin') return '`ls -l` shows who owns it; an adapter may need a driver.';
  const username = userName();
  const gid = statSync(path, { throwIfNoEntry: false })?.gid;
  if (gid === undefined || gid === 0) {
    const rule = 'SUBSYSTEM=="tty", ATTRS{idVendor}=="1e0e", GROUP="dialout"';
    return (
      'Only root may: start the program with sudo, or ask who administers this computer to give the port to a group with a ' +
      `udev rule (${rule}) and to add you to it.`
    );
  }
  return (
    `Join the group that owns it, then log in again: \`sudo usermod -aG ${groupName(gid)} ${username}\`. ` +
    'If you may not use sudo, ask who administers this computer.'
  );
}

/** The name of this user; its number where it has none, as in a container. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}

/** The name that `/etc/group` has for a group number; the number itself where there is none. */
function groupName(gid: number): string {
  try {
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .map((entry) => entry.split(':'))
      .find((fields) => fields[2] === String(gid));
    return line?.[0] ?? String(gid);
  } catch {
    return String(gid);
  }
}
