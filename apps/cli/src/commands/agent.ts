import {
  type AgentStatus,
  FleetError,
  agent as fleetAgent,
  isFleetError,
  isFleetName,
  setUpFleet,
} from '@a7600/fleet';
import { mqttBridge } from '@a7600/fleet/mqtt';
import { InvalidArgumentError } from 'commander';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  map,
  merge,
  NEVER,
  type Observable,
  ReplaySubject,
  share,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { bridged } from '../agent/bridged.js';
import { brokerFault } from '../agent/broker-fault.js';
import { type AgentConfiguration, agentConfiguration } from '../agent/configuration.js';
import { agentModems } from '../agent/modems.js';
import { changes } from '../agent/report.js';
import { integer } from '../connection/options.js';
import { secretIn } from '../connection/secrets.js';
import type { Console } from '../console.js';
import type { ExitCode } from '../exit-code.js';
import { ServerError, withFleetConnection } from '../fleet/connection.js';
import type { FleetSnapshot } from '../fleet/metrics.js';
import { addFleetOptions, type FleetOptions } from '../fleet/options.js';
import { servingMetrics } from '../fleet/serving-metrics.js';
import { readGiven } from '../given-file.js';
import { authoritiesIn } from '../netcat/certificates.js';
import { milliseconds } from '../running/long-running.js';
import type { Subcommand } from '../subcommand.js';
import { version } from '../version.js';

/** Keeps the modems of this machine online, and offers them to a fleet. */
export const agent: Subcommand = {
  notes: `Example:
  a7600 agent --nats tls://nats.example:4222 --creds ROOF-17.nk --name ROOF-17 --config agent.json

The configuration is JSON: { "modems": [{ "name": "east", "serial": "/dev/ttyUSB2", "apn": "internet" }] }`,
  connects: false,
  endsBySignal: true,
  define: (command) =>
    addFleetOptions(command)
      .optionsGroup('The agent:')
      .requiredOption(
        '--name <name>',
        'its name in the fleet: 1 to 32 letters, digits, "_" or "-"',
        fleetName,
      )
      .requiredOption('--config <file>', 'its modems, as JSON')
      .option('--for <seconds>', 'end after this time (default: go on until Ctrl-C)', milliseconds)
      .option('--metrics <port>', 'serve metrics for Prometheus on a port of loopback', (value) =>
        integer(value, 0, 65_535),
      )
      .option('--set-up', 'create what the server stores, on a server without users'),
  run: ({ options, console }) =>
    defer(() => {
      const given = options as unknown as Options;
      const { name, config } = given;
      const configuration = agentConfiguration(config, readGiven('--config', config));
      const modems$ = agentModems(configuration);
      const bridge = bridgeOf(name, configuration, console);
      const settings = { name: `a7600 agent ${name}`, agent: name, waits: true, advises: true };
      // A server that is away is waited for no longer either.
      const over$ = given.for === undefined ? NEVER : timer(given.for);
      let isConnected = false;
      const working$ = withFleetConnection(given, console, settings, (connection) => {
        isConnected = true;
        const status$ = fleetAgent(modems$, connection, { name }).pipe(
          catchError((error: unknown) => throwError(() => withKey(error, name))),
          share({ connector: () => new ReplaySubject<AgentStatus>(1) }),
        );
        const setUp$ = given.setUp ? setUpFleet(connection) : EMPTY;
        const told$ = status$.pipe(tap(changes(name, console)));
        const { metrics } = given;
        const served$ =
          metrics === undefined
            ? EMPTY
            : servingMetrics(status$.pipe(map((status) => snapshotOf(name, status))), metrics, console);
        const running$ = concat(setUp$, merge(bridge(status$), served$, told$));
        return running$.pipe(ignoreElements()) as Observable<ExitCode>;
      }).pipe(takeUntil(over$));
      return concat(
        working$,
        defer(() => (isConnected ? EMPTY : throwError(() => away(given.nats)))),
      );
    }),
};

interface Options extends FleetOptions {
  readonly name: string;
  readonly config: string;
  readonly setUp?: boolean;
  /** In ms. */
  readonly for?: number;
  readonly metrics?: number;
}

/** What the agent reports, as metrics have it: they are of this process, which is there. */
function snapshotOf(agent: string, { modems, dropped }: AgentStatus): FleetSnapshot {
  return {
    agents: [{ name: agent, presence: 'present', dropped }],
    modems: modems.map((modem) => ({ ...modem, agent, presence: 'present' })),
  };
}

/** What the server refuses to an agent, it permits to the one whose key it is. */
function withKey(error: unknown, name: string): unknown {
  if (!isFleetError(error, 'NOT_PERMITTED')) return error;
  const message = `${error.message} The key (--creds) has to be that of the agent ${name}.`;
  return new FleetError(error.code, message, error);
}

/** The time is over, and no server was there. */
function away(nats: readonly string[]): ServerError {
  return new ServerError('SERVER_AWAY', `No NATS server has answered at ${nats.join(', ')} in that time.`);
}

/** Reads a name of the fleet. */
export function fleetName(value: string): string {
  if (isFleetName(value)) return value;
  throw new InvalidArgumentError('Use 1 to 32 letters, digits, "_" or "-".');
}

/** What shows the modems to MQTT programs, if the configuration has a broker. */
function bridgeOf(
  agentName: string,
  { mqtt }: AgentConfiguration,
  console: Console,
): (status$: Observable<AgentStatus>) => Observable<never> {
  if (mqtt === undefined) return () => EMPTY;
  const { url, user, passwordFile, caFile, base, discoveryPrefix, expireAfter } = mqtt;
  const broker = {
    url,
    username: user,
    password: passwordFile === undefined ? undefined : secretIn('passwordFile of mqtt', passwordFile),
    ca: caFile === undefined ? undefined : authoritiesIn('caFile of mqtt', caFile),
    onError: once((error: Error) =>
      console.tell(`The MQTT broker ${url} ${brokerFault(error)}. It is tried again.`),
    ),
  };
  const options = { agent: agentName, base, discoveryPrefix, expireAfter, version: version() };
  return (status$) => mqttBridge(status$.pipe(map(({ modems }) => modems.map(bridged))), broker, options);
}

/** Calls only when the error is another one than the last, because a client tries again every few seconds. */
function once(call: (error: Error) => void): (error: Error) => void {
  let last = '';
  return (error) => {
    if (error.message === last) return;
    last = error.message;
    call(error);
  };
}
