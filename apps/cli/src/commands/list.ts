import { callOutName, listModems, type ModemPort } from '@a7600/transport/serialport';
import { defer, from, map } from 'rxjs';
import { SerialPort } from 'serialport';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-code.js';
import { sockets } from '../shared-line/places.js';
import type { Subcommand } from '../subcommand.js';
import { plainTable } from '../table.js';

/** A port of this computer. */
interface Listed {
  readonly path: string;
  readonly role: string;
  readonly device: string;
  readonly heldBy: string;
}

/** Lists the ports of modems, and the other serial ports. */
export const list: Subcommand = {
  notes: 'The exit code is 0 if there is a SIMCom modem on USB, 3 if there is none.',
  connects: false,
  run: ({ console }) =>
    defer(() => from(everyPort())).pipe(
      map((ports) => {
        for (const port of ports) console.value(port);
        show(ports, console);
        return ports.some(({ role }) => role !== OTHER) ? ExitCode.Done : ExitCode.Port;
      }),
    ),
};

const OTHER = 'serial port';

async function everyPort(): Promise<Listed[]> {
  const modems = await listModems();
  const others = await SerialPort.list().catch(() => []);
  return [
    ...modems.map((port) => ofModem(port)),
    ...others
      .map(({ path, manufacturer }) => ({
        path: callOutName(path),
        role: OTHER,
        device: manufacturer ?? '',
        heldBy: '',
      }))
      .filter(({ path }) => !modems.some((modem) => modem.path === path)),
  ];
}

function ofModem({ path, role, product, vendorId, productId, heldBy }: ModemPort): Listed {
  // The system knows them by the name of what runs them.
  const own = sockets().map(({ pid }) => Number(pid));
  return {
    path,
    role,
    device: `${product ?? 'SIMCom'} (${vendorId}:${productId})`,
    heldBy: heldBy.map(({ name, pid }) => `${own.includes(pid) ? 'a7600' : name} (${pid})`).join(', '),
  };
}

function show(ports: readonly Listed[], console: Console): void {
  if (ports.length === 0) {
    console.print('There is no serial port on this computer.');
    return;
  }
  const rows = ports.map(({ path, role, device, heldBy }) => [path, role, device, heldBy]);
  for (const line of plainTable(['port', 'for', 'device', 'in use by'], rows)) console.print(line);
}
