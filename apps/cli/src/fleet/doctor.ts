import { cereg, cpin, csq } from '@a7600/at-codec';
import { registrationWords, signalWords } from '@a7600/diagnostics/dialogue';
import type { Finding } from '@a7600/diagnostics/doctor';
import type { FleetEntry, FleetModem } from '@a7600/fleet';
import type { Command } from 'commander';
import {
  catchError,
  concat,
  defer,
  first,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  switchMap,
  take,
  timer,
} from 'rxjs';
import { stateOf } from '../agent/report.js';
import type { Address } from '../connection/options.js';
import { targetOption } from '../connection/target-option.js';
import { reporter } from '../doctor/report.js';
import { ExitCode, exitCodeOf } from '../exit-code.js';
import type { Subcommand } from '../subcommand.js';
import { withFleetModem } from './found.js';
import { addFleetOptions, type FleetOptions } from './options.js';

/** Time in ms after which a modem is unknown, once every agent has had the time to answer. */
const UNKNOWN = 500;

/** Finds out why a modem of a fleet does not work, while its agent goes on. */
export const doctor: Subcommand = {
  notes: `It asks while the agent has the modem, and changes nothing: its agent, what the agent says, the SIM, the networks and
a connection out. Where the port or the module itself fails, 'a7600 doctor' beside the modem finds more.

Example:
  a7600 fleet doctor ROOF-17/east --nats nats://127.0.0.1:4222`,
  connects: false,
  define: (command: Command) =>
    addFleetOptions(
      command.argument('<modem>', 'IMEI, name, or agent and name: ROOF-17/east').addOption(targetOption()),
    ),
  run: ({ args, options, console }) =>
    defer(() => {
      const [wanted = ''] = args;
      const given = options as unknown as FleetOptions & { readonly target: Address };
      const report = reporter(console);
      return withFleetModem(given, console, wanted, (modem) => examine(modem, given.target)).pipe(
        map(({ finding, exit }) => {
          report({ finding });
          return exit;
        }),
      );
    }),
};

/** What one step has found, and the exit code if it is the last. */
interface Step {
  readonly finding: Finding;
  readonly exit: ExitCode;
}

/** Emits each step; the first one that is bad is the last. */
function examine(modem: FleetModem, target: Address): Observable<Step> {
  const steps: readonly (readonly [name: string, look: () => Observable<Seen>])[] = [
    ['agent', () => entryOf(modem).pipe(map(agentOf))],
    ['modem', () => modem.entry$.pipe(take(1), map(modemOf))],
    ['SIM', () => modem.run(cpin()).pipe(map(simOf))],
    ['signal', () => modem.run(csq()).pipe(map(({ rssi }) => good(signalWords(rssi))))],
    ['registration', () => modem.run(cereg.read()).pipe(map(({ stat }) => good(registrationWords(stat))))],
    ['network', () => of(networkOf(modem))],
    ['traffic', () => trafficOf(modem, target)],
  ];
  const attempt = (index: number): Observable<Step> => {
    const [name, look] = steps[index] ?? [];
    if (name === undefined || look === undefined) return of();
    return look().pipe(
      first(),
      catchError((error: Error) => of({ ...bad(error.message), exit: exitCodeOf(error) })),
      switchMap((seen) => {
        const { state, text } = seen;
        const finding: Finding = { step: name, state, text, evidence: [] };
        const exit = state === 'bad' ? (seen.exit ?? ExitCode.Refused) : ExitCode.Done;
        return concat(of({ finding, exit }), state === 'bad' ? of() : defer(() => attempt(index + 1)));
      }),
    );
  };
  return attempt(0);
}

/** What is known of the modem; errors as a command for it does if no agent offers it, for which nothing is to be waited. */
function entryOf(modem: FleetModem): Observable<FleetEntry> {
  const refused$ = defer(() => modem.run(cpin())).pipe(ignoreElements());
  return merge(modem.entry$, timer(UNKNOWN).pipe(switchMap(() => refused$))).pipe(take(1));
}

interface Seen {
  readonly state: Finding['state'];
  readonly text: string;
  readonly exit?: ExitCode;
}

const good = (text: string): Seen => ({ state: 'good', text });
const bad = (text: string, exit: ExitCode = ExitCode.Refused): Seen => ({ state: 'bad', text, exit });

function agentOf({ agent, presence }: FleetEntry): Seen {
  if (presence === 'present') return good(`${agent} is there`);
  const why =
    presence === 'gone' ? 'sends nothing: is its program running, and its network up?' : 'is unknown';
  return bad(`${agent} ${why}`, ExitCode.Port);
}

function modemOf(entry: FleetEntry): Seen {
  const { state, identity, recovery, error } = entry;
  const name = [identity?.model, identity?.revision].filter((part) => part !== undefined).join(', ');
  if (state === 'online') return good(name === '' ? state : `${state}: ${name}`);
  const attempts = recovery === undefined ? '' : ` (attempt ${recovery.attempt}: ${recovery.level})`;
  const exit = error?.code === undefined ? ExitCode.Module : exitCodeOf(Object.assign(new Error(), error));
  return bad(`${stateOf(entry)}${attempts}`, exit);
}

function simOf(state: string): Seen {
  return state === 'READY' ? good('ready') : bad(`asks for ${state}`, ExitCode.Sim);
}

function networkOf({ address: own }: FleetModem): Seen {
  return own === '' ? bad('closed', ExitCode.Network) : good(`open, address ${own}`);
}

function trafficOf(modem: FleetModem, { host, port }: Address): Observable<Seen> {
  return modem.connect({ host, port }).pipe(map(() => good(`connected with ${host}:${port}`)));
}
