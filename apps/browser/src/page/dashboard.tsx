import { signalWords } from '@a7600/diagnostics/dialogue';
import { type Facts, type LinkFacts, type PageState, type Station, stations } from '../protocol.js';
import type { Client, View } from './client.js';
import { Plots } from './plots.js';
import { bytes } from './units.js';

const STATIONS: Readonly<Record<Station, string>> = {
  port: 'Port',
  module: 'Module',
  sim: 'SIM',
  registration: 'Registered',
  network: 'Online',
};
const LEVELS = ['link', 'bearer', 'radio', 'reset'] as const;

/** What the module is, how far it has come, what it carries. */
export function Dashboard({ client, view }: { readonly client: Client; readonly view: View }) {
  const { state, samples } = view;
  if (state === undefined) return <section class="card">Starting …</section>;
  const { facts } = state;
  return (
    <section class="card dashboard" aria-label="Dashboard">
      <h2>{state.title}</h2>
      <Path facts={facts} />
      <Recovery state={state} />
      {state.check !== undefined && (
        <p role="status">
          Check of the echo server: <output id="result">{state.check}</output>{' '}
          <button
            type="button"
            onClick={() => client.send({ kind: 'call' })}
            disabled={state.task !== 'program'}
          >
            Call again
          </button>
        </p>
      )}
      <Identity facts={facts} />
      <Plots samples={samples} />
      <Links links={facts.links} servers={facts.servers} />
      <Counters state={state} />
    </section>
  );
}

/** The stations on the way online, lit as far as the module has come. */
function Path({ facts: { reached } }: { readonly facts: Facts }) {
  return (
    <ol class="path" aria-label="The way online">
      {stations.map((station) => (
        <li key={station} class={reached[station] ? 'lit' : ''}>
          {STATIONS[station]}
          <span class="hidden">{reached[station] ? ': yes' : ': not yet'}</span>
        </li>
      ))}
    </ol>
  );
}

/** What keepOnline does, and the level that its next attempt takes. */
function Recovery({ state: { online, program, source, modem } }: { readonly state: PageState }) {
  if (source === 'recording') return null;
  const step = online?.state === 'online' ? undefined : online?.step;
  return (
    <div class="recovery">
      <p role="status">{recoveryWords(online, program, modem)}</p>
      {online !== undefined && (
        <ol class="path small" aria-label="Levels of the recovery">
          {LEVELS.map((level) => (
            <li key={level} class={step?.level === level ? 'lit warn' : ''}>
              {level}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function recoveryWords(
  online: PageState['online'],
  program: PageState['program'],
  modem: PageState['modem'],
): string {
  if (program === undefined) return 'No program uses the modem.';
  if (program.state !== 'running') return `${program.name}: ${program.state}.`;
  if (online === undefined) return `${program.name} is running. Modem: ${modem ?? 'closed'}.`;
  const { state, step, waitsFor } = online;
  if (state === 'online') return `${program.name} is online.`;
  if (state === 'opening') return `${program.name} opens the modem: ${waitsFor ?? 'the port'}.`;
  const seconds = ((step?.delay ?? 0) / 1_000).toFixed(1);
  return `Attempt ${step?.attempt} in ${seconds} s, level ${step?.level}. ${step?.error ?? ''}`;
}

function Identity({ facts }: { readonly facts: Facts }) {
  const { identity, sim, registration, operator, rssi, address } = facts;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Module', [identity.model, identity.revision].filter(Boolean).join(', ') || undefined],
    ['IMEI', identity.imei],
    ['SIM', sim === 'READY' ? 'ready' : sim],
    ['Registration', registration],
    ['Operator', operator],
    ['Signal', rssi === undefined ? undefined : signalWords(rssi)],
    ['Address', address],
  ];
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The ten links of the module. */
function Links({ links, servers }: Pick<Facts, 'links' | 'servers'>) {
  const listening = servers.length > 0 ? `listening on ${servers.join(', ')}` : 'no server';
  return (
    <>
      <h3>
        Links <span class="quiet">({listening})</span>
      </h3>
      <ol class="links" start={0} aria-label="Links 0 to 9">
        {links.map((link, number) => (
          <li key={number} class={link.state} title={linkWords(link)}>
            <b>{number}</b> {link.state === 'free' ? <span class="hidden">free</span> : linkWords(link)}
          </li>
        ))}
      </ol>
    </>
  );
}

function linkWords({ state, kind, peer, sent, received }: LinkFacts): string {
  if (state === 'free') return 'free';
  return `${kind ?? ''} ${peer ?? ''} ↑ ${bytes(sent)} ↓ ${bytes(received)}`.trim();
}

function Counters({ state: { bytes: passed, counters, overruns, journal } }: { readonly state: PageState }) {
  const rows: readonly (readonly [string, string | number])[] = [
    ['Sent on the line', bytes(passed.sent)],
    ['Received', bytes(passed.received)],
    ['Noise', counters?.noise ?? 0],
    ['Damaged blocks', counters?.framingErrors ?? 0],
    ['Unanswered commands', counters?.unansweredCommands ?? 0],
    ['Resynchronisations', counters?.resynchronisations ?? 0],
    ['Lost by a full port', overruns],
    ['Dialogue entries', journal.kept + journal.discarded],
  ];
  return (
    <dl class="counters">
      {rows.map(([name, value]) => (
        <div
          key={name}
          class={typeof value === 'number' && value > 0 && name !== 'Dialogue entries' ? 'warn' : ''}
        >
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
