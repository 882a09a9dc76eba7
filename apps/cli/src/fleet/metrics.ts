import type { FleetAgent, FleetEntry } from '@a7600/fleet';
import { Counter, Gauge, Registry } from 'prom-client';

/** What is known of a fleet at the moment of a scrape. */
export interface FleetSnapshot {
  readonly agents: readonly Pick<FleetAgent, 'name' | 'presence' | 'dropped'>[];
  readonly modems: readonly MeasuredModem[];
}

/** What the metrics need to know of a modem. */
export type MeasuredModem = Omit<FleetEntry, 'id' | 'lease' | 'at'>;

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number | undefined];

/**
 * The metrics of a whole fleet, for Prometheus. What is not known has no sample: while the server is away, a modem is
 * neither up nor down.
 *
 * @param now is called with each scrape
 * @returns the registry
 */
export function fleetMetrics(now: () => FleetSnapshot): Registry {
  const registry = new Registry();
  const common = { registers: [registry] };
  const gauge = (name: string, help: string, labelNames: readonly string[], samples: () => Sample[]) =>
    new Gauge({
      ...common,
      name,
      help,
      labelNames,
      collect() {
        this.reset();
        for (const [labels, value] of samples()) if (value !== undefined) this.set(labels, value);
      },
    });
  const counter = (name: string, help: string, labelNames: readonly string[], samples: () => Sample[]) =>
    new Counter({
      ...common,
      name,
      help,
      labelNames,
      collect() {
        this.reset();
        for (const [labels, value] of samples()) if (value !== undefined) this.inc(labels, value);
      },
    });
  const modems = (read: (modem: MeasuredModem) => number | undefined) => (): Sample[] =>
    now().modems.map((modem) => [labelsOf(modem), read(modem)]);
  const MODEM = ['agent', 'modem'];

  gauge('a7600_agent_up', 'Whether the agent is there.', ['agent'], () =>
    now().agents.map(({ name, presence }) => [{ agent: name }, upOf(presence)]),
  );
  counter('a7600_agent_events_dropped_total', 'Events that the agent had to discard.', ['agent'], () =>
    now().agents.map(({ name, dropped }) => [{ agent: name }, dropped]),
  );
  gauge(
    'a7600_up',
    'Whether the network of the modem is open, and its agent there.',
    MODEM,
    modems(({ presence, state }) => (presence === 'present' ? Number(state === 'online') : upOf(presence))),
  );
  gauge('a7600_modem_info', 'What the modem is; always 1.', [...MODEM, 'imei', 'model', 'firmware'], () =>
    now().modems.map((modem) => {
      const { imei = '', identity } = modem;
      const { model = '', revision: firmware = '' } = identity ?? {};
      return [{ ...labelsOf(modem), imei, model, firmware }, 1];
    }),
  );
  gauge(
    'a7600_signal_dbm',
    'Signal strength that AT+CSQ reports.',
    MODEM,
    modems((modem) => (isPresent(modem) ? modem.signal?.rssi : undefined)),
  );
  gauge(
    'a7600_links',
    'Links in use, of ten.',
    MODEM,
    modems((modem) => (isPresent(modem) ? modem.links.length : undefined)),
  );
  counter(
    'a7600_traffic_bytes_total',
    'Bytes over the mobile network since the modem was opened.',
    [...MODEM, 'direction'],
    () =>
      now().modems.flatMap((modem): Sample[] => [
        [{ ...labelsOf(modem), direction: 'sent' }, modem.traffic?.sent],
        [{ ...labelsOf(modem), direction: 'received' }, modem.traffic?.received],
      ]),
  );
  counter('a7600_line_faults_total', 'What went wrong between agent and module.', [...MODEM, 'kind'], () =>
    now().modems.flatMap((modem) =>
      Object.entries(modem.statistics ?? {}).map(
        ([name, total]): Sample => [
          { ...labelsOf(modem), kind: name.replaceAll(/[A-Z]/g, (char) => `_${char.toLowerCase()}`) },
          total,
        ],
      ),
    ),
  );
  return registry;
}

function labelsOf({ agent, name }: MeasuredModem): Labels {
  return { agent, modem: name };
}

function isPresent({ presence }: MeasuredModem): boolean {
  return presence === 'present';
}

function upOf(presence: FleetEntry['presence']): number | undefined {
  return presence === 'unknown' ? undefined : Number(presence === 'present');
}
