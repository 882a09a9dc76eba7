import type { FleetEntry } from '@a7600/fleet';
import { map } from 'rxjs';
import { stateOf } from '../agent/report.js';
import { ExitCode } from '../exit-code.js';
import type { Subcommand } from '../subcommand.js';
import { plainTable } from '../table.js';
import { everyModem, withFleet } from './found.js';
import { addFleetOptions, type FleetOptions } from './options.js';

/** Lists the modems of a fleet. */
export const list: Subcommand = {
  notes: 'The exit code is 0 if there is a modem, 1 if there is none.',
  connects: false,
  define: addFleetOptions,
  run: ({ options, console }) =>
    withFleet(options as unknown as FleetOptions, console, (fleet) =>
      everyModem(fleet).pipe(
        map((entries) => {
          const sorted = [...entries].sort((one, other) => (one.id < other.id ? -1 : 1));
          for (const entry of sorted) console.value(entry);
          if (sorted.length === 0) console.print('No agent has stored a modem.');
          else for (const line of plainTable(HEAD, sorted.map(row))) console.print(line);
          return sorted.length > 0 ? ExitCode.Done : ExitCode.Refused;
        }),
      ),
    ),
};

const HEAD = ['modem', 'state', 'signal', 'operator', 'address', 'links', 'IMEI'];

function row(entry: FleetEntry): string[] {
  const { id, signal, operator = '', address = '', links, imei = '' } = entry;
  const strength = signal?.rssi === undefined ? '' : `${signal.rssi} dBm`;
  return [id, presentState(entry), strength, operator, address, `${links.length}`, imei];
}

/**
 * The state of a modem, as far as it is known.
 *
 * @param entry the modem
 * @returns the state in words; without its agent, or without the server, that is said
 */
export function presentState(entry: FleetEntry): string {
  switch (entry.presence) {
    case 'present':
      return stateOf(entry);
    case 'gone':
      return entry.state === 'stopped' ? 'stopped' : `agent gone, was ${entry.state}`;
    case 'unknown':
      return `unknown, was ${entry.state}`;
  }
}
