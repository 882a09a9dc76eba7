import type { Diagnosis, Finding, Verdict } from '@a7600/diagnostics/doctor';
import type { Client, View } from './client.js';

const SIGNS: Readonly<Record<Finding['state'], string>> = { good: '✓', note: '!', bad: '✗' };

/** Finds out why a modem does not work. */
export function Doctor({
  client,
  view: { state, diagnoses },
}: {
  readonly client: Client;
  readonly view: View;
}) {
  const isBusy = state?.task === 'doctor';
  const hasPort = state !== undefined && state.source !== 'recording';
  return (
    <div class="doctor">
      <div class="row">
        <button type="button" onClick={() => client.send({ kind: 'examine' })} disabled={!hasPort || isBusy}>
          Examine
        </button>
        <span class="quiet">
          {isBusy
            ? 'This takes up to a minute.'
            : 'It looks at the port, the module, its SIM, its networks and a connection out. A program that runs is stopped.'}
        </span>
      </div>
      <ol class="findings" aria-label="What was found" aria-live="polite">
        {findingsOf(diagnoses).map(({ step, state: outcome, text }) => (
          <li key={`${step} ${text}`} class={outcome}>
            <span aria-hidden="true">{SIGNS[outcome]}</span>
            <span class="hidden">{outcome}:</span> <b>{step}</b> {text}
          </li>
        ))}
      </ol>
      {verdictsOf(diagnoses).map((verdict) => (
        <Conclusion key={verdict.code} verdict={verdict} canSave={hasPort} client={client} />
      ))}
    </div>
  );
}

interface ConclusionProps {
  readonly verdict: Verdict;
  readonly canSave: boolean;
  readonly client: Client;
}

function Conclusion({ verdict: { code, title, evidence, advice }, canSave, client }: ConclusionProps) {
  return (
    <section class={`verdict ${code === 'WORKS' ? 'good' : 'bad'}`} aria-label="Verdict" role="status">
      <h3>
        {title} <code>{code}</code>
      </h3>
      {evidence.map((line) => (
        <p key={line}>Evidence: {line}</p>
      ))}
      {advice !== '' && <p>{advice}</p>}
      {canSave && (
        <p>
          <button type="button" onClick={() => client.send({ kind: 'bundle' })}>
            Download the bundle
          </button>{' '}
          <span class="quiet">A recording without secrets that shows the same verdict.</span>
        </p>
      )}
    </section>
  );
}

function findingsOf(diagnoses: readonly Diagnosis[]): readonly Finding[] {
  return diagnoses.flatMap((each) => ('finding' in each ? [each.finding] : []));
}

function verdictsOf(diagnoses: readonly Diagnosis[]): readonly Verdict[] {
  return diagnoses.flatMap((each) => ('verdict' in each ? [each.verdict] : []));
}
