import { setUpFleet } from '@a7600/fleet';
import { concat, defer, ignoreElements, of, tap } from 'rxjs';
import { ExitCode } from '../exit-code.js';
import type { Subcommand } from '../subcommand.js';
import { withFleetConnection } from './connection.js';
import { addFleetOptions, type FleetOptions } from './options.js';

/** Creates what the NATS server of a fleet stores. */
export const setUp: Subcommand = {
  notes: 'It needs the key of an administrator. What exists already stays as it is.',
  connects: false,
  define: addFleetOptions,
  run: ({ options, console }) =>
    withFleetConnection(
      options as unknown as FleetOptions,
      console,
      { name: 'a7600 fleet set-up', advises: true },
      (connection) =>
        concat(
          setUpFleet(connection).pipe(ignoreElements()),
          defer(() => of(ExitCode.Done)),
        ).pipe(
          tap(() => {
            console.print('The bucket A7600 and the stream A7600_EVENTS are there.');
            console.value({ bucket: 'A7600', stream: 'A7600_EVENTS' });
          }),
        ),
    ),
};
