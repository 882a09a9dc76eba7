import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { OnlineNetwork } from '@a7600/tcpip';
import { type DiagnosticsMessages, diagnosticsChannels } from '@a7600/tcpip/node';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { EMPTY, type Observable, Subscription, switchMap } from 'rxjs';

/** Metrics of a modem, and what ends their collection. */
export interface Metrics {
  readonly registry: Registry;
  stop(): void;
}

/** Upper limits in seconds: from a command that the module answers at once to the 120 s of the manual. */
const BUCKETS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 120];

/**
 * Collects the metrics of a network that is kept online, for Prometheus.
 *
 * @param current$ the network, undefined during an outage
 * @returns the registry; collects until `stop`
 */
export function metricsOf(current$: Observable<OnlineNetwork | undefined>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const life = new Subscription();
  const up = new Gauge({ name: 'a7600_up', help: 'Whether the network is open.', registers });
  const outages = new Counter({
    name: 'a7600_outages_total',
    help: 'Times that the network was lost.',
    registers,
  });
  const signal = new Gauge({
    name: 'a7600_signal_dbm',
    help: 'Signal strength that AT+CSQ reports.',
    registers,
  });
  const links = new Gauge({
    name: 'a7600_links',
    help: 'Links in use, of ten.',
    labelNames: ['state'],
    registers,
  });
  const traffic = new Counter({
    name: 'a7600_payload_bytes_total',
    help: 'Payload of sockets that passed over the mobile network.',
    labelNames: ['direction'],
    registers,
  });
  const faults = new Counter({
    name: 'a7600_line_faults_total',
    help: 'What went wrong between host and module.',
    labelNames: ['kind'],
    registers,
  });

  let wasUp = false;
  life.add(
    current$.subscribe((network) => {
      if (wasUp && network === undefined) outages.inc();
      wasUp = network !== undefined;
      up.set(wasUp ? 1 : 0);
      if (!wasUp) links.reset();
    }),
  );
  const ofModem = <T>(select: (network: OnlineNetwork) => Observable<T>, next: (value: T) => void) =>
    life.add(
      current$
        .pipe(switchMap((network) => (network === undefined ? EMPTY : select(network))))
        .subscribe({ next, error: () => {} }),
    );

  const sent = increasing((by) => traffic.inc({ direction: 'sent' }, by));
  const received = increasing((by) => traffic.inc({ direction: 'received' }, by));
  traffic.inc({ direction: 'sent' }, 0);
  traffic.inc({ direction: 'received' }, 0);
  ofModem(
    ({ modem }) => modem.traffic$,
    (value) => {
      sent(value.sent);
      received(value.received);
    },
  );
  const counts = new Map<string, (total: number) => void>();
  ofModem(
    ({ modem }) => modem.statistics$,
    (statistics) => {
      for (const [name, total] of Object.entries(statistics) as [string, number][]) {
        const kind = name.replaceAll(/[A-Z]/g, (char) => `_${char.toLowerCase()}`);
        const count = counts.get(kind) ?? increasing((by) => faults.inc({ kind }, by));
        counts.set(kind, count);
        count(total);
      }
    },
  );
  ofModem(
    ({ modem }) => modem.signalQuality$,
    // 3GPP TS 27.007, section 8.5: 99 is unknown.
    ({ rssi }) => (rssi > 31 ? signal.remove() : signal.set(2 * rssi - 113)),
  );
  ofModem(
    ({ modem }) => modem.links$,
    (infos) => {
      links.reset();
      for (const { state } of infos) links.inc({ state });
    },
  );
  life.add(commandMetrics(registers));
  return { registry, stop: () => life.unsubscribe() };
}

/** Counts commands and their times, from the diagnostics channels. */
function commandMetrics(registers: Registry[]): () => void {
  const times = new Histogram({
    name: 'a7600_command_seconds',
    help: 'Time from a command to its final result.',
    labelNames: ['command', 'result'],
    buckets: BUCKETS,
    registers,
  });
  let running: { readonly at: number; readonly command: string } | undefined;
  const onCommand = (message: unknown) => {
    const { at, text } = message as DiagnosticsMessages['command'];
    running = { at, command: nameOf(text) };
  };
  const onReceived = (message: unknown) => {
    const { at, event } = message as DiagnosticsMessages['received'];
    if (event.kind !== 'result' || running === undefined) return;
    const result = /ERROR/.test(event.text) ? 'error' : 'ok';
    times.observe({ command: running.command, result }, (at - running.at) / 1_000);
    running = undefined;
  };
  subscribe(diagnosticsChannels.command, onCommand);
  subscribe(diagnosticsChannels.received, onReceived);
  return () => {
    unsubscribe(diagnosticsChannels.command, onCommand);
    unsubscribe(diagnosticsChannels.received, onReceived);
  };
}

/** The name of a command: `+CIPSEND`. What follows it is no label, which must not have any number of values. */
function nameOf(text: string): string {
  return /^AT([+&*]?[A-Z]+)/i.exec(text)?.[1]?.toUpperCase() ?? 'AT';
}

/** Makes increments of a total, which begins again with 0 when a modem is opened again. */
function increasing(inc: (by: number) => void): (total: number) => void {
  let last = 0;
  return (total) => {
    inc(total >= last ? total - last : total);
    last = total;
  };
}
