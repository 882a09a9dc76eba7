import { TransportError } from '../errors.js';
import { byRole, listUsbPorts, type UsbPort } from './list-modems.js';

/** Which USB device, and which of its ports. What is left out may be anything. */
export interface ModemQuery {
  /** Four hexadecimal digits. Default `1e0e`, SIMCom. */
  readonly vendorId?: string | undefined;
  /** Four hexadecimal digits: `9011` for the A7600 family, `9001` for SIM7600. */
  readonly productId?: string | undefined;
  /** The serial number of the device. */
  readonly serialNumber?: string | undefined;
  /**
   * Number of the USB interface; the port for AT commands is 4 on 9011 and 2 on 9001. Default: the
   * one for AT commands where that is known, else the first.
   */
  readonly interface?: number | undefined;
}

/**
 * The path of the port that fits, of several the one for AT commands; rejects with `PORT_NOT_FOUND` when there
 * is none.
 *
 * @param query which device and which of its ports
 * @param list lists the USB ports; replaced in tests
 * @returns the port
 * @throws `PORT_NOT_FOUND` if no port matches
 */
export async function findModem(query: ModemQuery, list = listUsbPorts): Promise<string> {
  const fitting = (await list()).filter((port) => fits(port, query));
  const [first] = fitting.sort((a, b) => byRole(a, b) || (a.interface ?? 0) - (b.interface ?? 0));
  if (first !== undefined) return first.path;
  const wanted = Object.entries({ vendorId: '1e0e', ...query }).map(([name, value]) => `${name} ${value}`);
  throw new TransportError(
    'PORT_NOT_FOUND',
    `There is no serial port with ${wanted.join(', ')}. Is the module plugged in and powered? ` +
      'listModems() shows what is there.',
  );
}

function fits(port: UsbPort, query: ModemQuery): boolean {
  const { vendorId = '1e0e', productId, serialNumber } = query;
  const same = (wanted: string | undefined, is: string | undefined) =>
    wanted === undefined || wanted.toLowerCase() === is?.toLowerCase();
  return (
    same(vendorId, port.vendorId) &&
    same(productId, port.productId) &&
    same(serialNumber, port.serialNumber) &&
    (query.interface === undefined || query.interface === port.interface)
  );
}
